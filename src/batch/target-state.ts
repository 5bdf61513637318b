/**
 * What a campaign knows about a repository, in the order in which it gets there.
 *
 * - discovered: listed, not looked at
 * - unchanged: nothing to change on the planned commit
 * - planned: changes wait for approval and for their wave
 * - pushed: the branch is there, the request isn't yet
 * - committed: the end of a clone on this disk: the commit is on the campaign's branch
 * - open, merged: the request
 * - closed: a person closed the request: the repository has opted out for good
 * - skipped: left out by a filter, its config or an opt-out; the failure says why
 * - conflicted: somebody else's commits are on the campaign's branch; the failure says what
 *   to do
 * - failed: the failure says at which step, and `batch retry` starts again
 */
export const targetStates = [
  "discovered",
  "unchanged",
  "planned",
  "pushed",
  "committed",
  "open",
  "merged",
  "closed",
  "skipped",
  "conflicted",
  "failed",
] as const;

export type TargetState = (typeof targetStates)[number];

/** What `batch retry --class` takes. */
export const failureClasses = [
  "unauthorized",
  "not-found",
  "archived",
  "left-out",
  "moved",
  "rate-limited",
  "unavailable",
  "git",
  "hostile",
  "no-forge",
  "invalid",
  "conflicted",
  "internal-error",
] as const;

export type FailureClass = (typeof failureClasses)[number];

/** Why a step with a repository didn't succeed. */
export interface StepFailure {
  readonly class: FailureClass;
  /** list, plan, fetch, commit, push, request, … */
  readonly step: string;
  readonly message: string;
  /** What to do about it; may be empty. */
  readonly hint: string;
  /** When a rate limit is over, in milliseconds from now. */
  readonly retryAfter?: number;
}

export type Outcome<T> = { readonly value: T } | { readonly failure: StepFailure };
