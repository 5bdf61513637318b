import type { ChangeRequest, Forge, RepositoryPlace } from "../forges/forge.ts";
import type { Outcome, StepFailure } from "../target-state.ts";
import type { ApprovedChange } from "./approved-change.ts";

/** Waits until so many calls that create something fit into the host's budget. */
export type Spend = (calls: number) => Promise<void>;

/**
 * The request of a branch that decides what becomes of its repository: an open one, else the
 * latest. A repository whose request was closed by a person has opted out, even if an older
 * one was merged.
 */
function decisiveRequest(requests: readonly ChangeRequest[]): ChangeRequest | undefined {
  return (
    requests.find(({ state }) => state === "open") ??
    [...requests].sort((a, b) => b.number - a.number)[0]
  );
}

export async function existingRequest(
  forge: Forge,
  place: RepositoryPlace,
  branch: string,
): Promise<Outcome<ChangeRequest | undefined>> {
  const requests = await forge.requestsOf(place, branch);
  if ("failure" in requests) return requests;
  return { value: decisiveRequest(requests.value) };
}

/**
 * Opens the request of a branch that has been pushed. Whatever answer gets lost, there is
 * one request in the end: it is looked for before the call, and after a failed one.
 */
export async function openRequest(
  forge: Forge,
  place: RepositoryPlace,
  base: string,
  { branch, request, extras }: ApprovedChange,
  spend: Spend,
): Promise<Outcome<ChangeRequest>> {
  const before = await existingRequest(forge, place, branch);
  if ("failure" in before) return before;
  let opened = before.value;
  if (opened === undefined) {
    await spend(1);
    const created = await forge.createRequest(place, { ...request, branch, base });
    const found = "failure" in created ? await afterFailure(created.failure) : created;
    if ("failure" in found) return found;
    opened = found.value;
  }
  if (opened.state !== "open" || isBare(extras)) return { value: opened };
  await spend((extras.labels.length > 0 ? 1 : 0) + (extras.reviewers.length > 0 ? 1 : 0));
  const added = await forge.addToRequest(place, opened.number, extras);
  if ("failure" in added) return added;
  return { value: opened };

  async function afterFailure(failure: StepFailure): Promise<Outcome<ChangeRequest>> {
    const mayBeThere = failure.class === "invalid" || failure.class === "unavailable";
    if (!mayBeThere) return { failure };
    const after = await existingRequest(forge, place, branch);
    if ("failure" in after) return after;
    return after.value === undefined ? { failure } : { value: after.value };
  }
}

function isBare({ labels, reviewers }: ApprovedChange["extras"]): boolean {
  return labels.length === 0 && reviewers.length === 0;
}
