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
  try {
    const difference = differenceBetween(original, rewritten, allowance);
    return difference ? { kind: "different", difference } : { kind: "same" };
  } catch (error) {
    const reason = whyUndecided(error);
    if (reason === undefined) throw error;
    return { kind: "undecided", reason };
  }
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
