import { noResidue } from "./joining.ts";
import type { RunEdits } from "./removal.ts";
import type { ScriptProgram } from "./run-program.ts";
import { isProvenRun } from "./run-proof.ts";
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
  // In a chain of programs joined by `&&`, other words of one change nothing for the next.
  if (transparentResidue(program, noResidue(program.shell)) !== undefined) return changes;
  const isProven = (some: readonly T[]): boolean =>
    isProvenRun(
      program,
      some.flatMap(({ edits }) => edits.script),
      some.map(({ declares }) => declares),
    );
  if (isProven(changes)) return changes;
  const proven = changes.filter((change) => isProven([change]));
  return isProven(proven) ? proven : [];
}
