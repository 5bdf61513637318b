import type { Kysely, Selectable } from "kysely";
import type { ReportedChange } from "../../engine/result.ts";
import type { EventRow, Tables } from "../store/tables.ts";
import type { Member } from "./group.ts";
import { groupsOfTarget, readGroups } from "./read-groups.ts";

/** A repository as `batch show` shows it. */
export interface ShownTarget {
  readonly target: Selectable<Tables["target"]>;
  readonly files: readonly {
    readonly member: Member;
    /** Id of its group. */
    readonly group: string;
    /** Hunks of the unified diff, from the first `@@` on. */
    readonly hunks: string;
    readonly changes: readonly ReportedChange[];
  }[];
  /** What keeps a Dockerfile from being rewritten. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  /** The latest ones, in the order in which they happened. */
  readonly events: readonly Pick<EventRow, "at" | "kind" | "detail">[];
}

const mostEvents = 50;

/** @returns undefined where the campaign has no such target */
export async function readTarget(
  db: Kysely<Tables>,
  key: string,
): Promise<ShownTarget | undefined> {
  const target = await db
    .selectFrom("target")
    .where("key", "=", key)
    .selectAll()
    .executeTakeFirst();
  if (target === undefined) return undefined;
  const rows = await db
    .selectFrom("file")
    .innerJoin("result", "result.digest", "file.result")
    .where("file.target", "=", key)
    .select(["path", "status", "hunks", "changes", "problems"])
    .orderBy("path")
    .execute();
  const groups = await readGroups(db, await groupsOfTarget(db, key));
  const groupOf = new Map(
    groups.flatMap(({ id, members }) =>
      members
        .filter((member) => member.target === key)
        .map((member) => [member.path, { member, group: id }] as const),
    ),
  );
  const events = await db
    .selectFrom("event")
    .where("target", "=", key)
    .select(["at", "kind", "detail"])
    .orderBy("id", "desc")
    .limit(mostEvents)
    .execute();
  return {
    target,
    files: rows.flatMap(({ path, hunks, changes }) => {
      const found = groupOf.get(path);
      if (found === undefined) return [];
      const list = JSON.parse(changes) as ReportedChange[];
      return [{ ...found, hunks: hunks ?? "", changes: list }];
    }),
    problems: rows.flatMap(({ path, problems }) =>
      (JSON.parse(problems) as { readonly message: string }[]).map(({ message }) => ({
        path,
        message,
      })),
    ),
    events: events.reverse(),
  };
}
