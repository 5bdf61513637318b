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

export interface Decisions {
  /** The latest decision about a change that this version of the tool has planned. */
  readonly of: (file: Decided) => Decision | undefined;
  /** Whether there was a decision about the file, of whatever change, rules and version. */
  readonly hadOne: (file: Pick<Decided, "target" | "path">) => boolean;
}

/** Some databases take no more parameters than this in one statement. */
const mostParameters = 1000;

/** @param targets Keys; undefined means all. */
export async function readDecisions(
  db: Kysely<Tables>,
  targets?: readonly string[],
): Promise<Decisions> {
  const latest = new Map<string, Decision>();
  const files = new Set<string>();
  const read = async (some: readonly string[] | undefined) => {
    const rows = db
      .selectFrom("approved_file")
      .innerJoin("approval", "approval.id", "approved_file.approval")
      .$if(some !== undefined, (query) =>
        query.where("approved_file.target", "in", some ?? []),
      )
      .select([
        "approved_file.target",
        "approved_file.path",
        "approved_file.hunk",
        "approval.rules",
        "approval.tool_version",
        "approval.decision",
      ])
      .orderBy("approval.at")
      .orderBy("approval.id");
    for (const row of await rows.execute()) {
      files.add(fileKey(row));
      if (row.tool_version === version) latest.set(keyOf(row), row.decision);
    }
  };
  if (targets === undefined) await read(undefined);
  else {
    for (let start = 0; start < targets.length; start += mostParameters) {
      await read(targets.slice(start, start + mostParameters));
    }
  }
  return {
    of: (file) => latest.get(keyOf(file)),
    hadOne: (file) => files.has(fileKey(file)),
  };
}

function fileKey({ target, path }: Pick<Decided, "target" | "path">): string {
  return `${target}\0${path}`;
}

function keyOf({ hunk, rules, ...file }: Decided): string {
  return [fileKey(file), hunk, rules].join("\0");
}
