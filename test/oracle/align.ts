/** Lays the traces of two builds side by side, stage by stage. */
import { dropsApkCachePath, isIdle } from "./apk.ts";
import { isRepeatedUpdate } from "./apt-update.ts";
import { addedMounts, dropsMountedPaths, emptiesMounts } from "./cache-mounts.ts";
import {
  cleanedPaths,
  differsByFlag,
  dropsIdleFlags,
  isCleanup,
  mayFill,
  prefixUser,
  removedPaths,
  sameWords,
  withoutPrefix,
} from "./cleanup.ts";
import type { BuildEvent, Item } from "./execute.ts";
import type { StageNode } from "./stage-node.ts";

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

/** How many items of each side a step of the alignment takes. */
type Move = "both" | "added" | "idle";

/**
 * A clean-up that was there all along looks like an added one, so that more than one way of
 * pairing the items may have to be tried. Where none works, the one that got furthest is told.
 */
export function alignStages(before: readonly Item[], after: StageNode): Alignment {
  const width = after.items.length + 1;
  const reached = new Map<number, { readonly from: number; readonly move: Move }>();
  const open = [0];
  let stuck = { i: 0, j: 0, what: ["missing"] };
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const i = Math.floor(place / width);
    const j = place % width;
    const a = before[i];
    const b = after.items[j];
    if (!a && !b) return equalBy(reached, place, before, after.items);
    const what = a && b ? differences(a, b, after, j) : ["missing"];
    const moves: readonly [possible: boolean, to: number, move: Move][] = [
      [a?.type === "event" && isIdle(a.event, after, j), place + width, "idle"],
      [
        a?.type === "event" && isNeedless(a.event, after.items[j - 1]),
        place + width,
        "idle",
      ],
      [b?.type === "event" && isDeclaredAddition(b.event, after, j), place + 1, "added"],
      [what.length === 0, place + width + 1, "both"],
    ];
    const possible = moves.filter(([isPossible]) => isPossible);
    if (possible.length === 0 && i + j >= stuck.i + stuck.j) stuck = { i, j, what };
    for (const [, to, move] of possible) {
      if (reached.has(to)) continue;
      reached.set(to, { from: place, move });
      open.push(to);
    }
  }
  const { i, j, what } = stuck;
  return { equal: false, before: before[i], after: after.items[j], what };
}

function equalBy(
  reached: ReadonlyMap<number, { readonly from: number; readonly move: Move }>,
  end: number,
  before: readonly Item[],
  after: readonly Item[],
): Alignment {
  const width = after.length + 1;
  const pairs: Pair[] = [];
  const added: number[] = [];
  for (let step = reached.get(end); step; step = reached.get(step.from)) {
    const a = before[Math.floor(step.from / width)];
    const b = after[step.from % width];
    if (step.move === "added") added.push(step.from % width);
    else if (step.move === "both" && a?.type === "event" && b?.type === "event")
      pairs.push({ before: a.event, after: b.event });
  }
  return { equal: true, pairs: pairs.reverse(), added: added.reverse() };
}

/**
 * An update may only be repeated; clean-up may only be added behind what fills the cache, by the same user, where it can work
 * and where a cache isn't meant to stay.
 */
