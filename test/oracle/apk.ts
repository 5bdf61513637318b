/**
 * What `--no-cache` makes idle: an apk that has it fetches the package index for itself and
 * keeps nothing.
 */
import { sameWords, withoutPrefix } from "./cleanup.ts";
import type { BuildEvent, Item } from "./execute.ts";
import type { StageNode } from "./stage-node.ts";

/** Whether a command that is gone from this place of the stage did nothing any more. */
export function isIdle(event: BuildEvent, after: StageNode, place: number): boolean {
  if (event.kind !== "exec") return false;
  if (isApkUpdate(event.argv))
    return needsNoIndex(after, place) && fetchesIndex(after, place);
  const paths = forcedPaths(event.argv) ?? [];
  return paths.length > 0 && paths.every(isApkCache) && leftNoIndex(after, place);
}

/** `after` is the same `rm -f` without the apk cache among its paths. */
export function dropsApkCachePath(
  before: readonly string[],
  after: readonly string[],
  stage: StageNode,
  place: number,
): boolean {
  const kept = forcedPaths(after) ?? [];
  const dropped = forcedPaths(before)?.filter(isApkCache) ?? [];
  return (
    kept.length > 0 &&
    dropped.length > 0 &&
    sameWords(
      before.filter((word) => !dropped.includes(word)),
      after,
    ) &&
    leftNoIndex(stage, place)
  );
}

/**
 * What `rm -f…` removes; `undefined` for any other command, also for `rm` without that option,
 * which fails where there is nothing.
 */
function forcedPaths(argv: readonly string[]): readonly string[] | undefined {
  const [program = "", ...words] = withoutPrefix(argv);
  if (!/^(?:\/usr)?(?:\/bin\/)?rm$/.test(program)) return undefined;
  const options = words.filter((word) => word.startsWith("-"));
  const isKnown = options.every((option) =>
    /^(?:-[rRfv]+|--force|--recursive|--verbose|--)$/.test(option),
  );
  const isForced = options.some((option) => /^-[rRv]*f|^--force$/.test(option));
  const isDeep = options.some((option) => /^-[fv]*[rR]|^--recursive$/.test(option));
  const paths = words.filter((word) => !word.startsWith("-"));
  // Without -r a folder stays, and the command fails.
  const wouldFail = !isDeep && paths.some((path) => /\/apk\/*$/.test(path));
  return isKnown && isForced && !wouldFail ? paths : undefined;
}

function isApkCache(path: string): boolean {
  return /^\/+var\/+cache\/+apk(?:\/+(?:\*|\*\.\*|\*\.tar\.gz|APKINDEX[^/]*))?\/*$/.test(
    path,
  );
}

/** Whether no apk command before this place, nor in the stages below, has left an index. */
function leftNoIndex({ items, parent }: StageNode, place: number): boolean {
  return (
    apkCommands(items.slice(0, place)).every(keepsNothing) &&
    (parent === undefined || leftNoIndex(parent, parent.items.length))
  );
}

/** Whether nothing from here on, up to the next update, needs the index of an update. */
function needsNoIndex(stage: StageNode, place: number): boolean {
  for (const argv of apkCommands(stage.items.slice(place))) {
    if (isApkUpdate(argv)) return true;
    if (!keepsNothing(argv)) return false;
  }
  return stage.children.every((child) => needsNoIndex(child, 0));
}

/**
 * Whether something from here on fetches the index in place of a lost update, or may do so
 * behind the point where the build failed.
 */
function fetchesIndex(stage: StageNode, place: number): boolean {
  return (
    stage.isCutShort ||
    apkCommands(stage.items.slice(place)).some(
      (argv) => !isApkUpdate(argv) && keepsNothing(argv),
    ) ||
    stage.children.some((child) => fetchesIndex(child, 0))
  );
}

/** The commands that read or fetch the index. */
function apkCommands(items: readonly Item[]): readonly (readonly string[])[] {
  return items.flatMap((item) => {
    if (item.type !== "event" || item.event.kind !== "exec") return [];
    const { argv } = item.event;
    return readsIndex(argv) || isApkUpdate(argv) ? [argv] : [];
  });
}

function readsIndex(argv: readonly string[]): boolean {
  const at = argv.findIndex((word) => /^(?:.*\/)?apk$/.test(word));
  if (at < 0) return false;
  const words = argv.slice(at + 1);
  // `info` about packages may take them from the index; a list of the installed doesn't.
  const isQueryOfInstalled =
    words.includes("info") &&
    (words.some((word) => word === "-e" || word === "--installed") ||
      words.every((word) => /^(?:info|-v+)$/.test(word)));
  return (
    !isQueryOfInstalled &&
    words.some((word) =>
      /^(?:add|upgrade|fix|fetch|search|list|policy|info|version)$/.test(word),
    )
  );
}

function keepsNothing(argv: readonly string[]): boolean {
  return argv.some((word) => /^--no-ca(?:c(?:h(?:e)?)?)?$/.test(word));
}

function isApkUpdate(argv: readonly string[]): boolean {
  const words = withoutPrefix(argv);
  return (
    /^(?:.*\/)?apk$/.test(words[0] ?? "") &&
    words
      .slice(1)
      .filter((word) => !/^(?:-q|--quiet|--no-cache|-v)$/.test(word))
      .join() === "update"
  );
}
