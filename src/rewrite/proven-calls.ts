import { tooComplex, type Judgement } from "../behaviour/judge.ts";
import type { Instruction } from "../dockerfile/types.ts";
import { simpleCommands, type SimpleCommand } from "../shell/commands.ts";
import { watchedText } from "../shell/process-state.ts";
import { rangeInFile } from "./command-range.ts";
import { noResidue } from "./merging/joining.ts";
import type { RunEdits } from "./removal.ts";
import type { ScriptProgram } from "./run-program.ts";
import { judgeRun } from "../engine/run-proof.ts";
import { transparentResidue } from "./merging/transparency.ts";
import type { Declarations, Refusal } from "../engine/types.ts";

/** What a transform would change in one call of a RUN. */
export interface CallChange {
  readonly call: { readonly command: SimpleCommand };
  readonly edits: RunEdits;
  readonly declares: Declarations;
}

/**
 * The changes to the calls in one RUN that are proven, on their own and together; the others
 * become refusals.
 *
 * @param changeOf reads a command: what would change, why nothing may, or undefined for one
 *   that the transform isn't about; called in the script's order
 */
export function provenCalls<T extends CallChange>(
  run: Instruction,
  program: ScriptProgram,
  changeOf: (command: SimpleCommand) => T | string | undefined,
): { readonly proven: readonly T[]; readonly refusals: readonly Refusal[] } {
  const changes: T[] = [];
  const refusals: Refusal[] = [];
  const refuse = ({ node }: SimpleCommand, reason: string): void => {
    refusals.push({ range: rangeInFile(node, run), reason });
  };
  for (const command of simpleCommands(program.script)) {
    const change = changeOf(command);
    if (typeof change === "string") refuse(command, change);
    else if (change !== undefined) changes.push(change);
  }
  const proven = provenOf(program, changes);
  for (const { call } of changes.filter((item) => !proven.includes(item)))
    refuse(call.command, "inside this construct the rewrite can't be proven");
  return { proven, refusals };
}

function provenOf<T extends CallChange>(
  program: ScriptProgram,
  changes: readonly T[],
): readonly T[] {
  if (changes.length === 0) return changes;
  // In a chain of programs joined by `&&`, other words of one change nothing for the next,
  // unless that looks back; but what a substitution calls is part of another one's words.
  const isChain =
    !/[$<>]\(|`/.test(program.script.text) &&
    watchedText(program.script) === "" &&
    transparentResidue(program, noResidue(program.shell)) !== undefined;
  if (isChain) return changes;
  const verdict = (some: readonly T[]): Judgement =>
    judgeRun(
      program,
      some.flatMap(({ edits }) => edits.script),
      some.map(({ declares }) => declares),
    );
  const together = verdict(changes);
  if (together.kind === "same") return changes;
  // Other words make a script neither simpler nor more complex, so that one of the changes
  // alone would take as long to give up.
  const isHopeless = together.kind === "undecided" && together.reason === tooComplex;
  if (changes.length === 1 || isHopeless) return [];
  const proven = changes.filter((change) => verdict([change]).kind === "same");
  return proven.length > 0 && verdict(proven).kind === "same" ? proven : [];
}
