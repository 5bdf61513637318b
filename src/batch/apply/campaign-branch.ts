import { remoteBranch, type Remote } from "../git/mirror.ts";
import type { ObjectStore } from "../git/objects.ts";
import { pushCommit } from "../git/push.ts";
import { readCommit, writeCommit, writeTree } from "../git/write-commit.ts";
import type { Outcome } from "../target-state.ts";
import type { ApprovedChange } from "./approved-change.ts";

/** What the store remembers of the commits that a campaign has made for a repository. */
export interface CommitLog {
  /** All commits that were ever about to be pushed. */
  readonly known: () => Promise<ReadonlySet<string>>;
  /** Has to be safe on disk before the push, so that a crash can't make it a stranger's. */
  readonly add: (commit: string) => Promise<void>;
}

/** `foreign` where the branch has commits that aren't the campaign's. */
export type BranchHead = { readonly commit: string } | "foreign";

/**
 * Puts the change on the campaign's branch, as one commit on a commit of the default branch.
 * Done again, it finds its own commit and leaves it, unless the parent is another one now.
 */
export async function pushChange(
  mirror: ObjectStore,
  remote: Remote,
  parent: string,
  change: ApprovedChange,
  log: CommitLog,
): Promise<Outcome<BranchHead>> {
  const existing = await remoteBranch(remote, change.branch);
  if ("failure" in existing) return existing;
  const known = await log.known();
  if (existing.value !== undefined && !known.has(existing.value))
    return { value: "foreign" };
  const tree = await writeTree(mirror, parent, change.files);
  if ("failure" in tree) return tree;
  if (existing.value !== undefined) {
    // Not here where another machine has made it: then it is made again.
    const made = await readCommit(mirror, existing.value);
    const isThis =
      "value" in made &&
      made.value.tree === tree.value &&
      made.value.parents[0] === parent;
    if (isThis) return { value: { commit: existing.value } };
  }
  const commit = await writeCommit(mirror, tree.value, { ...change, parent });
  if ("failure" in commit) return commit;
  await log.add(commit.value);
  const pushed = await pushCommit(
    mirror,
    remote,
    commit.value,
    change.branch,
    existing.value ?? "",
  );
  if ("failure" in pushed) return pushed;
  // Another process of the campaign may have been faster; the next attempt will see.
  return { value: pushed.value === "pushed" ? { commit: commit.value } : "foreign" };
}
