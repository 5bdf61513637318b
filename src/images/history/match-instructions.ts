import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import type { HistoryEntry } from "../types.ts";
import { readCreatedBy, type CreatedBy } from "./created-by.ts";

/** Entries and instructions beyond are left without a match; real images have far fewer. */
const longestMatched = 1000;

/**
 * Finds for each history entry the instruction that made it, by their texts and their
 * order: the longest common sequence, an equal text counting more than an equal keyword.
 *
 * @param target Name of the stage that was built; undefined: the last one.
 * @returns an instruction for each entry; undefined for those of the base image.
 */
export function matchInstructions(
  history: readonly HistoryEntry[],
  dockerfile: Dockerfile,
  target?: string,
): (Instruction | undefined)[] {
  const stage =
    target === undefined
      ? dockerfile.stages.at(-1)
      : dockerfile.stages.findLast(({ name }) => name === target.toLowerCase());
  const instructions = instructionsOf(stage).slice(-longestMatched);
  const skipped = Math.max(0, history.length - longestMatched);
  const entries = history.slice(skipped).map(({ createdBy }) => readCreatedBy(createdBy));
  const matched = align(entries, instructions);
  return history.map((_, index) => matched.get(index - skipped));
}

/** The instructions of a stage and the stages that it stands on, FROM left out. */
function instructionsOf(stage: Stage | undefined): Instruction[] {
  const all: Instruction[] = [];
  for (let current = stage; current !== undefined;) {
    all.unshift(...current.instructions.filter(({ keyword }) => keyword !== "FROM"));
    current = current.base.kind === "stage" ? current.base.stage : undefined;
  }
  return all;
}

function align(
  entries: readonly CreatedBy[],
  instructions: readonly Instruction[],
): Map<number, Instruction> {
  const wanted = instructions.map((instruction) => ({
    instruction,
    text: normal(instruction.body.text),
  }));
  // best[i][j]: the highest score of the first i entries and the first j instructions.
  const width = wanted.length + 1;
  const best = new Uint32Array((entries.length + 1) * width);
  const at = (row: number, column: number) => best[row * width + column] ?? 0;
  const scores = entries.map((entry) => {
    const text = normal(entry.text);
    return wanted.map((candidate) => score(entry, text, candidate));
  });
  for (const [row, line] of scores.entries()) {
    for (const [column, value] of line.entries()) {
      best[(row + 1) * width + column + 1] = Math.max(
        at(row, column + 1),
        at(row + 1, column),
        value === 0 ? 0 : at(row, column) + value,
      );
    }
  }
  const matched = new Map<number, Instruction>();
  let row = entries.length;
  let column = wanted.length;
  while (row > 0 && column > 0) {
    const value = scores[row - 1]?.[column - 1] ?? 0;
    const instruction = wanted[column - 1]?.instruction;
    // From the end, so that of equal matches the later one wins: the base image comes first.
    if (value > 0 && instruction && at(row, column) === at(row - 1, column - 1) + value) {
      matched.set(row - 1, instruction);
      row -= 1;
      column -= 1;
    } else if (at(row, column) === at(row, column - 1)) column -= 1;
    else row -= 1;
  }
  return matched;
}

/** 0 where the entry can't have come from the instruction. */
function score(
  entry: CreatedBy,
  text: string,
  { instruction, text: written }: { readonly instruction: Instruction; text: string },
): number {
  if (entry.keyword !== instruction.keyword) return 0;
  if (text === written) return 1000;
  if (instruction.keyword === "RUN") {
    // BuildKit puts a heredoc's body in place of its name.
    return instruction.heredocs.length > 0 ? 10 : execForm(instruction, text);
  }
  // Variables are replaced, files become checksums, defaults are written out.
  return 1;
}

/** The exec form comes out as its words (BuildKit), or as a list of them. */
function execForm({ json }: Instruction, text: string): number {
  if (json === undefined) return 0;
  return normal(json.join(" ")) === text ? 1000 : 0;
}

function normal(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
