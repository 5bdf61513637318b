/**
 * Cache mounts that a rewrite may add, as a strict table, and what they would break: a mount
 * may be empty, hides what the layers hold, and can't be removed.
 */
import type { Pair } from "./align.ts";
import {
  aptUse,
  offlineManager,
  removedPaths,
  sameWords,
  withoutPrefix,
} from "./cleanup.ts";
import type { BuildEvent, StageResult } from "./execute.ts";

/** Each target with the manager whose cache it is. */
const TARGETS: readonly (readonly [target: RegExp, manager: string])[] = [
  [/^\/var\/(?:lib\/apt\/lists|cache\/apt)$/, "apt"],
  [/^\/var\/cache\/(?:dnf|libdnf5)$/, "dnf"],
  [/^\/(?:[^.*]+\/)?\.npm$/, "npm"],
  [/^\/usr\/local\/share\/\.cache\/yarn$/, "yarn"],
  [/^\/go\/pkg\/mod$/, "go"],
  [/^\/usr\/local\/cargo\/registry$/, "cargo"],
];

/** Where a cache mount lies, unless it has an option that isn't in the table. */
function plainTarget(flag: string): string {
  const [type, ...options] = flag.split(",");
  const isPlain =
    type === "--mount=type=cache" &&
    options.every((option) =>
      /^(?:id=[\w.-]+|target=.+|sharing=locked|[ug]id=\d+)$/.test(option),
    );
  return isPlain ? (/,target=([^,]+)/.exec(flag)?.[1] ?? "") : "";
}

/** The flags of `after` beyond those of `before`; undefined where others differ. */
export function addedMounts(
  before: readonly string[],
  after: readonly string[],
): readonly string[] | undefined {
  const added = after.filter((flag) => !before.includes(flag));
  if (after.length !== before.length + added.length) return undefined;
  const known = added.every((flag) => {
    const target = plainTarget(flag);
    return TARGETS.some(([path]) => path.test(target));
  });
  return known ? added : undefined;
}

function cacheTargets(flags: readonly string[]): readonly string[] {
  return flags.flatMap((flag) =>
    /^--mount=(?:.*,)?type=cache/.test(flag)
      ? [/(?:target|dst|destination)=([^,]+)/.exec(flag)?.[1] ?? ""]
      : [],
  );
}

export function isMounted(path: string, flags: readonly string[]): boolean {
  const folder = path.replace(/\/\*$/, "");
  return cacheTargets(flags).some(
    (target) => folder === target || folder.startsWith(`${target}/`),
  );
}

const MANAGERS_CLEANUP: readonly (readonly [command: RegExp, folder: RegExp])[] = [
  [/^apt-get (?:auto)?clean$/, /^\/var\/cache\/apt$/],
  [/^dnf5? clean all$/, /^\/var\/cache\/(?:dnf|libdnf5)$/],
  [/^npm cache clean --force$/, /\/\.npm$/],
  [/^yarn cache clean$/, /\/\.cache\/yarn$/],
];

/** Whether a command does nothing but empty folders that are mounts in the rewritten RUN. */
export function emptiesMounts(
  argv: readonly string[],
  flags: readonly string[],
): boolean {
  const words = argv[0] === "sudo" ? argv.slice(1) : argv;
  const removed = removedPaths(words);
  if (removed)
    return removed.length > 0 && removed.every((path) => isMounted(path, flags));
  return MANAGERS_CLEANUP.some(
    ([command, folder]) =>
      command.test(words.join(" ")) &&
      cacheTargets(flags).some((target) => folder.test(target)),
  );
}

/** `after` is the same `rm` without paths that are mounts. */
export function dropsMountedPaths(
  before: readonly string[],
  after: readonly string[],
  flags: readonly string[],
): boolean {
  return (
    (removedPaths(after) ?? []).length > 0 &&
    sameWords(
      before.filter((word) => !isMounted(word, flags)),
      after,
    )
  );
}