function isDeclaredAddition(
  event: BuildEvent,
  { items }: StageNode,
  place: number,
): boolean {
  if (isRepeatedUpdate(event, items, place)) return true;
  if (event.kind !== "exec" || !(isCleanup(event.argv) || isEmptied(event))) return false;
  if (!isBehindItsInstall(event, items.slice(0, place))) return false;
  const removed = removedPaths(event.argv);
  if (
    effectiveUser(event) !== "root" &&
    removed?.some((path) => !/^(?:~|\/home\/|\/tmp\/)/.test(path))
  )
    return false;
  // What is in root's home folder was put there with that folder as HOME.
  const home = /^HOME=(.*)$/m.exec(event.fullEnvironment)?.[1];
  if (
    home !== undefined &&
    home !== "/root" &&
    removed?.some((path) => path.startsWith("/root/"))
  )
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

/** A clean-up whose pattern, by bash's nullglob, has become nothing here. */
function isEmptied({ argv, script }: BuildEvent): boolean {
  if (!sameWords(withoutPrefix(argv), ["rm", "-rf"]) || !script.includes("nullglob"))
    return false;
  const removals = [...script.matchAll(/\brm -rf(?: [^\s;&|)}'"]+)*/g)];
  return removals.some(([removal]) => isCleanup(removal.split(" ")));
}

/** Whether a clean-up that is gone would empty a mount that the RUN around it has now. */
function isNeedless({ kind, argv }: BuildEvent, previous: Item | undefined): boolean {
  return (
    kind === "exec" &&
    previous?.type === "event" &&
    emptiesMounts(argv, previous.event.flags)
  );
}

function isBehindItsInstall(event: BuildEvent, earlier: readonly Item[]): boolean {
  const installs = earlier.flatMap((item) =>
    item.type === "event" &&
    item.event.kind === "exec" &&
    !isCleanup(item.event.argv) &&
    mayFill(item.event.argv, event.argv)
      ? [item.event]
      : [],
  );
  const user = effectiveUser(event);
  // Root's clean-up of a folder of the system works behind anybody's install.
  const isOfSystem =
    user === "root" &&
    removedPaths(event.argv)?.every((path) => path.startsWith("/var/lib/apt/")) === true;
  if (installs.length > 0)
    return isOfSystem || installs.some((install) => effectiveUser(install) === user);
  // Behind a branch that wasn't taken, there is nothing to clean; whether the program of the
  // clean-up is there is tried by itself.
  const words = event.argv.map((word) =>
    word.replace(/[^\w/-]/g, "\\$&").replace(/^\/root(?=\/)/, "(?:/root|~)"),
  );
  const same = [...event.script.matchAll(new RegExp(words.join("\\s+"), "g"))];
  return mayFill([event.script.slice(0, same.at(-1)?.index ?? 0)], event.argv);
}

function effectiveUser({ argv, user }: BuildEvent): string {
  const [name = ""] = (prefixUser(argv) ?? user).split(":");
  return ["", "root", "0"].includes(name) ? "root" : name;
}

/** In what two items differ, in words; empty where they are the same. */
function differences(a: Item, b: Item, after: StageNode, place: number): string[] {
  if (a.type === "barrier" || b.type === "barrier") {
    const same = a.type === "barrier" && b.type === "barrier" && a.text === b.text;
    return same ? [] : ["not the same step"];
  }
  const one = a.event;
  const two = b.event;
  if (one.kind !== two.kind) return ["not the same step"];
  if (!sameWords(one.argv, two.argv) && !isDeclaredChange(one, two, after, place))
    return ["arguments"];
  const what: string[] = [];
  const compare = (name: string, left: string, right: string) => {
    if (left !== right) what.push(`${name}: ${left || "none"} → ${right || "none"}`);
  };
  compare("working directory", one.cwd, two.cwd);
  compare("umask", one.umask, two.umask);
  compare("user", one.user, two.user);
  if (!addedMounts(one.flags, two.flags))
    compare("RUN flags", one.flags.join(" "), two.flags.join(" "));
  compare("in the background", String(one.background), String(two.background));
  compare("jobs alive", one.alive.join(", "), two.alive.join(", "));
  compare("open files", openFiles(one), openFiles(two));
  compare("standard input", one.input, two.input);
  compare("ignored signals", one.ignoredSignals, two.ignoredSignals);
  compare("limits", one.limits, two.limits);
  if (one.fullEnvironment !== two.fullEnvironment)
    what.push(...environmentDifferences(one.fullEnvironment, two.fullEnvironment));
  return what;
}

/**
 * A RUN's own standard input is empty, as /dev/null is. bash gives a job the one or the other,
 * depending on whether the same shell has ever redirected the input of a group.
 */
function openFiles({ descriptors, background }: BuildEvent): string {
  return descriptors
    .map((text) => (background && text === "0RUN's stdin" ? "0</dev/null" : text))
    .join(", ");
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
  after: StageNode,
  place: number,
): boolean {
  return (
    one.kind === "exec" &&
    (differsByFlag(one.argv, two.argv) ||
      dropsIdleFlags(one.argv, two.argv) ||
      dropsMountedPaths(one.argv, two.argv, two.flags) ||
      dropsApkCachePath(one.argv, two.argv, after, place))
  );
}
