import type { Kysely } from "kysely";
import type { FixedText, TextTask } from "../../commands/fix-text.ts";
import type { FileProblem } from "../../files/problem.ts";
import { shapeOf } from "../groups/shape.ts";
import type { ResultRow, Tables } from "../store/tables.ts";
import { resultDigest } from "./digest.ts";
import type { FileRules } from "./own-rules.ts";

/** What became of a text; the row is there only if the store may not have it yet. */
export interface Result {
  readonly digest: string;
  readonly status: ResultRow["status"];
  readonly row?: ResultRow;
}

export interface Results {
  /** Undefined where the run was ended before. */
  readonly of: (text: string, rules: FileRules) => Promise<Result | undefined>;
}

type FixText = (task: TextTask) => Promise<FixedText | FileProblem | undefined>;

/** So many are remembered; beyond that, the store is asked again. */
const maxRemembered = 100_000;

/**
 * What the tool makes of texts. Each text is rewritten once for the same rules, whichever
 * repository has it and whenever it was planned.
 */
export function resultsIn(db: Kysely<Tables>, fixText: FixText): Results {
  const known = new Map<string, Promise<Result | undefined>>();
  const find = async (digest: string, text: string, rules: FileRules) => {
    const stored = await db
      .selectFrom("result")
      .select(["digest", "status"])
      .where("digest", "=", digest)
      .executeTakeFirst();
    if (stored !== undefined) return stored;
    const fixed = await fixText({
      text,
      options: rules.options,
      diffPath: "Dockerfile",
      dockerfile: undefined,
      withNotes: false,
      withProposals: false,
    });
    if (fixed === undefined) return undefined;
    const row = rowOf(digest, rules.digest, fixed);
    return { digest, status: row.status, row };
  };
  return {
    of(text, rules) {
      const digest = resultDigest(text, rules.digest);
      let result = known.get(digest);
      if (result === undefined) {
        if (known.size >= maxRemembered) known.clear();
        result = find(digest, text, rules);
        known.set(digest, result);
      }
      return result;
    },
  };
}

function rowOf(digest: string, rules: string, fixed: FixedText | FileProblem): ResultRow {
  const nothing = {
    digest,
    rules,
    output: null,
    hunks: null,
    changes: "[]",
    shape: "",
    shape_label: "",
    hunk: "",
    saved_bytes: 0,
    runs_before: 0,
    runs_after: 0,
  };
  if ("kind" in fixed) {
    return { ...nothing, status: "error", problems: JSON.stringify([fixed]) };
  }
  const { output, diff, changes, runCount } = fixed;
  const problems = JSON.stringify(fixed.problems);
  const runs = { runs_before: runCount.before, runs_after: runCount.after };
  if (fixed.problems.some(({ kind }) => kind === "invalid-input")) {
    return { ...nothing, ...runs, status: "error", problems };
  }
  if (output === undefined || diff === undefined) {
    return { ...nothing, ...runs, status: "unchanged", problems };
  }
  const hunks = diff.slice(diff.indexOf("@@"));
  const { shape, label, hunk } = shapeOf({ hunks, changes });
  return {
    ...nothing,
    ...runs,
    status: "changed",
    output,
    hunks,
    changes: JSON.stringify(changes),
    problems,
    shape,
    shape_label: label,
    hunk,
    saved_bytes: changes.reduce((sum, { savedBytes = 0 }) => sum + savedBytes, 0),
  };
}
