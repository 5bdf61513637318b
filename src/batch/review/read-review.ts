import type { Kysely } from "kysely";
import { memberName, type Group, type Member } from "../groups/group.ts";
import { readGroups, readHunks } from "../groups/read-groups.ts";
import type { Tables } from "../store/tables.ts";
import type { ReviewData, ReviewGroup, ReviewMember } from "./review-data.ts";

/** More than this takes a browser too long to load. */
const mostFiles = 50_000;

/** @param ids Of the groups to show; none means all. */
export async function readReview(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<ReviewData> {
  const all = await readGroups(db);
  const wanted = ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id));
  let files = 0;
  const groups = wanted.filter((group, index) => {
    files += group.members.length;
    return index === 0 || files <= mostFiles;
  });
  const results = new Map<string, string>();
  for (const { hunks } of groups) {
    for (const { hunk, members } of hunks) {
      const [first] = members;
      if (first !== undefined) results.set(hunk, first.result);
    }
  }
  const texts = await readHunks(db, [...results.values()]);
  const campaign = await db
    .selectFrom("campaign")
    .select(["id", "name"])
    .executeTakeFirst();
  return {
    campaign: campaign ?? { id: "", name: "" },
    groups: groups.map(reviewGroup),
    texts: Object.fromEntries(
      [...results].map(([hunk, result]) => [hunk, texts.get(result) ?? ""]),
    ),
    leftOut: wanted.length - groups.length,
  };
}

function reviewGroup({ id, digest, label, splitOut, hunks, toOpen }: Group): ReviewGroup {
  return {
    id,
    digest,
    label,
    isSplitOut: splitOut !== undefined,
    hunks: hunks.map(({ hunk, members }) => ({
      hunk,
      members: members.map(reviewMember),
    })),
    toOpen: toOpen.map(memberName),
  };
}

function reviewMember({
  target,
  path,
  savedBytes,
  state,
  ...member
}: Member): ReviewMember {
  return {
    target,
    path,
    savedBytes,
    state,
    ...(member.decision === undefined ? {} : { decision: member.decision }),
    ...(member.isVoid ? { isVoid: true } : {}),
  };
}
