import type { Trial } from "./trial.ts";

/** What is kept of a run in the repository: names and numbers. */
export interface GuardsResult {
  /** Day of the run, as in 2026-01-31. */
  readonly date: string;
  readonly guards: readonly {
    readonly id: string;
    readonly file: string;
    readonly protects: string;
    /** The test that has to fail without the guard, and did. */
    readonly shownBy: string;
    /** How many tests of the same family failed, that one included, and how many didn't. */
    readonly failing: number;
    readonly passing: number;
  }[];
}

/**
 * Why a trial doesn't show that its guard is needed; undefined if it does. Where every
 * test fails, the product was broken as a whole, and its guard's test says nothing.
 */
export function whyNotShown({
  guard,
  failing,
  passing,
  error,
}: Trial): string | undefined {
  if (error !== undefined) return error;
  if (failing.length === 0) return "no test misses it";
  if (!failing.includes(guard.test.name))
    return `its test doesn't miss it, but this one does: ${failing[0] ?? ""}`;
  return passing === 0 ? "without it every test fails" : undefined;
}

export function resultOf(trials: readonly Trial[], date: string): GuardsResult {
  return {
    date,
    guards: trials.map(({ guard, failing, passing }) => ({
      id: guard.id,
      file: guard.file,
      protects: guard.protects,
      shownBy: guard.test.name,
      failing: failing.length,
      passing,
    })),
  };
}

/** One line of the table that is printed. */
export function trialLine(trial: Trial): string {
  const { guard, failing, passing } = trial;
  const reason = whyNotShown(trial);
  return [
    reason === undefined ? "needed  " : "SURVIVES",
    guard.id.padEnd(42),
    `${failing.length} of ${failing.length + passing}`.padStart(10),
    ` ${reason ?? guard.test.name}`,
  ].join(" ");
}
