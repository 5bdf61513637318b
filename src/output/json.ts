import type { FileReport } from "./file-report.ts";
import type { Reporter } from "./reporter.ts";
import type { Summary } from "./summary.ts";

/** `{"version":1,"files":[…],"summary":{…}}`, one file a line. */
export function jsonReporter(): Reporter {
  let first = true;
  return {
    start: () => '{"version":1,"files":[',
    file(report) {
      const separator = first ? "\n" : ",\n";
      first = false;
      return separator + JSON.stringify(fileEntry(report));
    },
    end: (summary) =>
      `${first ? "" : "\n"}],"summary":${JSON.stringify(summaryEntry(summary))}}\n`,
  };
}

function fileEntry({ path, status, changes, proposals, problems, diff }: FileReport) {
  return { path, status, changes, proposals, problems, diff };
}

function summaryEntry(summary: Summary) {
  const { files, byStatus, changes, changesByTransform, problems, runs, savedBytes } =
    summary;
  const proposals = summary.notApplied.unsafe + summary.notApplied.proposal;
  return {
    files,
    ...byStatus,
    changes,
    changesByTransform,
    proposals,
    problems,
    runs,
    savedBytes,
  };
}
