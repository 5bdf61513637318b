import { createdByLine } from "../images/history/created-by.ts";
import type { HistoryReport, HistoryRow, WasteRow } from "../images/history/report.ts";
import type { Colours } from "./colour.ts";
import { printable, shortened } from "./printable.ts";
import { table } from "./table.ts";
import { byteSize, count } from "./wording.ts";

const barWidth = 10;
const wasteLines = 20;

/** The first sentence of the definition is in the documentation, too. */
export const efficiencyDefinition =
  "the part of all bytes in the layers' files that a container still sees";

/**
 * Tables for people, the newest layer first, as `docker history` has it.
 *
 * @param width Columns of the terminal.
 */
export function historyText(
  report: HistoryReport,
  { width, colours }: { readonly width: number; readonly colours: Colours },
): string {
  const title = [...report.names, report.platform].map(printable).join("  ");
  return [
    `${colours.bold(title)}\n`,
    layerTable(report, width, colours),
    totals(report, colours),
    ...(report.waste.length === 0 ? [] : [wasteTable(report.waste, colours)]),
  ].join("\n");
}

function layerTable(report: HistoryReport, width: number, colours: Colours): string {
  const withLines = report.rows.some(({ line }) => line !== undefined);
  const cells = report.rows
    .toReversed()
    .map((row) => [
      row.layer === undefined ? "" : String(row.layer),
      row.created?.slice(0, 10) ?? "",
      row.layer === undefined ? "0 bytes" : byteSize(row.bytes),
      row.layer === undefined ? "" : shareBar(row, report),
      row.wastedBytes === 0 ? "" : byteSize(row.wastedBytes),
      ...(withLines ? [row.line === undefined ? "" : String(row.line)] : []),
      createdByLine(row.createdBy) || "(not in the image's history)",
    ]);
  const head = ["LAYER", "CREATED", "SIZE", "SHARE", "WASTE"];
  return table([...head, ...(withLines ? ["LINE"] : []), "CREATED BY"], cells, {
    width,
    colours,
    right: new Set(["LAYER", "SIZE", "WASTE", "LINE"]),
  });
}

function shareBar({ bytes }: HistoryRow, report: HistoryReport): string {
  const share = report.bytes === 0 ? 0 : bytes / report.bytes;
  const full = Math.round(share * barWidth);
  const percent = `${(100 * share).toFixed(0)} %`.padStart(5);
  return `${"█".repeat(full)}${"░".repeat(barWidth - full)} ${percent}`;
}

function totals(report: HistoryReport, colours: Colours): string {
  const layers = report.rows.filter(({ layer }) => layer !== undefined).length;
  const { wastedBytes } = report;
  const waste = byteSize(wastedBytes);
  return [
    `Size        ${byteSize(report.bytes)} in ${count(layers, "layer")}; ${byteSize(report.packedBytes)} as stored\n`,
    `Waste       ${wastedBytes === 0 ? waste : colours.yellow(waste)}, written in one layer and deleted or overwritten in a later one\n`,
    `Efficiency  ${percent(report.efficiency)}, ${efficiencyDefinition}\n`,
  ].join("");
}

/** Rounded down, so that an image with waste never shows 100 %. */
export function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

function wasteTable(waste: readonly WasteRow[], colours: Colours): string {
  const shown = waste.slice(0, wasteLines);
  const rest = waste.slice(wasteLines);
  const cells = shown.map((row) => [
    byteSize(row.bytes),
    `${row.writtenIn} -> ${row.removedIn}`,
    String(row.files),
    row.kind,
    shortened(printable(row.path), 40),
    row.remedy.transform ?? "-",
    row.remedy.advice,
  ]);
  const lines = table(
    ["WASTE", "LAYERS", "FILES", "", "PATH", "REMOVED BY", "WHY"],
    cells,
    { colours, right: new Set(["WASTE", "FILES"]) },
  );
  if (rest.length === 0) return lines;
  const bytes = rest.reduce((sum, row) => sum + row.bytes, 0);
  return `${lines}${count(rest.length, "more line")} with ${byteSize(bytes)}: --format json shows all.\n`;
}
