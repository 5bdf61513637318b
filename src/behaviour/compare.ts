import type { Next, Step } from "./step.ts";
import { TooComplexError } from "./step.ts";

/** Differences that the comparison is told to expect. */
export interface Allowance {
  /** The rewritten build may run this command in addition. */
  isAdded(words: readonly string[]): boolean;
  /** The rewritten build may leave this command out. */
  isRemoved(words: readonly string[]): boolean;
  /**
   * The rewritten build may run this command right in front of that one of the original, if
   * its failure leads to where a failure of that one leads.
   */
  isInFront(words: readonly string[], next: readonly string[]): boolean;
  /** The same command but for options that were declared. */
  isSame(original: readonly string[], rewritten: readonly string[]): boolean;
}

export const nothingAllowed: Allowance = {
  isAdded: () => false,
  isRemoved: () => false,
  isInFront: () => false,
  isSame: sameWords,
};

export function sameWords(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((word, i) => word === right[i]);
}

/** The first place where two builds part ways. */
export interface Difference {
  readonly original: string;
  readonly rewritten: string;
}

const pairLimit = 12_000;

/**
 * Walks both builds side by side, over every outcome of every command. Returns undefined if
 * they do the same things in the same circumstances, apart from what is allowed.
 */
export function findDifference(
  original: Step,
  rewritten: Step,
  allowance: Allowance = nothingAllowed,
): Difference | undefined {
  const seen = new Map<Step, Step | Set<Step>>();
  const pending: [Step, Step][] = [[original, rewritten]];
  let pairs = 0;
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [left, right] = pair;
    if (!remember(seen, left, right)) continue;
    if (++pairs > pairLimit) throw new TooComplexError();

    if (isSameStep(left, right, allowance)) {
      pushPairs(pending, left.edges, right.edges);
      pushPairs(pending, left.parts, right.parts);
    } else if (isCommand(right) && allowance.isAdded(right.words)) {
      const [success] = right.edges;
      if (success) pending.push([left, success()]);
    } else if (isPutInFront(left, right, allowance)) {
      const [success, ...failures] = right.edges;
      if (success) pending.push([left, success()]);
      pushPairs(pending, left.edges.slice(1), failures);
    } else if (isCommand(left) && allowance.isRemoved(left.words)) {
      const [success] = left.edges;
      if (success) pending.push([success(), right]);
    } else {
      return { original: describe(left), rewritten: describe(right) };
    }
  }
  return undefined;
}

/** Returns false if the pair was known. Most steps only ever meet one partner. */
function remember(seen: Map<Step, Step | Set<Step>>, left: Step, right: Step): boolean {
  const partners = seen.get(left);
  if (partners === right) return false;
  if (partners === undefined) seen.set(left, right);
  else if (partners instanceof Set) {
    if (partners.has(right)) return false;
    partners.add(right);
  } else seen.set(left, new Set([partners, right]));
  return true;
}

function isSameStep(left: Step, right: Step, allowance: Allowance): boolean {
  return (
    left.label === right.label &&
    left.edges.length === right.edges.length &&
    left.parts.length === right.parts.length &&
    (sameWords(left.words, right.words) || allowance.isSame(left.words, right.words))
  );
}

/** Whether `right` only precedes the command that both builds run at this point. */
function isPutInFront(left: Step, right: Step, allowance: Allowance): boolean {
  const [success] = right.edges;
  return (
    isCommand(left) &&
    isCommand(right) &&
    allowance.isInFront(right.words, left.words) &&
    left.edges.length === right.edges.length &&
    success !== undefined &&
    isSameStep(left, success(), allowance)
  );
}

/** Whether it is a simple command that may come or go, if that is declared. */
function isCommand({ label, isWatched }: Step): boolean {
  return label.startsWith("command ") && isWatched !== true;
}

function pushPairs(
  pending: [Step, Step][],
  left: readonly Next[],
  right: readonly Next[],
): void {
  for (const [index, next] of left.entries()) {
    const other = right[index];
    // Both ways on after a failure are the same one in most places.
    const isRepeated =
      index > 0 && next === left[index - 1] && other === right[index - 1];
    if (other && !isRepeated) pending.push([next(), other()]);
  }
}

function describe(step: Step): string {
  return step.words.length > 0
    ? `${step.words.join(" ")} (${step.label.trim()})`
    : step.label;
}
