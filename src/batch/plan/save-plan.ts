import type { Kysely } from "kysely";
import { workOutDecisions } from "../groups/work-out.ts";
import type { Tables, TargetRow } from "../store/tables.ts";
import type { FilesPlan, TargetPlan } from "./plan-target.ts";
import { replannableStates } from "./replannable.ts";

type DefinitePlan = Exclude<TargetPlan, { kind: "same" | "interrupted" }>;

/** Rows per statement: databases limit the number of parameters. */
const chunkSize = 500;

/** Reasons that an event keeps; the rest is a number. */
const maxReasons = 20;

/**
 * Puts a target's plan into the store, in a transaction of the caller. A target that
 * another process has brought further meanwhile stays as it is.
 */
export async function savePlan(
  transaction: Kysely<Tables>,
  key: string,
  plan: DefinitePlan,
): Promise<void> {
  const updated = await transaction
    .updateTable("target")
    .set((expression) => ({
      ...columnsOf(plan),
      attempts: plan.kind === "failed" ? expression("attempts", "+", 1) : 0,
      updated_at: Date.now(),
    }))
    .where("key", "=", key)
    .where("state", "in", replannableStates)
    .executeTakeFirst();
  if (updated.numUpdatedRows === 0n) return;
  if (plan.kind !== "failed") {
    await transaction.deleteFrom("file").where("target", "=", key).execute();
  }
  if (plan.kind === "planned") await saveFiles(transaction, plan);
  if (plan.kind !== "failed") {
    await addUp(transaction, key);
    await workOutDecisions(transaction, [key]);
  }
  await transaction
    .insertInto("event")
    .values({
      at: Date.now(),
      target: key,
      kind: plan.kind,
      detail: JSON.stringify(detailOf(plan)),
    })
    .execute();
}

function columnsOf(
  plan: DefinitePlan,
): Partial<
  Pick<
    TargetRow,
    "state" | "head" | "default_branch" | "failure" | "failure_class" | "done"
  >
> {
  switch (plan.kind) {
    case "failed":
      return {
        state: "failed",
        // So that the next plan looks at it again.
        head: "",
        failure: JSON.stringify(plan.failure),
        failure_class: plan.failure.class,
      };
    case "skipped":
      return {
        state: "skipped",
        head: plan.head,
        default_branch: plan.branch,
        failure: JSON.stringify(plan.failure),
        failure_class: null,
      };
    case "planned":
      return {
        state: plan.changed > 0 ? "planned" : "unchanged",
        head: plan.head,
        default_branch: plan.branch,
        failure: null,
        failure_class: null,
      };
  }
}

async function saveFiles(
  transaction: Kysely<Tables>,
  { files, results }: FilesPlan,
): Promise<void> {
  const fresh = [...new Map(results.map((row) => [row.digest, row])).values()];
  for (const rows of chunks(fresh)) {
    await transaction
      .insertInto("result")
      .values(rows)
      .onConflict((conflict) => conflict.column("digest").doNothing())
      .execute();
  }
  for (const rows of chunks(files)) {
    await transaction.insertInto("file").values(rows).execute();
  }
}

/** Of results that the store had already, only it knows what they save. */
async function addUp(transaction: Kysely<Tables>, key: string): Promise<void> {
  const { bytes } = await transaction
    .selectFrom("file")
    .innerJoin("result", "result.digest", "file.result")
    .where("file.target", "=", key)
    .select(({ fn }) => fn.sum<number | string | null>("result.saved_bytes").as("bytes"))
    .executeTakeFirstOrThrow();
  await transaction
    .updateTable("target")
    .set({ saved_bytes: Number(bytes ?? 0) })
    .where("key", "=", key)
    .execute();
}

function detailOf(plan: DefinitePlan): unknown {
  if (plan.kind !== "planned") return plan.failure;
  const { head, files, changed, passedOver } = plan;
  return {
    head,
    files: files.length,
    changed,
    passedOver: passedOver.length,
    reasons: passedOver.slice(0, maxReasons),
  };
}

function chunks<T>(rows: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < rows.length; start += chunkSize) {
    parts.push(rows.slice(start, start + chunkSize));
  }
  return parts;
}
