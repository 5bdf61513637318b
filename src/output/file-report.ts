import type { FileProblem } from "../files/problem.ts";
import type { Note, ReportedChange } from "../engine/result.ts";

export type FileStatus = "unchanged" | "changed" | "written" | "skipped" | "error";

/** What came of one file; the reporters know no more than this. */
export interface FileReport {
  /** Relative to the current folder, with forward slashes. */
  readonly path: string;
  readonly status: FileStatus;
  readonly changes: readonly ReportedChange[];
  /** Found, but of a level that was not asked for. */
  readonly proposals: readonly ReportedChange[];
  readonly problems: readonly FileProblem[];
  readonly notes: readonly Note[];
  /** Things that didn't keep the file from being handled. */
  readonly warnings: readonly string[];
  readonly runCount: { readonly before: number; readonly after: number };
  /** Unified diff, where something changed and the report's format shows it. */
  readonly diff?: string;
}

/** A file of which nothing is known but its status and problems. */
export function bareReport(
  path: string,
  status: FileStatus,
  ...problems: readonly FileProblem[]
): FileReport {
  return {
    path,
    status,
    problems,
    changes: [],
    proposals: [],
    notes: [],
    warnings: [],
    runCount: { before: 0, after: 0 },
  };
}
