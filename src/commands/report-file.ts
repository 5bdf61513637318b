import type { FileProblem } from "../files/problem.ts";
import { printable } from "../output/printable.ts";
import { sentences } from "../output/wording.ts";

/** Where a page goes that is written when the work is done. */
export interface ReportFile {
  /** @returns Why it was not written; undefined: it was. */
  write(page: () => Promise<string>): Promise<string | undefined>;
}

/**
 * For --report: makes sure, before the work begins, that the file can be written.
 *
 * @param inputs Paths of files that the command reads; undefined ones don't count.
 * @returns A string says why it can't; undefined: no page is asked for.
 */
export async function reportFileFor(
  path: string | undefined,
  inputs: readonly (string | undefined)[],
): Promise<ReportFile | string | undefined> {
  if (path === undefined) return undefined;
  const { reportFileProblem, writeReportFile } = await import("../files/report-file.ts");
  const say = (problem: FileProblem | undefined) =>
    problem && sentences(printable(`${path}: ${problem.message}`), problem.hint);
  const read = inputs.filter((input) => input !== undefined);
  const problem = await reportFileProblem(path, read);
  if (problem !== undefined) return say(problem);
  return { write: async (page) => say(await writeReportFile(path, await page())) };
}
