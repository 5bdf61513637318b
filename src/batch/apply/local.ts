import type { Campaign } from "../campaign/save-campaign.ts";
import {
  cloneHead,
  commitAt,
  isCheckedOut,
  moveRef,
  objectsOf,
  openClone,
  type Clone,
} from "../git/clone.ts";
import type { ObjectFormat, ObjectStore } from "../git/objects.ts";
import { readCommit, writeCommit, writeTree } from "../git/write-commit.ts";
import type { Store } from "../store/store.ts";
import type { Outcome, StepFailure } from "../target-state.ts";
import { changeFor, committerFor } from "./approved-change.ts";
import { approvals, type Approved } from "./approved-files.ts";
import { checkedOut, foreignCommits } from "./conflict.ts";
import { isAsReviewed } from "./is-as-reviewed.ts";
import { commitLog, failureChanges, record, recordConflict } from "./record.ts";

export type LocalOutcome =
  /** The commit is on the campaign's branch; with a dry run, it would be. */
  | { readonly kind: "committed"; readonly commit: string; readonly files: number }
  /** Somebody else's commits are there, or the branch is checked out. */
  | { readonly kind: "conflicted"; readonly failure: StepFailure }
  /** A Dockerfile is no longer what was reviewed. */
  | { readonly kind: "moved" }
  | { readonly kind: "undecided" }
  | { readonly kind: "rejected" }
  | { readonly kind: "failed"; readonly failure: StepFailure };

export interface LocalRun {
  readonly campaign: Campaign;
  readonly scratch: (format: ObjectFormat) => string;
  readonly dryRun: boolean;
  readonly interrupted: () => boolean;
  /** Told of each clone when what came of it is in the store. */
  readonly onDone: (key: string, outcome: LocalOutcome) => void;
}

/** Clones that are read from the store at once. */
const pageSize = 200;

/**
 * Puts the approved changes on the campaign's branch of each clone, as one commit. Work
 * trees, indexes, other branches and stashes stay as they are. Whatever it was interrupted
 * at, the next run goes on there.
 */
export async function applyLocal(store: Store, run: LocalRun): Promise<void> {
  let last = "";
  for (;;) {
    const page = await store.db
      .selectFrom("target")
      .select("key")
      .where("kind", "=", "clone")
      .where("state", "in", ["planned", "conflicted"])
      .where("key", ">", last)
      .orderBy("key")
      .limit(pageSize)
      .execute();
    const keys = page.map(({ key }) => key);
    const decided = await approvals(store, keys);
    for (const key of keys) {
      if (run.interrupted()) return;
      const approval = decided.get(key) ?? { kind: "undecided" };
      const outcome =
        approval.kind === "approved"
          ? await commitTo(store, key, approval, run)
          : approval;
      if (!run.dryRun) await settle(store, key, outcome);
      run.onDone(key, outcome);
    }
    const final = keys.at(-1);
    if (final === undefined || keys.length < pageSize) return;
    last = final;
  }
}

async function commitTo(
  store: Store,
  key: string,
  approval: Approved,
  run: LocalRun,
): Promise<LocalOutcome> {
  const clone = await openClone(key);
  if ("failure" in clone) return { kind: "failed", failure: clone.failure };
  const objects = objectsOf(clone.value, run.scratch);
  const parent = await reviewedParent(clone.value, objects, approval);
  if ("failure" in parent) return { kind: "failed", failure: parent.failure };
  if (parent.value === undefined) return { kind: "moved" };
  const { branch } = run.campaign;
  const ref = `refs/heads/${branch}`;
  const isInUse = await isCheckedOut(clone.value, branch);
  if ("failure" in isInUse) return { kind: "failed", failure: isInUse.failure };
  const old = await commitAt(clone.value, ref);
  const log = commitLog(store, key);
  const files = approval.files.length;
  if (old !== undefined) {
    const isDone = await hasChange(objects, old, parent.value, approval);
    if ("failure" in isDone) return { kind: "failed", failure: isDone.failure };
    if (isDone.value) return { kind: "committed", commit: old, files };
    if (!(await log.known()).has(old)) {
      return { kind: "conflicted", failure: foreignCommits("commit", branch) };
    }
  }
  if (isInUse.value) return { kind: "conflicted", failure: checkedOut(branch) };
  if (run.dryRun) return { kind: "committed", commit: "", files };

  const commit = await newCommit(clone.value, objects, parent.value, approval, run);
  if ("failure" in commit) return { kind: "failed", failure: commit.failure };
  // Before the branch moves: after a crash, the commit there is known to be the campaign's.
  await log.add(commit.value);
  const moved = await moveRef(clone.value, ref, commit.value, old ?? "");
  if ("failure" in moved) return { kind: "failed", failure: moved.failure };
  return moved.value
    ? { kind: "committed", commit: commit.value, files }
    : { kind: "conflicted", failure: foreignCommits("commit", branch) };
}

/** The commit that the change goes on top of; undefined if files there aren't the reviewed ones. */
async function reviewedParent(
  clone: Clone,
  objects: ObjectStore,
  { files }: Approved,
): Promise<Outcome<string | undefined>> {
  const head = await cloneHead(clone);
  if ("failure" in head) return head;
  if (head.value === undefined) return { value: undefined };
  const { commit } = head.value;
  const asReviewed = await isAsReviewed(objects, commit, files);
  if ("failure" in asReviewed) return asReviewed;
  return { value: asReviewed.value ? commit : undefined };
}

/** Whether a commit is the wanted change already, whoever made it. */
async function hasChange(
  objects: ObjectStore,
  commit: string,
  parent: string,
  approval: Approved,
): Promise<Outcome<boolean>> {
  const existing = await readCommit(objects, commit);
  if ("failure" in existing) return existing;
  const { parents, tree } = existing.value;
  if (parents.length !== 1 || parents[0] !== parent) return { value: false };
  const wanted = await writeTree(objects, parent, approval.files);
  return "failure" in wanted ? wanted : { value: wanted.value === tree };
}

async function newCommit(
  clone: Clone,
  objects: ObjectStore,
  parent: string,
  approval: Approved,
  { campaign }: LocalRun,
): Promise<Outcome<string>> {
  const committer = await committerFor(campaign, clone.path);
  if ("failure" in committer) return committer;
  const tree = await writeTree(objects, parent, approval.files);
  if ("failure" in tree) return tree;
  const change = changeFor(campaign, committer.value, approval);
  return writeCommit(objects, tree.value, { ...change, parent });
}

async function settle(store: Store, key: string, outcome: LocalOutcome): Promise<void> {
  switch (outcome.kind) {
    case "committed": {
      const { commit, files } = outcome;
      const changes = { state: "committed", branch_head: commit } as const;
      const cleared = { failure: null, failure_class: null, attempts: 0 };
      await record(store, key, { ...changes, ...cleared }, "committed", {
        commit,
        files,
      });
      return;
    }
    case "conflicted":
      await recordConflict(store, key, outcome.failure);
      return;
    case "moved":
      await record(store, key, { state: "discovered", head: "" }, "moved");
      return;
    case "failed":
      await record(
        store,
        key,
        failureChanges(outcome.failure),
        "failed",
        outcome.failure,
      );
      return;
    case "undecided":
    case "rejected":
      return;
  }
}
