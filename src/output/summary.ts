import type { Colours } from "./colour.ts";
import type { FileReport, FileStatus } from "./file-report.ts";
import { byteSize, count } from "./wording.ts";

/** The figures of a whole run. */
export interface Summary {
  readonly files: number;
  readonly byStatus: Readonly<Record<FileStatus, number>>;
  readonly changes: number;
  readonly changesByTransform: Readonly<Record<string, number>>;
  /** Found but not applied, by the level that they need. */
  readonly notApplied: { readonly unsafe: number; readonly proposal: number };
  readonly problems: number;
  readonly runs: { readonly before: number; readonly after: number };
  readonly savedBytes: number;
}

export const emptySummary: Summary = {
  files: 0,
  byStatus: { unchanged: 0, changed: 0, written: 0, skipped: 0, error: 0 },
  changes: 0,
  changesByTransform: {},
  notApplied: { unsafe: 0, proposal: 0 },
  problems: 0,
  runs: { before: 0, after: 0 },
  savedBytes: 0,
};

export function withReport(summary: Summary, report: FileReport): Summary {
  const { byStatus, changesByTransform, notApplied, runs } = summary;
  // What a file in error was going to be changed to has not happened.
  const changes = report.status === "error" ? [] : report.changes;
  const perTransform = { ...changesByTransform };
  for (const { transform } of changes) {
    perTransform[transform] = (perTransform[transform] ?? 0) + 1;
  }
  const needing = (level: string) =>
    report.proposals.filter((proposal) => proposal.level === level).length;
  return {
    files: summary.files + 1,
    byStatus: { ...byStatus, [report.status]: byStatus[report.status] + 1 },
    changes: summary.changes + changes.length,
    changesByTransform: perTransform,
    notApplied: {
      unsafe: notApplied.unsafe + needing("unsafe"),
      proposal: notApplied.proposal + needing("proposal"),
    },
    problems: summary.problems + report.problems.length,
    runs: {
      before: runs.before + report.runCount.before,
      after:
        runs.after +
        (report.status === "error" ? report.runCount.before : report.runCount.after),
    },
    savedBytes:
      summary.savedBytes +
      changes.reduce((sum, change) => sum + (change.savedBytes ?? 0), 0),
  };
}

/** A few lines for people. */
export function summaryText(
  summary: Summary,
  { writing, colours }: { readonly writing: boolean; readonly colours: Colours },
): string {
  const { byStatus, notApplied, runs } = summary;
  const results = [
    byStatus.written > 0 && colours.green(`${byStatus.written} changed`),
    byStatus.changed > 0 &&
      colours.yellow(`${byStatus.changed} ${writing ? "not written" : "would change"}`),
    byStatus.unchanged > 0 && `${byStatus.unchanged} unchanged`,
    byStatus.skipped > 0 && `${byStatus.skipped} skipped`,
    byStatus.error > 0 && colours.red(`${byStatus.error} with errors`),
  ].filter((part) => part !== false);
  const lines = [
    `${colours.bold(count(summary.files, "file"))} looked at: ${results.join(", ")}.`,
  ];
  if (summary.changes > 0) {
    const parts = Object.entries(summary.changesByTransform).map(
      ([transform, amount]) => `${amount} ${transform}`,
    );
    lines.push(`${count(summary.changes, "change")}: ${parts.join(", ")}.`);
    lines.push(`RUN instructions: ${runs.before} -> ${runs.after}.`);
  }
  if (summary.savedBytes > 0) {
    lines.push(`Saves about ${byteSize(summary.savedBytes)}.`);
  }
  if (notApplied.unsafe > 0) {
    lines.push(`${count(notApplied.unsafe, "unsafe change")} not applied: add --unsafe.`);
  }
  if (notApplied.proposal > 0) {
    lines.push(`${count(notApplied.proposal, "proposal")} not applied: add --propose.`);
  }
  if (byStatus.changed > 0 && !writing) lines.push("Nothing was written: add --write.");
  return `${lines.join("\n")}\n`;
}

/** `services/api/Dockerfile: would change (2 merge-runs, 1 no-cache-flags)` */
export function fileLine(report: FileReport, colours: Colours): string {
  const amounts = new Map<string, number>();
  for (const { transform } of report.changes) {
    amounts.set(transform, (amounts.get(transform) ?? 0) + 1);
  }
  const parts = [...amounts].map(([transform, amount]) => `${amount} ${transform}`);
  const result = report.status === "written" ? "changed" : "would change";
  const detail = parts.length === 0 ? "" : ` (${parts.join(", ")})`;
  return `${colours.bold(report.path)}: ${result}${detail}\n`;
}
