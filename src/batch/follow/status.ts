import type { Kysely } from "kysely";
import { targetStates, type TargetState } from "../target-state.ts";
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
  /** Bytes by what has become of the repositories. */
  readonly saved: {
    readonly planned: number;
    readonly open: number;
    readonly merged: number;
  };
  /** As the default branches were at the last rescan. */
  readonly rescan: { readonly done: number; readonly left: number };
}

/** Few rows whatever the size of the campaign: the store counts. */
export async function readStatus(
  db: Kysely<Tables>,
): Promise<CampaignStatus | undefined> {
  const campaign = await db
    .selectFrom("campaign")
    .select(["name", "branch"])
    .executeTakeFirst();
  if (campaign === undefined) return undefined;
  const states = await db
    .selectFrom("target")
    .select(["state", ({ fn }) => fn.countAll().as("count")])
    .groupBy("state")
    .execute();
  const checks = await db
    .selectFrom("target")
    .where("state", "=", "open")
    .select(["checks", ({ fn }) => fn.countAll().as("count")])
    .groupBy("checks")
    .execute();
  const failures = await db
    .selectFrom("target")
    .where("state", "=", "failed")
    .select(["failure_class", ({ fn }) => fn.countAll().as("count")])
    .groupBy("failure_class")
    .execute();
  const saved = await db
    .selectFrom("target")
    .innerJoin("file", "file.target", "target.key")
    .innerJoin("result", "result.digest", "file.result")
    .where("target.state", "in", ["planned", "pushed", "open", "merged", "committed"])
    .select(["target.state", ({ fn }) => fn.sum("result.saved_bytes").as("bytes")])
    .groupBy("target.state")
    .execute();
  const done = await db
    .selectFrom("target")
    .where("done", "is not", null)
    .select(["done", ({ fn }) => fn.countAll().as("count")])
    .groupBy("done")
    .execute();

  const inState = (state: TargetState) =>
    Number(states.find((row) => row.state === state)?.count ?? 0);
  const withChecks = (value: (typeof checks)[number]["checks"]) =>
    Number(checks.find((row) => row.checks === value)?.count ?? 0);
  const bytesIn = (...wanted: readonly TargetState[]) =>
    saved
      .filter(({ state }) => wanted.includes(state))
      .reduce((sum, { bytes }) => sum + Number(bytes), 0);
  const scanned = (value: 0 | 1) =>
    Number(done.find((row) => row.done === value)?.count ?? 0);
  return {
    campaign: campaign.name,
    branch: campaign.branch,
    total: states.reduce((sum, { count }) => sum + Number(count), 0),
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
    saved: {
      planned: bytesIn("planned"),
      open: bytesIn("pushed", "open"),
      merged: bytesIn("merged", "committed"),
    },
    rescan: { done: scanned(1), left: scanned(0) },
  };
}
