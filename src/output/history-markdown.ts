import { createdByLine } from "../images/history/created-by.ts";
import type { HistoryReport } from "../images/history/report.ts";
import { efficiencyDefinition, percent } from "./history-text.ts";
import { code, table, text } from "./markdown.ts";
import { byteSize } from "./wording.ts";

const wasteLines = 20;

/** For a comment on a pull request; the newest layer first. */
export function historyMarkdown(report: HistoryReport): string {
  const withLines = report.rows.some(({ line }) => line !== undefined);
  const rows = report.rows
    .toReversed()
    .map((row) => [
      row.layer === undefined ? "" : String(row.layer),
      byteSize(row.bytes),
      row.layer === undefined || report.bytes === 0
        ? ""
        : `${((100 * row.bytes) / report.bytes).toFixed(0)} %`,
      row.wastedBytes === 0 ? "" : byteSize(row.wastedBytes),
      ...(withLines ? [row.line === undefined ? "" : String(row.line)] : []),
      code(createdByLine(row.createdBy)),
    ]);
  const waste = report.waste
    .slice(0, wasteLines)
    .map(({ bytes, writtenIn, removedIn, files, kind, path, remedy }) => [
      byteSize(bytes),
      `${writtenIn} → ${removedIn}`,
      String(files),
      `${kind} ${code(path)}`,
      remedy.transform === undefined ? "" : code(remedy.transform),
      text(remedy.advice),
    ]);
  const name = report.names[0];
  const { efficiency } = report;
  return [
    `### Layers${name === undefined ? "" : ` of ${code(name)}`}\n`,
    table(
      ["layer", "size", "share", "waste", ...(withLines ? ["line"] : []), "created by"],
      rows,
    ),
    `**Size** ${byteSize(report.bytes)}, ${byteSize(report.packedBytes)} as stored · **Waste** ${byteSize(report.wastedBytes)} · **Efficiency** ${percent(efficiency)} (${efficiencyDefinition})\n`,
    ...(waste.length === 0
      ? []
      : [table(["waste", "layers", "files", "path", "removed by", "why"], waste)]),
  ].join("\n");
}
