import type { Kysely } from "kysely";
import type { Store } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { isFilteredOut } from "./add-targets.ts";
import { planTarget, type PlanContext, type TargetPlan } from "./plan-target.ts";
import type { PlannedTarget } from "./read-target.ts";
import { replannableStates } from "./replannable.ts";
import { savePlan } from "./save-plan.ts";

export interface PlanRun {
  readonly context: PlanContext;
  /** How many targets at once. */
  readonly jobs: number;
  /** Told of each target when its plan is in the store. */
  readonly onPlan: (target: PlannedTarget, plan: TargetPlan) => void;
}

/** Targets that are read from the store at once. */
const pageSize = 500;

/** Plans all targets that have no branch yet, several at once. */
export async function planAll(store: Store, run: PlanRun): Promise<void> {
  const targets = waitingTargets(store.db);
  const { context, onPlan } = run;
  const work = async () => {
    for (;;) {
      if (context.signal?.aborted) return;
      const next = await targets.next();
      if (next.done === true) return;
      const target = next.value;
      const plan = await planTarget(target, context);
      if (plan.kind === "interrupted") return;
      if (plan.kind !== "same") {
        await store.transaction((transaction) => savePlan(transaction, target.key, plan));
      }
      onPlan(target, plan);
    }
  };
  await Promise.all(Array.from({ length: run.jobs }, work));
}

/** How many `planAll` will look at, filtered ones included. */
export async function countWaiting(db: Kysely<Tables>): Promise<number> {
  const { count } = await db
    .selectFrom("target")
    .select((expression) => expression.fn.countAll<number | string>().as("count"))
    .where("state", "in", replannableStates)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function* waitingTargets(db: Kysely<Tables>): AsyncGenerator<PlannedTarget> {
  let last = "";
  for (;;) {
    const page = await db
      .selectFrom("target")
      .select(["key", "kind", "forge", "host", "owner", "name", "url", "head", "state"])
      .select("failure")
      .where("state", "in", replannableStates)
      .where("key", ">", last)
      .orderBy("key")
      .limit(pageSize)
      .execute();
    for (const target of page) if (!isFilteredOut(target)) yield target;
    const final = page.at(-1);
    if (final === undefined || page.length < pageSize) return;
    last = final.key;
  }
}
