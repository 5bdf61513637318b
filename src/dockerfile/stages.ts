import { readAssignments } from "./assignments.ts";
import { imageReference } from "./image-reference.ts";
import { expand } from "./lexer.ts";
import { splitWords } from "./space.ts";
import type { Instruction, Stage, StageBase } from "./types.ts";

/** An instruction whose stage is not yet known. */
export type DraftInstruction = {
  -readonly [K in keyof Instruction]: Instruction[K];
};

/** Sets the stage of every instruction and returns the stages. */
export function linkStages(
  instructions: readonly DraftInstruction[],
  escape: string,
): Stage[] {
  const stages: Stage[] = [];
  const byName = new Map<string, Stage[]>();
  const globalArgs = new Map<string, string | undefined>();
  let members: Instruction[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === "FROM") {
      members = [];
      const stage = createStage(
        instruction,
        members,
        stages.length,
        byName,
        globalArgs,
        escape,
      );
      stages.push(stage);
      if (stage.name !== undefined) {
        const namesakes = byName.get(stage.name);
        if (namesakes === undefined) byName.set(stage.name, [stage]);
        else namesakes.push(stage);
      }
    } else if (stages.length === 0 && instruction.keyword === "ARG") {
      declareGlobalArgs(instruction, globalArgs, escape);
    }
    instruction.stage = stages.at(-1);
    members.push(instruction);
  }
  return stages;
}

function createStage(
  from: Instruction,
  instructions: readonly Instruction[],
  index: number,
  byName: ReadonlyMap<string, readonly Stage[]>,
  globalArgs: ReadonlyMap<string, string | undefined>,
  escape: string,
): Stage {
  const [image = "", as, name] = splitWords(from.body.text);
  let base: StageBase | undefined;
  return {
    index,
    name: as?.toLowerCase() === "as" ? name?.toLowerCase() : undefined,
    from,
    platform: from.flags.find((flag) => flag.name === "platform")?.value,
    get base() {
      base ??= findBase(image, index, byName, globalArgs, escape);
      return base;
    },
    instructions,
  };
}

function findBase(
  image: string,
  index: number,
  byName: ReadonlyMap<string, readonly Stage[]>,
  globalArgs: ReadonlyMap<string, string | undefined>,
  escape: string,
): StageBase {
  const resolved = expandGlobal(image, globalArgs, escape);
  // A stage further down is none yet, and the last namesake above wins.
  const stage = lastBefore(index, byName.get((resolved ?? image).toLowerCase()));
  if (stage !== undefined) return { kind: "stage", stage };
  if (resolved === "scratch") return { kind: "scratch" };
  return { kind: "image", image: imageReference(image, resolved) };
}

/** The last of these stages, which are in order, with a lower index than that. */
export function lastBefore(
  index: number,
  stages: readonly Stage[] = [],
): Stage | undefined {
  let [low, high] = [0, stages.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stages[middle]?.index ?? Infinity) < index) low = middle + 1;
    else high = middle;
  }
  return stages[low - 1];
}

/** Names that BuildKit sets itself in the global scope, to values the file doesn't tell. */
const PLATFORM_ARG = /^(BUILD|TARGET)(PLATFORM|OS|OSVERSION|ARCH|VARIANT|STAGE)$/;

/** Adds what an ARG before the first FROM declares. */
export function declareGlobalArgs(
  instruction: Instruction,
  globalArgs: Map<string, string | undefined>,
  escape: string,
): void {
  const assignments = readAssignments("ARG", instruction.body.text, escape);
  if (typeof assignments === "string") return;
  for (const { name, value } of assignments) {
    globalArgs.set(
      name,
      value === undefined ? undefined : expandGlobal(value, globalArgs, escape),
    );
  }
}

/** Expands `text` with the defaults of global ARGs; undefined if one that is used has none. */
function expandGlobal(
  text: string,
  globalArgs: ReadonlyMap<string, string | undefined>,
  escape: string,
): string | undefined {
  return expand(
    text,
    escape,
    (name) => globalArgs.get(name) ?? (PLATFORM_ARG.test(name) ? undefined : null),
  );
}
