import { watchedText } from "../shell/process-state.ts";
import {
  findDifference,
  nothingAllowed,
  type Allowance,
  type Difference,
} from "./compare.ts";
import { UnmodelledError } from "./graph.ts";
import { runSequence, type Program } from "./run-sequence.ts";
import { createHistories } from "./state.ts";
import { TooComplexError } from "./step.ts";
import { straightDifference, straightLine } from "./straight-line.ts";

/** Whether two sequences of RUNs behave the same; `undecided` proves nothing either way. */
export type Judgement =
  | { readonly kind: "same" }
  | { readonly kind: "different"; readonly difference: Difference }
  | { readonly kind: "undecided"; readonly reason: string };

/** The reason where nothing can be told, which is no sign of a wrong rewrite. */
export const tooComplex = "the script is too complex to prove";

export function judge(
  original: readonly Program[],
  rewritten: readonly Program[],
  allowance: Allowance = nothingAllowed,
): Judgement {
  if (allowance !== nothingAllowed && !keepsWatchedText(original, rewritten))
    return { kind: "undecided", reason: tooComplex };
  try {
    const difference = differenceBetween(original, rewritten, allowance);
    return difference ? { kind: "different", difference } : { kind: "same" };
  } catch (error) {
    const reason = whyUndecided(error);
    if (reason === undefined) throw error;
    return { kind: "undecided", reason };
  }
}

/** What a command can tell of those before it is no part of its words: they have to stay. */
function keepsWatchedText(
  original: readonly Program[],
  rewritten: readonly Program[],
): boolean {
  return original.every((program) => {
    const watched = program.kind === "script" ? watchedText(program.script) : "";
    return (
      watched === "" ||
      rewritten.some(
        (other) => other.kind === "script" && other.script.text.startsWith(watched),
      )
    );
  });
}

/** Undefined for an error that says nothing of the script. */
export function whyUndecided(error: unknown): string | undefined {
  const saysNothing =
    error instanceof TooComplexError || error instanceof UnmodelledError;
  return saysNothing ? tooComplex : undefined;
}

function differenceBetween(
  original: readonly Program[],
  rewritten: readonly Program[],
  allowance: Allowance,
): Difference | undefined {
  const histories = createHistories();
  const left = straightLine(original, histories);
  const right = left && straightLine(rewritten, histories);
  if (left && right) return straightDifference(left, right, allowance);
  return findDifference(
    runSequence(original, histories),
    runSequence(rewritten, histories),
    allowance,
  );
}
