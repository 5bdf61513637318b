/** Compares what two builds did in one situation. */
import type { Pair } from "./align.ts";
import { alignStages } from "./align.ts";
import { brokenByMount } from "./cache-mounts.ts";
import { aptUse } from "./cleanup.ts";
import { readerOfRemoved } from "./readers.ts";
import type { Build, BuildEvent, StageResult } from "./execute.ts";
import type { Stage } from "./plan.ts";
import { NO_STAGE, stageNodes } from "./stage-node.ts";
import type { Difference } from "./verdict.ts";
import { describeEvent, describeItem } from "./verdict.ts";

export type Comparison =
  | {
      readonly equal: true;
      readonly pairs: readonly (Pair & { stageIndex: number })[];
      /** Commands of the rewrite alone. */
      readonly added: readonly BuildEvent[];
      /** Updates among them, each with the pair that comes right behind it. */
      readonly updates: readonly AddedUpdate[];
    }
  | { readonly equal: false; readonly difference: Omit<Difference, "situation"> };

export interface AddedUpdate {
  readonly update: BuildEvent;
  readonly reader: Pair & { readonly stageIndex: number };
}

interface Side {
  readonly stages: readonly Stage[];
  readonly build: Build;
}

export function compareBuilds(before: Side, after: Side): Comparison {
  const pairs: (Pair & { stageIndex: number })[] = [];
  const added: BuildEvent[] = [];
  const updates: AddedUpdate[] = [];
  const count = Math.max(before.build.stages.length, after.build.stages.length);
  const empty: StageResult = {
    items: [],
    tree: { id: "", files: new Map(), folders: [] },
    output: "",
    hasBackground: false,
  };
  const parents = after.stages.map((stage) => stage.parent);
  const nodes = stageNodes(after.build, parents);
  for (let index = 0; index < count; index++) {
    const a = before.build.stages[index] ?? empty;
    const b = after.build.stages[index] ?? empty;
    const node = nodes[index] ?? NO_STAGE;
    const alignment = alignStages(a.items, node);
    if (!alignment.equal)
      return different(
        "the builds take different steps",
        describeItem(alignment.before) + ending(alignment.before, before.build),
        describeItem(alignment.after) + ending(alignment.after, after.build),
        alignment.what,
      );
    for (const pair of alignment.pairs) pairs.push({ ...pair, stageIndex: index });
    for (const itemIndex of alignment.added) {
      const item = b.items[itemIndex];
      if (item?.type !== "event") continue;
      added.push(item.event);
      const next = b.items[itemIndex + 1];
      const reader = alignment.pairs.find(
        ({ after: event }) => next?.type === "event" && event === next.event,
      );
      if (reader && aptUse(item.event.argv) === "update")
        updates.push({ update: item.event, reader: { ...reader, stageIndex: index } });
      const found = readerOfRemoved(after.build.stages, parents, index, itemIndex);
      if (found)
        return different(
          "a cache is removed before its reader",
          "cache still there",
          describeEvent(found.removal),
          [`reader in ${describeEvent(found.reader)}`],
        );
    }
    const broken = brokenByMount(alignment.pairs, after.build.stages, parents, index);
    if (broken)
      return different(
        "an added mount breaks a command",
        broken.why,
        describeEvent(broken.event),
      );
    const unequal = compareFiles(a, b) ?? compareOutput(a, b);
    if (unequal) return unequal;
  }
  const one = before.build.failure;
  const two = after.build.failure;
  if ((one === undefined) !== (two === undefined))
    return different(
      "one build fails and the other doesn't",
      outcome(before.build),
      outcome(after.build),
    );
  return { equal: true, pairs, added, updates };
}

function different(
  summary: string,
  before: string,
  after: string,
  details: readonly string[] = [],
): Comparison {
  return { equal: false, difference: { summary, before, after, details } };
}

function ending(item: unknown, build: Build): string {
  return item === undefined ? ` (${outcome(build)})` : "";
}

function outcome({ failure }: Build): string {
  return failure
    ? `the build fails in line ${failure.line} with status ${failure.status}`
    : "the build succeeds";
}

function compareFiles(a: StageResult, b: StageResult): Comparison | undefined {
  const written = new Set([...writtenByJobs(a), ...writtenByJobs(b)]);
  for (const path of new Set([...a.tree.files.keys(), ...b.tree.files.keys()])) {
    const one = a.tree.files.get(path);
    const two = b.tree.files.get(path);
    const text = (file: typeof one) =>
      written.has(path)
        ? file?.content.toString("latin1").split("\n").sort().join("\n")
        : file?.content.toString("latin1");
    if (one && two && text(one) === text(two) && one.mode === two.mode) continue;
    const describe = (file: typeof one) =>
      file
        ? `${file.mode.toString(8)} ${JSON.stringify(file.content.toString())}`
        : "no such file";
    return different(`the shell wrote ${path} differently`, describe(one), describe(two));
  }
  return undefined;
}

/** Files in which the order of lines is chance: a job writes to them when it gets to it. */
function writtenByJobs({ items }: StageResult): readonly string[] {
  return items.flatMap((item) =>
    item.type === "event" && item.event.background
      ? item.event.descriptors.flatMap((text) => /^\d+>>?(\/.*)$/.exec(text)?.[1] ?? [])
      : [],
  );
}

function compareOutput(a: StageResult, b: StageResult): Comparison | undefined {
  if (a.output === b.output) return undefined;
  const one = a.output.split("\n");
  const two = b.output.split("\n");
  // Jobs in the background print when they get to it.
  if (a.hasBackground || b.hasBackground) {
    one.sort();
    two.sort();
  }
  if (one.join("\n") === two.join("\n")) return undefined;
  let at = 0;
  while (at < one.length && one[at] === two[at]) at++;
  const show = (lines: readonly string[]) => JSON.stringify(lines[at] ?? "nothing more");
  return different("builtins of the shell print different text", show(one), show(two));
}

/** Directives that change what reads the file, or what it complains about. */
export function compareDirectives(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Comparison | undefined {
  for (const name of ["syntax", "check"]) {
    const one = before.get(name);
    const two = after.get(name);
    if (one !== two)
      return different(
        `the directive ${name} is another one`,
        one ?? "none",
        two ?? "none",
      );
  }
  return undefined;
}

/** Stages, their bases and what their images would carry. */
export function compareConfigurations(
  before: readonly Stage[],
  after: readonly Stage[],
): Comparison | undefined {
  if (before.length !== after.length)
    return different(
      "the number of stages differs",
      `${before.length}`,
      `${after.length}`,
    );
  for (const [index, one] of before.entries()) {
    const two = after[index];
    if (!two) continue;
    if (one.from !== two.from || one.parent !== two.parent)
      return different(
        "a stage starts from something else",
        `line ${one.line}: FROM ${one.from}`,
        `line ${two.line}: FROM ${two.from}`,
      );
    const names = new Set([
      ...Object.keys(one.configuration),
      ...Object.keys(two.configuration),
    ]);
    for (const name of names) {
      const left = one.configuration[name];
      const right = two.configuration[name];
      if (left === right) continue;
      return different(
        `the image of the stage in line ${one.line} carries another ${name}`,
        left ?? "none",
        right ?? "none",
      );
    }
  }
  return undefined;
}
