import type { Kysely } from "kysely";
import type { Tables } from "../store/tables.ts";
import { memberName, type Group, type Member } from "./group.ts";

const kind = "opened-diff";

/** Records that somebody has looked at the diffs of members. */
export async function recordOpened(
  db: Kysely<Tables>,
  members: readonly Member[],
  who: string,
): Promise<void> {
  if (members.length === 0) return;
  const at = Date.now();
  await db
    .insertInto("event")
    .values(
      members.map(({ target, path, hunk }) => ({
        at,
        target,
        kind,
        detail: JSON.stringify({ path, hunk, who }),
      })),
    )
    .execute();
}

/** Which names of a group's members this person has opened with the hunks of now. */
export async function openedBy(
  db: Kysely<Tables>,
  who: string,
): Promise<(group: Pick<Group, "members">) => string[]> {
  const rows = await db
    .selectFrom("event")
    .where("kind", "=", kind)
    .select(["target", "detail"])
    .execute();
  const seen = new Set(rows.map(({ target, detail }) => `${target ?? ""} ${detail}`));
  return ({ members }) =>
    members
      .filter(({ target, path, hunk }) =>
        seen.has(`${target} ${JSON.stringify({ path, hunk, who })}`),
      )
      .map(memberName);
}
