import { bring } from "../apply/advance.ts";
import { approvals } from "../apply/approved-files.ts";
import { changeFor } from "../apply/approved-change.ts";
import type { ApplyContext } from "../apply/handler.ts";
import { commitLog, record } from "../apply/record.ts";
import type { Forge } from "../forges/forge.ts";
import { lockMirror } from "../git/lock-mirror.ts";
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
  const place = { mirror, remote: remote.value, log: commitLog(store, target.key) };
  const change = changeFor(context.campaign, context.committer, approval);
  const brought = await lockMirror(mirror, signal, () => bring(place, change));
  const pushed = "failure" in brought ? brought : brought.value;
  if ("failure" in pushed) return pushed.failure;
  if (pushed.value === "moved") {
    const moved = { state: "planned", head: "" } as const;
    await record(store, target.key, moved, "moved");
    await context.planAgain({ ...target, ...moved });
    return undefined;
  }
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
