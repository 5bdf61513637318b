import { tooComplex, type Judgement } from "../behaviour/judge.ts";
import { watchedText } from "../shell/process-state.ts";
import { noResidue } from "./joining.ts";
import type { RunEdits } from "./removal.ts";
import type { ScriptProgram } from "./run-program.ts";
import { judgeRun } from "./run-proof.ts";
import { transparentResidue } from "./transparency.ts";
import type { Declarations } from "./types.ts";

/** What a transform would change in one call of a RUN. */
export interface CallChange {
  readonly edits: RunEdits;
  readonly declares: Declarations;
}

/**
 * Those of the changes to one RUN that are proven, on their own and together.
 *
 * @param refuse is told of the others, with the reason
 */
export function provenChanges<T extends CallChange>(
  program: ScriptProgram,
  changes: readonly T[],
  refuse: (change: T, reason: string) => void,
): readonly T[] {
  const proven = provenOf(program, changes);
  for (const change of changes.filter((item) => !proven.includes(item)))
    refuse(change, "inside this construct the rewrite can't be proven");
  return proven;
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
