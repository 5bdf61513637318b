import { approvals } from "../apply/approved-files.ts";
import { pushChange } from "../apply/campaign-branch.ts";
import { changeFor } from "../apply/approved-change.ts";
import type { ApplyContext } from "../apply/handler.ts";
import { commitLog, record } from "../apply/record.ts";
import { reviewedHead } from "../apply/reviewed-head.ts";
import type { Forge } from "../forges/forge.ts";
import { mirrorOf } from "../git/mirror.ts";
import { remoteOf } from "../plan/read-target.ts";
import type { Target } from "../store/queue.ts";
import type { StepFailure } from "../target-state.ts";

type RebaseContext = Pick<
  ApplyContext,
  "store" | "campaign" | "cache" | "committer" | "planAgain"
>;

/**
 * Puts the change of an open request onto the default branch as it is now. Where a reviewed
 * Dockerfile has changed, the repository is planned again and waits for an approval; its
 * request stays open meanwhile.
 */
export async function rebase(
  context: RebaseContext,
  target: Target,
  forge: Forge,
  signal: AbortSignal,
): Promise<StepFailure | undefined> {
  const { store, cache } = context;
  const approval = (await approvals(store, [target.key])).get(target.key);
  // Somebody has withdrawn the approval; the request is theirs to close.
  if (approval?.kind !== "approved") return undefined;
  const remote = await remoteOf(target, {
    credentialsFor: () => forge.gitCredentials(target),
    signal,
  });
  if ("failure" in remote) return remote.failure;
  const mirror = mirrorOf(cache, target.url);
  const head = await reviewedHead(mirror, remote.value, approval.files);
  if ("failure" in head) return head.failure;
  if (head.value === "moved") {
    const moved = { state: "planned", head: "" } as const;
    await record(store, target.key, moved, "moved");
    await context.planAgain({ ...target, ...moved });
    return undefined;
  }
  const pushed = await pushChange(
    mirror,
    remote.value,
    head.value.commit,
    changeFor(context.campaign, context.committer, approval),
    commitLog(store, target.key),
  );
  if ("failure" in pushed) return pushed.failure;
  if (pushed.value === "foreign") {
    // People work on the request; that is theirs now.
    return undefined;
  }
  const { commit } = pushed.value;
  if (commit !== target.branch_head) {
    await record(store, target.key, { branch_head: commit }, "rebased", { commit });
  }
  return undefined;
}
