import type { Kysely } from "kysely";
import type { Tables } from "../store/tables.ts";
import type { TargetState } from "../target-state.ts";
import { buildGroups } from "./build-groups.ts";
import { readDecisions } from "./decisions.ts";
import type { Group } from "./group.ts";

/**
 * Not only those that wait for approval: a group must not change, and what was decided about
 * it become void, because a worker has opened requests for some of its members.
 */
const reviewedStates: readonly TargetState[] = [
  "planned",
  "pushed",
  "committed",
  "open",
  "merged",
  "closed",
  "conflicted",
  "failed",
];

/** All groups of the plan, the odd and rare ones first. */
export async function readGroups(db: Kysely<Tables>): Promise<Group[]> {
  const rows = await db
    .selectFrom("file")
    .innerJoin("result", "result.digest", "file.result")
    .innerJoin("target", "target.key", "file.target")
    .where("result.status", "=", "changed")
    .where("target.state", "in", reviewedStates)
    .select([
      "file.target",
      "file.path",
      "file.result",
      "result.hunk",
      "result.rules",
      "result.shape",
      "result.shape_label as label",
      "result.saved_bytes as savedBytes",
      "target.state",
    ])
    .execute();
  const decisions = await readDecisions(db);
  const splits = await db.selectFrom("hunk_group").selectAll().execute();
  const members = rows.map((row) => {
    const decision = decisions.of(row);
    return { ...row, decision, isVoid: decision === undefined && decisions.hadOne(row) };
  });
  return buildGroups(members, splits);
}

/** The hunks of unified diffs by the digests of their results. */
export async function readHunks(
  db: Kysely<Tables>,
  results: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const distinct = [...new Set(results)];
  for (let start = 0; start < distinct.length; start += 500) {
    const rows = await db
      .selectFrom("result")
      .where("digest", "in", distinct.slice(start, start + 500))
      .select(["digest", "hunks"])
      .execute();
    for (const { digest, hunks } of rows) texts.set(digest, hunks ?? "");
  }
  return texts;
}
