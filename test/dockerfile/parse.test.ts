import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { Dockerfile, Instruction, Range } from "../../src/dockerfile/types.ts";
import { ODD_HEREDOCS } from "./odd-heredocs.ts";
import { ODD_ARGUMENTS } from "./odd-arguments.ts";
import type { Expected } from "./odd-input.ts";
import { ODD_LINES } from "./odd-lines.ts";

const INPUTS = [...ODD_LINES, ...ODD_ARGUMENTS, ...ODD_HEREDOCS];

function summary(
  instruction: Instruction,
  { text }: Dockerfile,
): Required<Omit<Expected, "json">> & Pick<Instruction, "json"> {
  const slice = ({ start, end }: Range) => text.slice(start, end);
  return {
    keyword: instruction.keyword,
    source: slice(instruction.range),
    body: instruction.body.text,
    flags: instruction.flags.map(({ name, value }) =>
      value === undefined ? name : `${name}=${value}`,
    ),
    heredocs: instruction.heredocs.map(({ range }) => slice(range)),
    heredocBodies: instruction.heredocs.map(({ bodyRange }) => slice(bodyRange)),
    json: instruction.json,
    leading: instruction.leadingComments.map(({ range }) => slice(range)),
    inner: instruction.innerComments.map(({ range }) => slice(range)),
  };
}

describe("odd inputs", () => {
  test.each(INPUTS)("$name", ({ text, instructions }) => {
    const dockerfile = parseDockerfile(text);
    expect(dockerfile.instructions.map((found) => summary(found, dockerfile))).toEqual(
      instructions.map((expected) => ({
        source: `${expected.keyword} ${expected.body}`,
        flags: [],
        heredocs: [],
        heredocBodies: [],
        json: undefined,
        leading: [],
        inner: [],
        ...expected,
      })),
    );
  });
});

/** What holds for every text, valid or not. */
function expectConsistency(text: string): void {
  const dockerfile = parseDockerfile(text);
  const uncovered = text.split("");
  let previous = 0;
  for (const { body, range } of dockerfile.instructions) {
    expect(range.start).toBeGreaterThanOrEqual(previous);
    expect(range.end).toBeGreaterThan(range.start);
    previous = range.end;
    uncovered.fill("", range.start, range.end);

    let offset = range.start - 1;
    for (const [position, character] of body.text.split("").entries()) {
      const next = body.offsetAt(position);
      expect(text[next]).toBe(character);
      expect(next).toBeGreaterThan(offset);
      offset = next;
    }
    const end = body.offsetAt(body.text.length);
    if (body.text !== "") expect(end).toBe(offset + 1);
    expect(end).toBeGreaterThanOrEqual(range.start);
    expect(end).toBeLessThanOrEqual(range.end);
  }
  for (const { range } of [...dockerfile.comments, ...dockerfile.directives]) {
    uncovered.fill("", range.start, range.end);
  }
  if (!text.includes("\0")) {
    // U+0085 is white space for Go and none for JavaScript.
    expect(uncovered.join("").replaceAll("\u0085", "").trim()).toBe("");
  }
  for (const { range } of dockerfile.problems) {
    expect(range.start).toBeGreaterThanOrEqual(0);
    expect(range.end).toBeGreaterThanOrEqual(range.start);
    expect(range.end).toBeLessThanOrEqual(text.length);
  }
}

describe("instructions, comments and directives cover the text, bodies map back", () => {
  test.each(INPUTS)("$name", ({ text }) => {
    expectConsistency(text);
    expectConsistency(text.replaceAll("\n", "\r\n"));
  });

  test("any text", () => {
    const pieces = fc.constantFrom(
      ..."\n|\n|\r\n|\\|\\\n| |\t|#|# escape=`\n|`|FROM a|RUN |ONBUILD |COPY ".split("|"),
      ..."--a=|--|<<E|<<-'E'|E\n|\"|'|[|]|$|${a:-|}|ENV b=|\u00a0|\u0085|é|🐳|\0|\uFEFF".split(
        "|",
      ),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        expectConsistency(parts.join(""));
      }),
      { numRuns: 2000 },
    );
  });
});

test("deep nesting doesn't exhaust the stack", () => {
  for (const open of ["${a:-", "[", "ONBUILD ", '"${a+']) {
    const body = open.repeat(20_000);
    for (const start of ["FROM ", "ENV b=", "RUN <<E ", "RUN ", ""]) {
      expect(() => parseDockerfile(start + body)).not.toThrow();
    }
  }
});

test("flags and keywords have the ranges of what is written", () => {
  const text = 'FROM a\nco\\\npy --chown="b c" \\\n --link d e';
  const copy = parseDockerfile(text).instructions[1];
  const slice = ({ start, end }: Range) => text.slice(start, end);
  expect(copy && slice(copy.keywordRange)).toBe("co\\\npy");
  expect(copy?.flags.map(({ range }) => slice(range))).toEqual([
    '--chown="b c"',
    "--link",
  ]);
});

test("the end of a body is just behind its last character, not on the next line", () => {
  const text = "FROM a\nRUN b\\\n\n\\\n";
  const body = parseDockerfile(text).instructions[1]?.body;
  expect(body?.text).toBe("b");
  expect(body?.offsetAt(1)).toBe(text.indexOf("b") + 1);
});

test("an empty body stands behind keyword and flags", () => {
  const text = "FROM a\nRUN --network=none   ";
  const run = parseDockerfile(text).instructions[1];
  expect(run?.body.offsetAt(0)).toBe(text.trimEnd().length);
});

test("positions outside of the body are refused", () => {
  const body = parseDockerfile("FROM a").instructions[0]?.body;
  expect(() => body?.offsetAt(-1)).toThrow(RangeError);
  expect(() => body?.offsetAt(2)).toThrow(RangeError);
});

test("heredocs say how their delimiter is written", () => {
  const text = "FROM a\nCOPY <<A <<-'B' /c\nA\n\tb\n\tB\n";
  const heredocs = parseDockerfile(text).instructions[1]?.heredocs;
  expect(
    heredocs?.map(({ name, quoted, stripTabs, terminatorRange }) => ({
      name,
      quoted,
      stripTabs,
      terminator: text.slice(terminatorRange.start, terminatorRange.end),
    })),
  ).toEqual([
    { name: "A", quoted: false, stripTabs: false, terminator: "A" },
    { name: "B", quoted: true, stripTabs: true, terminator: "B" },
  ]);
});

test("the file's own facts", () => {
  const text = "# syntax = docker/dockerfile:1\r\n#escape=`\r\n#  note \r\nFROM a\r\n";
  const { escape, lineBreak, directives, comments, problems } = parseDockerfile(text);
  expect({ escape, lineBreak, problems }).toEqual({
    escape: "`",
    lineBreak: "\r\n",
    problems: [],
  });
  expect(directives.map(({ name, value }) => [name, value])).toEqual([
    ["syntax", "docker/dockerfile:1"],
    ["escape", "`"],
  ]);
  expect(comments.map((comment) => comment.text)).toEqual(["note"]);
});

test("200,000 lines parse in linear time", () => {
  const text = "FROM a\n" + "RUN b \\\n# c\n\n && d <<< e\n".repeat(50_000);
  const start = performance.now();
  parseDockerfile(text);
  // Quadratic time would be minutes; the limit leaves room for a busy machine.
  expect(performance.now() - start).toBeLessThan(5_000);
});
