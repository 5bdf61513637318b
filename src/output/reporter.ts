import type { FileReport } from "./file-report.ts";
import type { Summary } from "./summary.ts";

export const formats = ["diff", "summary", "json", "sarif"] as const;
export type Format = (typeof formats)[number];

/**
 * Writes the report piece by piece, so that a run over thousands of files need not keep
 * them in memory. Each function returns the text that comes next.
 */
export interface Reporter {
  start(): string;
  file(report: FileReport): string;
  end(summary: Summary): string;
}
