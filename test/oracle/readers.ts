/** Who still wants what an added clean-up removed. */
import { isMounted } from "./cache-mounts.ts";
import {
  aptUse,
  cleanedPaths,
  isCleanup,
  needsCacheOf,
  opkgUse,
  removedPaths,
  removesAptLists,
  withoutPrefix,
} from "./cleanup.ts";
import type { BuildEvent, StageResult } from "./execute.ts";

/**
 * The first command that relies on what the added clean-up removed, in the same stage or in
 * one that is built from it: for apt and opkg one that reads the lists without an update in
 * between, for the others one of the same manager that has to stay offline.
 */
export function readerOfRemoved(
  stages: readonly StageResult[],
  parents: readonly (number | undefined)[],
  stageIndex: number,
  itemIndex: number,
): { readonly removal: BuildEvent; readonly reader: BuildEvent } | undefined {
  const item = stages[stageIndex]?.items[itemIndex];
  if (item?.type !== "event") return undefined;
  const removal = item.event;
  const lists = removesAptLists(removal.argv);
  const isOpkg = (removedPaths(removal.argv) ?? []).some((path) => path.includes("opkg"));
  const search = (stage: number, from: number): BuildEvent | undefined => {
    for (const later of stages[stage]?.items.slice(from) ?? []) {
      if (later.type !== "event" || later.event.kind !== "exec") continue;
      const { argv, flags } = later.event;
      if (isCleanup(argv)) continue;
      // A mount hides what the layers hold there.
      if (cleanedPaths(removal.argv).every((path) => isMounted(path, flags))) continue;
      const use = lists ? aptUse(argv) : isOpkg ? opkgUse(argv) : "none";
      if (use === "update") return undefined;
      if (lists && removesUnknown(argv, stages)) return later.event;
      const relies =
        use === "reads lists" ||
        use === "reads" ||
        needsCacheOf(argv, flags, removal.argv);
      if (relies) return later.event;
    }
    for (const [child, parent] of parents.entries()) {
      if (parent !== stage || !stages[child]) continue;
      const found = search(child, 0);
      if (found) return found;
    }
    return undefined;
  };
  const reader = search(stageIndex, itemIndex + 1);
  return reader && { removal, reader };
}

/**
 * apt removes or holds a package that isn't there without a word if it knows the name from
 * its lists, and fails if it doesn't.
 */
function removesUnknown(
  argv: readonly string[],
  stages: readonly StageResult[],
): boolean {
  const call = withoutPrefix(argv).filter((word) => !word.startsWith("-"));
  const [name = "", action = "", ...packages] = call;
  const isRemoval =
    /^(?:apt|apt-get|aptitude)$/.test(name) && /remove|purge/.test(action);
  if (!isRemoval && !(name === "apt-mark" && /hold|auto|manual/.test(action)))
    return false;
  const installed = new Set(
    stages.flatMap(({ items }) =>
      items.flatMap((item) =>
        item.type === "event" && item.event.argv.includes("install")
          ? item.event.argv.map((word) => word.replace(/=.*$/, ""))
          : [],
      ),
    ),
  );
  return packages.some((word) => !installed.has(word));
}
