/** Whole Dockerfiles: stages of RUNs with other instructions and comments between them. */
import fc from "fast-check";
import type { FixOptions } from "../../src/index.ts";
import { transforms } from "../../transforms/index.ts";
import { barriers, comments, configuration, images } from "./lines.ts";
import { runInstruction } from "./runs.ts";
import type { Dialect } from "./words.ts";

export interface FuzzCase {
  readonly text: string;
  readonly options: FixOptions;
  /** Ids of transforms, for lists whose order may not matter. */
  readonly ids: readonly string[];
}

const headers = [
  "# syntax=docker/dockerfile:1",
  "# escape=\\",
  "# check=skip=JSONArgsRecommended",
  "# dockerslim-ignore-file no-cache-flags",
  "# hadolint global ignore=DL3009",
  "ARG TAG=12",
  "# note\n# more",
];

/** What a stage does first, and which scripts its shell can read. */
const shells: readonly (readonly [Dialect, string])[] = [
  ["bash", 'SHELL ["/bin/bash", "-c"]'],
  ["bash", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]'],
  ["bash", 'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]'],
  ["bash", 'SHELL ["/bin/bash", "-euxo", "pipefail", "-c"]'],
  ["bash", 'SHELL ["/usr/bin/env", "bash", "-c"]'],
  ["sh", 'SHELL ["/bin/sh", "-e", "-c"]'],
  ["sh", 'SHELL ["/bin/ash", "-o", "pipefail", "-c"]'],
  ["sh", 'SHELL ["/bin/sh", "-exc"]'],
];

/** The lines of a stage behind its FROM. */
function stageBody(dialect: Dialect, copies: readonly string[]): fc.Arbitrary<string[]> {
  const run = runInstruction(dialect);
  const item = fc.oneof(
    { withCrossShrink: true },
    { arbitrary: run, weight: 14 },
    { arbitrary: fc.constantFrom(...comments), weight: 2 },
    { arbitrary: fc.constantFrom(...configuration), weight: 1 },
    { arbitrary: fc.constantFrom(...barriers, ...copies), weight: 2 },
  );
  return fc
    .tuple(run, fc.array(item, { minLength: 1, maxLength: 4 }))
    .map(([first, rest]) => [first, ...rest]);
}

function stage(copies: readonly string[]): fc.Arbitrary<string[]> {
  const ofShell = ([dialect, line]: readonly [Dialect, string]): fc.Arbitrary<string[]> =>
    stageBody(dialect, copies).map((body) => [line, ...body]);
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: stageBody("sh", copies), weight: 6 },
    { arbitrary: fc.oneof(...shells.map(ofShell)), weight: 3 },
  );
}

interface TextStyle {
  readonly crlf: boolean;
  readonly mark: boolean;
  /** What the file ends with. */
  readonly end: string;
  readonly indent: string;
  readonly backtick: boolean;
}

const textStyle: fc.Arbitrary<TextStyle> = fc.record({
  crlf: rarely(),
  mark: rarely(),
  end: fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant("\n"), weight: 9 },
    fc.constantFrom("", " ^\n", " ^\n\n", " ^", " ^\n# note\n", "\n\n  \n# note"),
  ),
  indent: fc.oneof(
    { arbitrary: fc.constant(""), weight: 9 },
    fc.constantFrom("  ", "\t"),
  ),
  backtick: rarely(),
});

function rarely(): fc.Arbitrary<boolean> {
  return fc.oneof(
    { arbitrary: fc.constant(false), weight: 8 },
    { arbitrary: fc.boolean(), weight: 1 },
  );
}

const stageNames = ["base", "build", "Final"];

function stages(): fc.Arbitrary<string[]> {
  const image = fc.constantFrom(...images);
  const single = fc
    .tuple(image, stage([]))
    .map(([from, body]) => [`FROM ${from}`, ...body]);
  const several = fc
    .array(fc.tuple(image, fc.nat(4), stage(["COPY --from=0 /opt /opt"])), {
      minLength: 2,
      maxLength: 3,
    })
    .map((list) =>
      list.flatMap(([from, parent, body], index) => [
        `FROM ${parent < index ? stageNames[parent] : from} AS ${stageNames[index]}`,
        ...body,
      ]),
    );
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: single, weight: 5 },
    { arbitrary: several, weight: 1 },
  );
}

const dockerfile: fc.Arbitrary<string> = fc
  .tuple(
    textStyle,
    fc.oneof(
      { arbitrary: fc.constant([]), weight: 4 },
      { arbitrary: fc.subarray(headers, { maxLength: 2 }), weight: 1 },
    ),
    stages(),
  )
  .map(([style, header, lines]) => {
    const escape = style.backtick ? "`" : "\\";
    const first = style.backtick ? ["# escape=`"] : [];
    const text = [...first, ...header, ...lines.map((line) => style.indent + line)]
      .join("\n")
      .concat(style.end)
      .replace(/\^(?=[ \t]*(\n|$))/g, escape);
    const whole = `${style.mark ? "\uFEFF" : ""}${text}`;
    return style.crlf ? whole.replaceAll("\n", "\r\n") : whole;
  });

export const allIds = transforms.map(({ id }) => id);

const options: fc.Arbitrary<FixOptions> = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.constant({}), weight: 12 },
  {
    arbitrary: fc.constantFrom<FixOptions>(
      ...allIds.map((id) => ({ skip: [id] })),
      { only: ["merge-runs"] },
      { settings: { "merge-runs": { strategy: "when-it-saves" } } },
      { layout: { indent: "\t", operator: "trailing" } },
    ),
    weight: 1,
  },
);

export function fuzzCase(): fc.Arbitrary<FuzzCase> {
  return fc.record({ text: dockerfile, options, ids: fc.shuffledSubarray(allIds) });
}
