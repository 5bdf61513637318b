import { createContext, runInContext } from "node:vm";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fix, type FixOptions, type FixResult } from "../src/index.ts";

const two = "FROM debian:12\nRUN a\nRUN b\n";
const merged = "FROM debian:12\nRUN a \\\n    && b\n";

describe("the result", () => {
  test("of a file that can be improved", () => {
    expect(fix(two)).toEqual({
      output: merged,
      changes: [
        {
          transform: "merge-runs",
          level: "safe",
          message: "Merges 2 RUN instructions into one.",
          line: 2,
          column: 1,
          endLine: 3,
          endColumn: 6,
        },
      ],
      proposals: [],
      problems: [],
      notes: [],
      runCount: { before: 2, after: 1 },
    });
  });

  test("without proposals, which it takes time to look for", () => {
    const text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n";
    const all = fix(text);
    expect(all.proposals.map(({ transform }) => transform)).toContain("no-recommends");
    expect(fix(text, { listProposals: false })).toMatchObject({
      output: all.output,
      changes: all.changes,
      proposals: [],
    });
  });

  test("of a file that is fine", () => {
    expect(fix(merged)).toEqual({
      output: merged,
      changes: [],
      proposals: [],
      problems: [],
      notes: [],
      runCount: { before: 1, after: 1 },
    });
  });

  test("counts the RUNs of all stages, and no ONBUILD RUN", () => {
    const text =
      "FROM a AS x\nRUN a\nRUN b\nONBUILD RUN c\nFROM x\nRUN d\nRUN e\nRUN f\n";
    expect(fix(text).runCount).toEqual({ before: 5, after: 2 });
  });

  test("is the same for the same input, whatever was asked before", () => {
    const text = "FROM a\nRUN cd /x && a\nRUN b || c\nRUN $$\n";
    const first = fix(text);
    fix(text, { settings: { "merge-runs": { strategy: "when-it-saves" } } });
    fix(text, { skip: ["merge-runs"] });
    fix(two, { layout: { indent: "\t" } });
    expect(fix(text)).toEqual(first);
  });

  test("does not depend on the options for risk, as far as safe changes go", () => {
    expect(fix(two, { unsafe: true, propose: true, only: ["merge-runs"] }).output).toBe(
      merged,
    );
  });
});

describe("positions", () => {
  const only: FixOptions = { only: ["merge-runs"] };

  test("are those of the input, also behind a change", () => {
    const text = "FROM a\nRUN a\nRUN b\nCOPY x y\n\nRUN c\nRUN echo $$\n";
    const { notes, changes } = fix(text, only);
    expect(changes).toMatchObject([{ line: 2, endLine: 3 }]);
    expect(notes).toMatchObject([
      { transform: "merge-runs", line: 7, column: 1, endLine: 7, endColumn: 12 },
    ]);
  });

  test("are those of the input, also inside what was moved", () => {
    const text = 'FROM a\nRUN a\nEXPOSE 80\nRUN b\nCMD ["c"]\nRUN ["d"]\nRUN e\n';
    const { notes, changes } = fix(text, only);
    expect(changes).toMatchObject([{ line: 2, column: 1, endLine: 5, endColumn: 1 }]);
    expect(notes).toMatchObject([{ line: 6, column: 1, endLine: 6 }]);
  });

  test("count UTF-16 units and take CRLF for one line break", () => {
    const text = "FROM a\r\n# 😀\r\nRUN a\r\nRUN echo 😀\r\n";
    expect(fix(text, only).changes).toMatchObject([
      { line: 3, column: 1, endLine: 4, endColumn: 12 },
    ]);
  });

  test("of indented instructions start at the keyword", () => {
    const { changes } = fix("FROM a\n  RUN a\n  RUN b\n", only);
    expect(changes).toMatchObject([{ line: 2, column: 3, endLine: 3, endColumn: 8 }]);
  });
});

describe("bad input", () => {
  test.each([
    ["", 1],
    ["\n\n", 1],
    ["# a comment\n", 1],
    ["hello world\n", 1],
    ["RUN a\n", 1],
    ["FROM\n", 1],
    ["FROM a\nRNU b\n", 2],
    ["FROM a\nRUN a\n  FROM\n", 3],
    ["FROM a\nRUN <<EOF\na\n", 2],
    ["FROM a\nRUN --mount\n", 2],
    ["FROM a\nENV X\n", 2],
    ["ARG x\nRUN a\n", 1],
  ])("%j is a problem in line %i, and stays as it is", (text, line) => {
    const result = fix(text);
    expect(result).toMatchObject({ output: text, changes: [], notes: [], proposals: [] });
    expect(result.runCount.after).toBe(result.runCount.before);
    const [problem] = result.problems;
    expect(problem).toMatchObject({ kind: "invalid-input", line });
    expect(problem?.message).toMatch(/\S/);
    expect(problem?.hint).toMatch(/\S/);
  });

  test.each(["\0", "\ufeff", "\ud800", "FROM \ud800\nRUN \0\nRUN \udfff", "\\", "`\r"])(
    "%j does not throw",
    (text) => {
      expectSound(text);
    },
  );

  test("a file with a problem is left alone in its good parts, too", () => {
    const text = "FROM a\nRUN a\nRUN b\nNONSENSE\n";
    expect(fix(text)).toMatchObject({ output: text, changes: [] });
  });
});

