import { planTarget, type PlanContext } from "../plan/plan-target.ts";
import type { Target } from "../store/queue.ts";
import type { Store } from "../store/store.ts";
import type { StepFailure } from "../target-state.ts";

/**
 * Looks at a default branch as it is now, whatever became of any request: whether there is
 * anything left that the campaign would change. The plan stays as it is.
 */
export async function rescan(
  store: Store,
  context: PlanContext,
  target: Target,
): Promise<StepFailure | undefined> {
  const plan = await planTarget({ ...target, head: "", state: "discovered" }, context);
  if (plan.kind === "failed") return plan.failure;
  if (plan.kind !== "planned") return undefined;
  await store.db
    .updateTable("target")
    .set({ done: plan.changed === 0 ? 1 : 0 })
    .where("key", "=", target.key)
    .execute();
  return undefined;
}
