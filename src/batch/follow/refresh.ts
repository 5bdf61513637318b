import type { Forge } from "../forges/forge.ts";
import { failureChanges, record, requestChanges } from "../apply/record.ts";
import { existingRequest } from "../apply/request.ts";
import type { Target } from "../store/queue.ts";
import type { Store } from "../store/store.ts";
import type { StepFailure, TargetState } from "../target-state.ts";

/** States in which a forge may know more than the store. */
export const followedStates: readonly TargetState[] = ["pushed", "open"];

/**
 * Asks a forge what has become of a target's request and its checks. Nothing is said of what
 * is as it was.
 *
 * @returns A failure to reach the forge, which changes nothing unless the repository is gone.
 */
export async function refresh(
  store: Store,
  branch: string,
  target: Target,
  forge: Forge,
): Promise<StepFailure | undefined> {
  const found = await existingRequest(forge, target, branch);
  if ("failure" in found) {
    const { failure } = found;
    const isGone = ["not-found", "archived", "moved"].includes(failure.class);
    if (isGone)
      await record(store, target.key, failureChanges(failure), "failed", failure);
    return failure;
  }
  const request = found.value;
  if (request === undefined) return undefined;
  const checks =
    request.state === "open"
      ? await forge.checksOf(target, request.head)
      : { value: target.checks };
  if ("failure" in checks) return checks.failure;
  const isNews =
    request.state !== target.state ||
    checks.value !== target.checks ||
    request.number !== target.request_number;
  if (!isNews) return undefined;
  const kind = request.state === target.state ? `checks ${checks.value}` : request.state;
  await record(
    store,
    target.key,
    { ...requestChanges(request), checks: checks.value },
    kind,
    { url: request.url },
  );
  return undefined;
}
