/** Lays the traces of two builds side by side, stage by stage. */
import {
  apkKeepsNothing,
  apkReadsIndex,
  cleanedPaths,
  differsByFlag,
  dropsApkCachePath,
  dropsIdleFlags,
  isApkUpdate,
  isCleanup,
  isSudoRoot,
  removedPaths,
  removesApkCache,
  sameWords,
} from "./cleanup.ts";
import type { BuildEvent, Item, StageResult } from "./execute.ts";

export interface Pair {
  readonly before: BuildEvent;
  readonly after: BuildEvent;
}

export type Alignment =
  | {
      readonly equal: true;
      readonly pairs: readonly Pair[];
      /** Indexes into the items of the stage after. */
      readonly added: readonly number[];
    }
  | {
      readonly equal: false;
      readonly before: Item | undefined;
      readonly after: Item | undefined;
      readonly what: readonly string[];
    };

export function alignStages(before: StageResult, after: StageResult): Alignment {
  const pairs: Pair[] = [];
  const added: number[] = [];
  let i = 0;
  let j = 0;
  while (i < before.items.length || j < after.items.length) {
    const a = before.items[i];
    const b = after.items[j];
    const what = a && b ? differences(a, b, after.items.slice(0, j)) : ["missing"];
    if (what.length === 0) {
      if (a?.type === "event" && b?.type === "event")
        pairs.push({ before: a.event, after: b.event });
      i++;
      j++;
    } else if (b?.type === "event" && isDeclaredAddition(b.event)) {
      added.push(j++);
    } else if (a?.type === "event" && isIdle(a.event, after.items, j)) {
      i++;
    } else {
      return { equal: false, before: a, after: b, what };
    }
  }
  return { equal: true, pairs, added };
}

/** Clean-up may only be added where it can work and where a cache isn't meant to stay. */
function isDeclaredAddition(event: BuildEvent): boolean {
  if (event.kind !== "exec" || !isCleanup(event.argv)) return false;
  const user = event.user.split(":")[0] ?? "";
  const isRoot = ["", "root", "0"].includes(user) || isSudoRoot(event.argv);
  const removed = removedPaths(event.argv);
  if (!isRoot && removed?.some((path) => !/^(?:~|\/home\/|\/tmp\/)/.test(path)))
    return false;
  const mounted = event.flags.flatMap((flag) =>
    /^--mount=.*type=(?:cache|tmpfs)/.test(flag)
      ? [/(?:target|dst|destination)=([^,]+)/.exec(flag)?.[1] ?? ""]
      : [],
  );
  return !cleanedPaths(event.argv).some((path) =>
    mounted.some((target) => path.startsWith(target) || target.startsWith(path)),
  );
}

/** Whether a command that is gone did nothing any more: see no-cache for apk. */
function isIdle(event: BuildEvent, after: readonly Item[], place: number): boolean {
  if (event.kind !== "exec") return false;
  if (removesApkCache(event.argv))
    return apkCommands(after.slice(0, place)).every(apkKeepsNothing);
  if (!isApkUpdate(event.argv)) return false;
  for (const argv of apkCommands(after.slice(place))) {
    if (isApkUpdate(argv)) return true;
    if (!apkKeepsNothing(argv)) return false;
  }
  return true;
}

function apkCommands(items: readonly Item[]): (readonly string[])[] {
  return items.flatMap((item) =>
    item.type === "event" &&
    item.event.kind === "exec" &&
    (apkReadsIndex(item.event.argv) || isApkUpdate(item.event.argv))
      ? [item.event.argv]
      : [],
  );
}

/** In what two items differ, in words; empty where they are the same. */
function differences(a: Item, b: Item, earlier: readonly Item[]): string[] {
  if (a.type === "barrier" || b.type === "barrier") {
    const same = a.type === "barrier" && b.type === "barrier" && a.text === b.text;
    return same ? [] : ["not the same step"];
  }
  const one = a.event;
  const two = b.event;
  if (one.kind !== two.kind) return ["not the same step"];
  if (!sameWords(one.argv, two.argv) && !isDeclaredChange(one, two, earlier))
    return ["arguments"];
  const what: string[] = [];
  const compare = (name: string, left: string, right: string) => {
    if (left !== right) what.push(`${name}: ${left || "none"} → ${right || "none"}`);
  };
  compare("working directory", one.cwd, two.cwd);
  compare("umask", one.umask, two.umask);
  compare("user", one.user, two.user);
  compare("RUN flags", one.flags.join(" "), two.flags.join(" "));
  compare("in the background", String(one.background), String(two.background));
  compare("jobs alive", one.alive.join(", "), two.alive.join(", "));
  compare("open files", one.descriptors.join(", "), two.descriptors.join(", "));
  compare("standard input", one.input, two.input);
  compare("ignored signals", one.ignoredSignals, two.ignoredSignals);
  compare("limits", one.limits, two.limits);
  if (one.fullEnvironment !== two.fullEnvironment)
    what.push(...environmentDifferences(one.fullEnvironment, two.fullEnvironment));
  return what;
}

function environmentDifferences(before: string, after: string): string[] {
  const a = new Set(before.split("\n"));
  const b = new Set(after.split("\n"));
  return [
    ...[...a]
      .filter((entry) => !b.has(entry))
      .map((entry) => `environment before: ${entry}`),
    ...[...b]
      .filter((entry) => !a.has(entry))
      .map((entry) => `environment after: ${entry}`),
  ];
}

function isDeclaredChange(
  one: BuildEvent,
  two: BuildEvent,
  earlier: readonly Item[],
): boolean {
  if (one.kind !== "exec") return false;
  if (differsByFlag(one.argv, two.argv) || dropsIdleFlags(one.argv, two.argv))
    return true;
  return (
    dropsApkCachePath(one.argv, two.argv) && apkCommands(earlier).every(apkKeepsNothing)
  );
}
