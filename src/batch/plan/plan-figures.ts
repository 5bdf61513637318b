import { sql, type Kysely } from "kysely";
import type { Tables, TargetRow } from "../store/tables.ts";
import type { StepFailure } from "../target-state.ts";

/** What a plan comes to. */
export interface PlanFigures {
  readonly repositories: number;
  /** By state, without those that have none. */
  readonly byState: Readonly<Partial<Record<TargetRow["state"], number>>>;
  /** Files that would be changed and have not been applied yet. */
  readonly files: number;
  /** Files that aren't Dockerfiles as Docker reads them. */
  readonly invalidFiles: number;
  /** Groups of equal changes. */
  readonly groups: number;
  readonly savedBytes: number;
  /** Why repositories were left out or failed, the most frequent reasons first. */
  readonly reasons: readonly PlanReason[];
}

export interface PlanReason extends Pick<StepFailure, "message" | "hint"> {
  readonly state: "skipped" | "failed";
  /** Null where it was skipped. */
  readonly class: string | null;
  readonly repositories: number;
}

const maxReasons = 20;

export async function planFigures(db: Kysely<Tables>): Promise<PlanFigures> {
  const states = await db
    .selectFrom("target")
    .select([
      "state",
      (expression) => expression.fn.countAll<number | string>().as("count"),
    ])
    .groupBy("state")
    .execute();
  const group = sql<string>`case when hunk_group.hunk is null then result.shape
    else result.shape || ' ' || result.hunk end`;
  const changes = await db
    .selectFrom("file")
    .innerJoin("target", "target.key", "file.target")
    .innerJoin("result", "result.digest", "file.result")
    .leftJoin("hunk_group", (join) =>
      join
        .onRef("hunk_group.shape", "=", "result.shape")
        .onRef("hunk_group.hunk", "=", "result.hunk"),
    )
    .select((expression) => [
      "result.status",
      expression.fn.countAll<number | string>().as("files"),
      expression.fn.sum<number | string | null>("result.saved_bytes").as("savedBytes"),
      sql<number | string>`count(distinct ${group})`.as("groups"),
    ])
    .where("target.state", "in", ["planned", "unchanged"])
    .groupBy("result.status")
    .execute();
  const changed = changes.find(({ status }) => status === "changed");
  const byState = Object.fromEntries(
    states.map(({ state, count }) => [state, Number(count)]),
  );
  return {
    repositories: Object.values(byState).reduce((sum, count) => sum + count, 0),
    byState,
    files: Number(changed?.files ?? 0),
    invalidFiles: Number(changes.find(({ status }) => status === "error")?.files ?? 0),
    groups: Number(changed?.groups ?? 0),
    savedBytes: Number(changed?.savedBytes ?? 0),
    reasons: await reasonsIn(db),
  };
}

async function reasonsIn(db: Kysely<Tables>): Promise<PlanReason[]> {
  const rows = await db
    .selectFrom("target")
    .select(["state", "failure_class", "failure"])
    .select((expression) => expression.fn.countAll<number | string>().as("count"))
    .where("state", "in", ["skipped", "failed"])
    .groupBy(["state", "failure_class", "failure"])
    .orderBy("count", "desc")
    .orderBy("failure")
    .limit(maxReasons)
    .execute();
  return rows.map(({ state, failure_class, failure, count }) => {
    const { message = "", hint = "" } = JSON.parse(
      failure ?? "{}",
    ) as Partial<StepFailure>;
    return {
      state: state === "failed" ? "failed" : "skipped",
      class: failure_class,
      message,
      hint,
      repositories: Number(count),
    };
  });
}
