import type { VerifyReport } from "../verify/report.ts";
import type { Difference } from "../verify/types.ts";
import type { Colours } from "./colour.ts";
import { printable, shortened } from "./printable.ts";
import { table } from "./table.ts";
import {
  allowedGroups,
  differenceText,
  layerName,
  layerPairs,
  runText,
  seconds,
  sizeAfter,
  verdict,
} from "./verify-wording.ts";
import { byteSize, count } from "./wording.ts";

const mostWrong = 100;
const narrowestName = 16;

/**
 * Tables for people, the bottom layer first, as in the Dockerfile.
 *
 * @param width Columns of the terminal.
 */
export function verifyText(
  report: VerifyReport,
  { width, colours }: { readonly width: number; readonly colours: Colours },
): string {
  const { before, after, gone, differences, isSame } = report;
  const wrong = differences.filter(({ judgement }) => judgement === "differs");
  const allowed = differences.filter(({ judgement }) => judgement === "allowed");
  const run = runText(report);
  return [
    summary(report, width, colours),
    layers(report, width, colours),
    ...(gone.length === 0
      ? []
      : [
          table(
            ["GONE", "LARGEST FILES THAT THE LAYERS NO LONGER HOLD"],
            gone.map(({ path, bytes }) => [byteSize(bytes), path]),
            { width, colours, right: new Set(["GONE"]) },
          ),
        ]),
    ...(wrong.length === 0 ? [] : [differenceTable(wrong, width, colours)]),
    ...(allowed.length === 0 ? [] : [allowedTable(report, width, colours)]),
    [
      ...(run === undefined ? [] : [`Run     ${run}\n`]),
      ...[before, after].flatMap(({ image }) =>
        image === undefined ? [] : [`Kept    ${image}\n`],
      ),
      `${isSame ? colours.green(verdict(report)) : colours.red(verdict(report))}.\n`,
    ].join(""),
  ].join("\n");
}

function summary(report: VerifyReport, width: number, colours: Colours): string {
  const { before, after, builder } = report;
  const cells = [
    ["Dockerfile", before.name, after.name],
    ["Size", byteSize(before.bytes), sizeAfter(report)],
    ["Layers", String(before.layers.length), String(after.layers.length)],
    ["Build", seconds(before.buildMilliseconds), seconds(after.buildMilliseconds)],
  ];
  return table(["", "BEFORE", "AFTER"], cells, {
    width,
    colours,
    right: new Set(),
  }).concat(`Built with ${builder}\n`);
}

function layers(report: VerifyReport, width: number, colours: Colours): string {
  const sizeWidth = 9;
  const nameWidth = Math.max(narrowestName, Math.floor((width - 2 * sizeWidth - 6) / 2));
  const name = (text: string) => shortened(printable(text), nameWidth);
  const size = (bytes: number | undefined) =>
    bytes === undefined ? "" : byteSize(bytes);
  const cells = layerPairs(report).map(({ before, after }) => [
    size(before?.bytes),
    name(layerName(before)),
    size(after?.bytes),
    name(layerName(after)),
  ]);
  return table(["SIZE", "LAYER BEFORE", "SIZE ", "LAYER AFTER"], cells, {
    width,
    colours,
    right: new Set(["SIZE", "SIZE "]),
  });
}

function differenceTable(
  differences: readonly Difference[],
  width: number,
  colours: Colours,
): string {
  const cells = differences
    .slice(0, mostWrong)
    .map((one) => [shortened(printable(one.subject), 60), differenceText(one)]);
  const rest = differences.length - mostWrong;
  return table(["DIFFERENT", "WHAT"], cells, {
    width,
    colours,
    right: new Set(),
  }).concat(rest > 0 ? `${count(rest, "more line")}: --format json shows all.\n` : "");
}

function allowedTable(report: VerifyReport, width: number, colours: Colours): string {
  const cells = allowedGroups(report).map(({ place, reason, text }) => [
    shortened(printable(place), 60),
    reason,
    text,
  ]);
  return table(["ALLOWED", "WHY", "WHAT"], cells, { width, colours, right: new Set() });
}
