import type { Kysely } from "kysely";
import { version } from "../../version.ts";
import type { Tables } from "../store/tables.ts";

export type Decision = "approve" | "reject";

/** What a decision covers: exactly this change to this file under these rules. */
export interface Decided {
  readonly target: string;
  readonly path: string;
  readonly hunk: string;
  readonly rules: string;
}

/** Reads the latest decision about a change that this version of the tool has planned. */
export type DecisionOf = (file: Decided) => Decision | undefined;

/** Some databases take no more parameters than this in one statement. */
const mostParameters = 1000;

/** @param targets Keys; undefined means all. */
export async function readDecisions(
  db: Kysely<Tables>,
  targets?: readonly string[],
): Promise<DecisionOf> {
  const latest = new Map<string, Decision>();
  const read = async (some: readonly string[] | undefined) => {
    const rows = db
      .selectFrom("approved_file")
      .innerJoin("approval", "approval.id", "approved_file.approval")
      .where("approval.tool_version", "=", version)
      .$if(some !== undefined, (query) =>
        query.where("approved_file.target", "in", some ?? []),
      )
      .select([
        "approved_file.target",
        "approved_file.path",
        "approved_file.hunk",
        "approval.rules",
        "approval.decision",
      ])
      .orderBy("approval.at")
      .orderBy("approval.id");
    for (const row of await rows.execute()) latest.set(keyOf(row), row.decision);
  };
  if (targets === undefined) await read(undefined);
  else {
    for (let start = 0; start < targets.length; start += mostParameters) {
      await read(targets.slice(start, start + mostParameters));
    }
  }
  return (file) => latest.get(keyOf(file));
}

function keyOf({ target, path, hunk, rules }: Decided): string {
  return [target, path, hunk, rules].join("\0");
}
