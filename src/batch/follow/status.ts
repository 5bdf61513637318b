import type { Kysely } from "kysely";
import { targetStates, type StepFailure, type TargetState } from "../target-state.ts";
import type { Tables } from "../store/tables.ts";

export interface CampaignStatus {
  readonly campaign: string;
  readonly branch: string;
  readonly total: number;
  readonly states: Readonly<Record<TargetState, number>>;
  /** Of open requests. */
  readonly checks: Readonly<Record<"none" | "pending" | "green" | "red", number>>;
  /** Repositories by the class of their failure. */
  readonly failures: readonly { readonly class: string; readonly count: number }[];
  /** Why repositories are conflicted, and what to do; the most frequent reasons. */
  readonly conflicts: readonly (Pick<StepFailure, "step" | "message" | "hint"> & {
    readonly count: number;
  })[];
  /** Bytes by what has become of the repositories. */
  readonly saved: {
    readonly planned: number;
    readonly open: number;
    readonly merged: number;
  };
  /** As the default branches were at the last rescan. */
  readonly rescan: { readonly done: number; readonly left: number };
}

const mostConflicts = 5;

/** Few rows whatever the size of the campaign: the store counts. */
export async function readStatus(
  db: Kysely<Tables>,
): Promise<CampaignStatus | undefined> {
  const campaign = await db
    .selectFrom("campaign")
    .select(["name", "branch"])
    .executeTakeFirst();
  if (campaign === undefined) return undefined;
  // One pass over an index, however many targets there are.
  const rows = await db
    .selectFrom("target")
    .select([
      "state",
      "checks",
      ({ fn }) => fn.countAll().as("count"),
      ({ fn }) => fn.sum("saved_bytes").as("bytes"),
    ])
    .groupBy(["state", "checks"])
    .execute();
  const failures = await db
    .selectFrom("target")
    .where("state", "=", "failed")
    .select(["failure_class", ({ fn }) => fn.countAll().as("count")])
    .groupBy("failure_class")
    .execute();
  const conflicts = await db
    .selectFrom("target")
    .where("state", "=", "conflicted")
    .where("failure", "is not", null)
    .select(["failure", ({ fn }) => fn.countAll().as("count")])
    .groupBy("failure")
    .orderBy("count", "desc")
    .orderBy("failure")
    .limit(mostConflicts)
    .execute();
  const done = await db
    .selectFrom("target")
    .where("done", "is not", null)
    .select(["done", ({ fn }) => fn.countAll().as("count")])
    .groupBy("done")
    .execute();

  const sum = (
    of: "count" | "bytes",
    wanted: (row: (typeof rows)[number]) => boolean,
  ): number => rows.filter(wanted).reduce((total, row) => total + Number(row[of]), 0);
  const inState = (state: TargetState) => sum("count", (row) => row.state === state);
  const withChecks = (value: (typeof rows)[number]["checks"]) =>
    sum("count", (row) => row.state === "open" && row.checks === value);
  const bytesIn = (...wanted: readonly TargetState[]) =>
    sum("bytes", (row) => wanted.includes(row.state));
  const scanned = (value: 0 | 1) =>
    Number(done.find((row) => row.done === value)?.count ?? 0);
  return {
    campaign: campaign.name,
    branch: campaign.branch,
    total: sum("count", () => true),
    states: Object.fromEntries(
      targetStates.map((state) => [state, inState(state)]),
    ) as Record<TargetState, number>,
    checks: {
      none: withChecks("none"),
      pending: withChecks("pending"),
      green: withChecks("green"),
      red: withChecks("red"),
    },
    failures: failures
      .map(({ failure_class, count }) => ({
        class: failure_class ?? "",
        count: Number(count),
      }))
      .sort((a, b) => b.count - a.count),
    conflicts: conflicts.map(({ failure, count }) => {
      const { step, message, hint } = JSON.parse(failure ?? "{}") as StepFailure;
      return { step, message, hint, count: Number(count) };
    }),
    saved: {
      planned: bytesIn("planned"),
      open: bytesIn("pushed", "open"),
      merged: bytesIn("merged", "committed"),
    },
    rescan: { done: scanned(1), left: scanned(0) },
  };
}
