import type { VerifyReport } from "../verify/report.ts";
import { code, table, text } from "./markdown.ts";
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

const mostDifferences = 50;

/** For a comment on a pull request. */
export function verifyMarkdown(report: VerifyReport): string {
  const { before, after, gone, differences, builder, isSame } = report;
  const wrong = differences.filter(({ judgement }) => judgement === "differs");
  const rest = wrong.length - mostDifferences;
  const run = runText(report);
  return [
    `### ${isSame ? "✅" : "❌"} ${verdict(report)}\n`,
    table(
      ["", "before", "after"],
      [
        ["Dockerfile", code(before.name), code(after.name)],
        ["size", byteSize(before.bytes), text(sizeAfter(report))],
        ["layers", String(before.layers.length), String(after.layers.length)],
        ["build", seconds(before.buildMilliseconds), seconds(after.buildMilliseconds)],
      ],
    ),
    table(
      ["size", "layer before", "size", "layer after"],
      layerPairs(report).map((pair) => [
        pair.before === undefined ? "" : byteSize(pair.before.bytes),
        code(layerName(pair.before)),
        pair.after === undefined ? "" : byteSize(pair.after.bytes),
        code(layerName(pair.after)),
      ]),
    ),
    ...(gone.length === 0
      ? []
      : [
          table(
            ["gone", "largest files that the layers no longer hold"],
            gone.map(({ path, bytes }) => [byteSize(bytes), code(path)]),
          ),
        ]),
    ...(differences.length === 0
      ? []
      : [
          table(
            ["difference", "what", "judgement"],
            [
              ...wrong
                .slice(0, mostDifferences)
                .map((one) => [
                  code(one.subject),
                  text(differenceText(one)),
                  "**not allowed**",
                ]),
              ...allowedGroups(report).map((group) => [
                code(group.place),
                text(group.text),
                `allowed: ${text(group.reason)}`,
              ]),
            ],
          ),
        ]),
    ...(rest > 0 ? [`${count(rest, "more difference")}.\n`] : []),
    `Built with ${builder}${run === undefined ? "" : `; ${run}`}.\n`,
  ].join("\n");
}