/** What an added mount breaks, if anything. */
export function brokenByMount(
  pairs: readonly Pair[],
  stages: readonly StageResult[],
  parents: readonly (number | undefined)[],
  stageIndex: number,
): { readonly why: string; readonly event: BuildEvent } | undefined {
  const first = new Map<string, BuildEvent>();
  for (const { before, after } of pairs) {
    if (after.kind !== "exec") continue;
    for (const flag of addedMounts(before.flags, after.flags) ?? []) {
      const target = plainTarget(flag);
      const [, manager = ""] = TARGETS.find(([path]) => path.test(target)) ?? [];
      if (isForeign(after.argv, target, manager)) continue;
      const why = brokenBy(after, target, manager, first);
      if (why !== undefined) return { why, event: after };
      const later = laterUser(stages, parents, stageIndex, after, manager);
      if (later) return { why: "a later command needs the cache", event: later };
    }
  }
  return undefined;
}

const APART =
  /^(?:\/(?:usr\/)?bin\/)?(?:ln|mkdir|cp|mv|chmod|chown|echo|printf|touch|cat|(?:user|group)add|add(?:user|group)|curl|wget|unzip|apt-get|apk|dnf|npm|gem|pip3?)$/;

/** Whether a command has nothing to do with a manager's cache, wherever that lies. */
function isForeign(argv: readonly string[], target: string, manager: string): boolean {
  const [program = "", ...words] = withoutPrefix(argv);
  return (
    APART.test(program) &&
    !program.includes(manager) &&
    !words.some(
      (word) =>
        /^\.|^\/$/.test(word) ||
        `${target}/`.startsWith(`${word}/`) ||
        word.startsWith(target),
    )
  );
}

/** @param first by RUN and target, the first command that uses apt's lists and gets the mount */
function brokenBy(
  event: BuildEvent,
  target: string,
  manager: string,
  first: Map<string, BuildEvent>,
): string | undefined {
  const { argv } = event;
  const removed = (removedPaths(argv) ?? []).filter((path) => path !== "");
  if (
    removed.some(
      (path) => path === target || target.startsWith(`${path.replace(/\*$/, "")}/`),
    )
  )
    return "a mount can't be removed";
  if (removed.some((path) => path.endsWith("/*") && target.startsWith(path.slice(0, -1))))
    return "a mount can't be removed";
  if (offlineManager(argv, event.flags) === manager)
    return "it wants what the mount hides";
  const home = /^HOME=(.*)$/m.exec(event.fullEnvironment)?.[1];
  if (manager === "npm" && target !== `${home ?? ""}/.npm`)
    return "the cache is in another home";
  if (argv.some((word) => word.startsWith(target) && removed.length === 0))
    return "it wants what the mount hides";
  if (manager !== "apt" || aptUse(argv) === "none") return undefined;
  const key = `${event.stepIndex} ${target}`;
  const found = first.get(key) ?? event;
  first.set(key, found);
  return aptUse(found.argv) === "update" ? undefined : "it wants what the mount hides";
}

/** A command of another RUN that relies on what a mount keeps out of the layer. */
function laterUser(
  stages: readonly StageResult[],
  parents: readonly (number | undefined)[],
  stageIndex: number,
  { stepIndex }: BuildEvent,
  manager: string,
): BuildEvent | undefined {
  const search = (stage: number, after: number): BuildEvent | undefined => {
    for (const item of stages[stage]?.items ?? []) {
      if (item.type !== "event" || item.event.kind !== "exec") continue;
      if (item.event.stepIndex <= after) continue;
      const { argv, flags } = item.event;
      const use = manager === "apt" ? aptUse(argv) : "none";
      if (use === "update") return undefined;
      if (use === "reads lists" || offlineManager(argv, flags) === manager)
        return item.event;
    }
    for (const [child, parent] of parents.entries()) {
      if (parent !== stage || !stages[child]) continue;
      const found = search(child, -1);
      if (found) return found;
    }
    return undefined;
  };
  return search(stageIndex, stepIndex);
}
