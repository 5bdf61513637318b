import { fetchHead, remoteHead, type Remote } from "../git/mirror.ts";
import type { ObjectStore } from "../git/objects.ts";
import type { Outcome } from "../target-state.ts";
import type { ApprovedFile } from "./approved-change.ts";
import { isAsReviewed } from "./is-as-reviewed.ts";

export interface ReviewedHead {
  /** Short name of the default branch. */
  readonly branch: string;
  readonly commit: string;
}

/**
 * The default branch's commit as it is now, fetched without blobs.
 *
 * @returns `moved` where a reviewed file is no longer what was reviewed: other files may
 *   change as they like.
 */
export async function reviewedHead(
  mirror: ObjectStore,
  remote: Remote,
  files: readonly ApprovedFile[],
): Promise<Outcome<ReviewedHead | "moved">> {
  const head = await remoteHead(remote);
  if ("failure" in head) return head;
  if (head.value === undefined) return { value: "moved" };
  const fetched = await fetchHead(mirror, remote, head.value);
  if ("failure" in fetched) return fetched;
  const { commit } = fetched.value;
  const asReviewed = await isAsReviewed(mirror, commit, files, remote.signal);
  if ("failure" in asReviewed) return asReviewed;
  return { value: asReviewed.value ? { branch: head.value.branch, commit } : "moved" };
}
