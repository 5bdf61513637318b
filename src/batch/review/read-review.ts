import type { Kysely } from "kysely";
import { memberName, type Group, type Member } from "../groups/group.ts";
import { readGroups, readGroupSizes, readHunks } from "../groups/read-groups.ts";
import type { Tables } from "../store/tables.ts";
import type { ReviewData, ReviewGroup, ReviewMember } from "./review-data.ts";

/** More than this takes a browser too long to load. */
const mostFiles = 50_000;

/** @param ids Of the groups to show; none means all. */
export async function readReview(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<ReviewData> {
  const { groups, leftOut } = await readShownGroups(db, ids);
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
    leftOut,
  };
}

/** The groups as the page shows them, without the texts. */
export async function readReviewGroups(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<ReviewGroup[]> {
  const { groups } = await readShownGroups(db, ids);
  return groups.map(reviewGroup);
}

/** Those that fit into one page; the others aren't read at all. */
async function readShownGroups(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<{ readonly groups: readonly Group[]; readonly leftOut: number }> {
  const all = await readGroupSizes(db);
  const wanted = ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id));
  let room = mostFiles;
  const shown = wanted.filter(({ files }) => {
    const fits = files <= room || wanted.length === 1;
    if (fits) room -= files;
    return fits;
  });
  const groups = await readGroups(db, new Set(shown.map(({ id }) => id)));
  return { groups, leftOut: wanted.length - groups.length };
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
