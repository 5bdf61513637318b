import type { LeftOut } from "./tools.ts";

/** One program's figures: numbers of files, but for the RUNs. */
export interface CompareRow {
  readonly name: string;
  /** Empty where the name says it all. */
  readonly version: string;
  readonly kind: string;
  /** Files with another text than before. */
  readonly changed: number;
  /** Files for which it had no output. */
  readonly failed: number;
  /** Changed files whose build the oracle found equal, and different. */
  readonly equal: number;
  readonly different: number;
  /** The first difference of each such file, as the oracle puts it, and how often. */
  readonly differences: Readonly<Record<string, number>>;
  /** Changed files that the oracle can't judge. */
  readonly notJudged: number;
  /** RUN instructions in all files; a file without an output counts as it was. */
  readonly runsAfter: number;
}

/** What is kept of a comparison in the repository; no text of the corpus. */
export interface CompareResult {
  /** Day of the run, as in 2026-01-31. */
  readonly date: string;
  readonly node: string;
  readonly corpus: {
    readonly files: number;
    readonly fingerprint: string;
    readonly sample: number;
    readonly seed: number;
  };
  readonly runsBefore: number;
  readonly rows: readonly CompareRow[];
  readonly leftOut: readonly LeftOut[];
}

export const compareRecord = new URL("../../test/compare-result.json", import.meta.url);

/** Behaviour kept, of the changed files that were judged; undefined where none was. */
function keptShare({ equal, different }: CompareRow): string | undefined {
  const judged = equal + different;
  if (judged === 0) return undefined;
  const percent = (100 * equal) / judged;
  // 100 % is said of all of them, and of nothing less.
  return `${different === 0 ? "100" : Math.min(percent, 99.9).toFixed(1)} %`;
}

/** The table of the README and of the command, in Markdown. */
export function compareTable({ corpus, runsBefore, rows }: CompareResult): string {
  return [
    "| tool | files changed | no output | behaviour kept | RUNs before | RUNs after |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map((row) =>
      [
        "",
        `${row.name} ${row.version} (${row.kind})`.replace("  ", " "),
        `${row.changed} of ${corpus.sample}`,
        row.failed,
        `${keptShare(row) ?? "–"} (${row.equal} of ${row.equal + row.different})`,
        runsBefore,
        row.runsAfter,
        "",
      ]
        .join(" | ")
        .trim(),
    ),
  ].join("\n");
}