describe("options", () => {
  test.each<[FixOptions, string]>([
    [{}, merged],
    [{ only: ["merge-runs"] }, merged],
    [{ only: [] }, two],
    [{ only: ["no-such-transform"] }, two],
    [{ skip: ["merge-runs"] }, two],
    [{ skip: ["no-such-transform"] }, merged],
    [{ only: ["merge-runs"], skip: ["merge-runs"] }, two],
    [{ settings: { "merge-runs": { strategy: "when-it-saves" } } }, two],
    [{ settings: { "merge-runs": { strategy: "always" } } }, merged],
    [{ layout: { indent: "\t" } }, "FROM debian:12\nRUN a \\\n\t&& b\n"],
    [{ layout: { operator: "trailing" } }, "FROM debian:12\nRUN a && \\\n    b\n"],
    [
      { layout: { indent: "  ", operator: "trailing" } },
      "FROM debian:12\nRUN a && \\\n  b\n",
    ],
  ])("%j", (options, output) => {
    expect(fix(two, options).output).toBe(output);
  });

  test("a file's own habit counts for more than the layout that was asked for", () => {
    const text = "FROM a\nRUN a \\\n && b\nRUN c\n";
    expect(fix(text, { layout: { indent: "\t", operator: "trailing" } }).output).toBe(
      "FROM a\nRUN a \\\n && b \\\n && c\n",
    );
  });
});

describe("size", () => {
  const run = (word: string, count: number): string =>
    `RUN echo ${Array.from({ length: count }, () => word).join(" ")}\n`;
  const longest = (text: string): number =>
    Math.max(...text.split(/^RUN /m).map((body) => Buffer.byteLength(body)));

  test("merging stops before a script is longer than 64 KiB", () => {
    const text = `FROM a\n${run("word", 4000).repeat(8)}`;
    const { output, notes, runCount } = fix(text);
    expect(longest(output)).toBeLessThanOrEqual(64 * 1024);
    expect(runCount).toEqual({ before: 8, after: 3 });
    expect(notes).toMatchObject([
      { line: 5, message: expect.stringContaining("64 KiB") as string },
      { line: 8, message: expect.stringContaining("64 KiB") as string },
    ]);
  });

  test("the limit counts bytes, not characters", () => {
    // 15,000 characters and 45,000 bytes each: two of them would have 30,000 characters.
    const text = `FROM a\n${run("名前名前", 3000).repeat(2)}`;
    const { output, notes } = fix(text);
    expect(output).toBe(text);
    expect(notes).toMatchObject([
      { line: 3, message: expect.stringContaining("64 KiB") as string },
    ]);
  });

  test("hundreds of RUNs take well under a second", () => {
    const text = `FROM a\n${"RUN a b\nRUN c || d\n".repeat(150)}`;
    const start = performance.now();
    expect(fix(text).runCount).toEqual({ before: 300, after: 1 });
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe("any text", () => {
  // The same code gets the same verdict; another seed is for looking further by hand.
  const seed = 2;
  const piece = fc.constantFrom(
    ..."FROM a\n|RUN |run |a|b|cd /x|set -e|x=1|exit 0|a &|if a; then b; fi|(a)|{ a; }".split(
      "|",
    ),
    ...[
      "&& ",
      "|| ",
      "; ",
      " | ",
      " # c",
      "\\\n",
      "\n",
      "\r\n",
      "# c\n",
      "\t",
      "$$",
      "'",
    ],
    ...[
      '"',
      "`",
      "$(a)",
      "<<EOF\n",
      "EOF\n",
      "EXPOSE 80\n",
      "ENV a=b\n",
      "--mount=type=ssh ",
    ],
    ...["# dockerslim-ignore\n", "# escape=`\n", '["a"]', 'SHELL ["/bin/bash", "-ec"]\n'],
  );

  test("is handled soundly", () => {
    const text = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(""));
    fc.assert(fc.property(text, expectSound), { numRuns: 300, seed });
  });

  test("that is a Dockerfile is handled soundly", () => {
    const line = fc
      .array(piece, { maxLength: 8 })
      .map((parts) => `RUN ${parts.join("")}\n`);
    const text = fc
      .array(line, { maxLength: 6 })
      .map((lines) => `FROM a\n${lines.join("")}`);
    fc.assert(fc.property(text, expectSound), { numRuns: 500, seed });
  });
});

/** What holds for every input whatsoever. */
function expectSound(text: string): void {
  const result = fix(text);
  expect(result.problems.filter(({ kind }) => kind === "internal-error")).toEqual([]);
  if (result.problems.length > 0) expect(result.output).toBe(text);
  expect(result.changes.length > 0).toBe(result.output !== text);
  expect(result.runCount.after).toBeLessThanOrEqual(result.runCount.before);
  const lines = text.split("\n").length;
  for (const { line, column, endLine, endColumn } of [
    ...result.changes,
    ...result.notes,
    ...result.problems,
  ]) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(endLine).toBeGreaterThanOrEqual(line);
    expect(endLine).toBeLessThanOrEqual(lines);
    if (endLine === line) expect(endColumn).toBeGreaterThanOrEqual(column);
  }
  const again = fix(result.output);
  expect(again.output).toBe(result.output);
  expect(again.changes).toEqual([]);
}

test("the built library runs where there is nothing of Node", () => {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("../dist/index.js", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "dockerslim",
    platform: "neutral",
  });
  // What the language itself lacks, but every browser has.
  const context = createContext({ TextDecoder, TextEncoder });
  runInContext(outputFiles[0]?.text ?? "", context);
  const script = `JSON.stringify(dockerslim.fix(${JSON.stringify(two)}))`;
  const result = JSON.parse(runInContext(script, context) as string) as FixResult;
  expect(result).toEqual(fix(two));
});
