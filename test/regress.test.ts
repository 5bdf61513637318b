import { describe, expect, test } from "vitest";
import { adjacentRuns } from "../scripts/regress/adjacency.ts";
import { brokenLimits, setbacks } from "../scripts/regress/compare.ts";
import { figuresOf } from "../scripts/regress/figures.ts";
import { measure } from "../scripts/regress/measure.ts";
import { keepsUntouchedLines } from "../scripts/regress/untouched-lines.ts";

const change = (line: number, endLine: number) => ({
  transform: "merge-runs",
  level: "safe" as const,
  message: "",
  line,
  column: 1,
  endLine,
  endColumn: 1,
});

describe("lines that no change speaks of", () => {
  const before = "FROM x\nRUN a\nRUN b\nCMD c\n";

  test.each([
    ["kept around a change", "FROM x\nRUN a && b\nCMD c\n", true],
    ["lost at the start", "RUN a && b\nCMD c\n", false],
    ["lost at the end", "FROM x\nRUN a && b\n", false],
    ["changed in their line break", "FROM x\r\nRUN a && b\nCMD c\n", false],
    ["swallowed by the change", "FROM x\nRUN a && b CMD c\n", false],
  ])("%s", (_, after, expected) => {
    expect(keepsUntouchedLines(before, after, [change(2, 3)])).toBe(expected);
  });

  test("out of order between two changes", () => {
    const text = "FROM x\nRUN a\nUSER p\nRUN b\nUSER q\n";
    const swapped = "FROM x\nUSER q\nUSER p\n";
    expect(keepsUntouchedLines(text, swapped, [change(2, 2), change(4, 4)])).toBe(false);
  });

  test("without a change, nothing may differ", () => {
    expect(keepsUntouchedLines(before, before, [])).toBe(true);
    expect(keepsUntouchedLines(before, `${before}\n`, [])).toBe(false);
  });
});

test.each([
  ["RUN a\nRUN b\nRUN c", 2],
  ["RUN a\nLABEL x=y\nEXPOSE 80\nRUN b", 1],
  ["RUN a\nENV x=y\nRUN b", 0],
  ["RUN a\nFROM y\nRUN b", 0],
  ['RUN a\nRUN ["b"]\nRUN c', 0],
  ["RUN a\nRUN <<E\nb\nE\nRUN c", 0],
  ["RUN --network=none a\nRUN b", 0],
  ["RUN --network=none --mount=type=ssh a\nRUN --mount=type=ssh --network=none b", 1],
])("counts the merges that adjacency allows in %j", (instructions, expected) => {
  expect(adjacentRuns(`FROM x\n${instructions}\n`)).toBe(expected);
});

describe("the comparison with the recorded figures", () => {
  const measured = [
    measure({ id: "1", text: "FROM x\nRUN a\nRUN b\n" }),
    measure({ id: "2", text: "FROM x\nNONSENSE\n" }),
  ];
  const figures = figuresOf(measured);

  test("is content with equal figures", () => {
    expect([...brokenLimits(figures), ...setbacks(figures, figures)]).toEqual([]);
  });

  test("names each figure that got worse", () => {
    const better = {
      ...figures,
      merges: { possible: 2, made: 2 },
      changedFiles: 2,
      invalidInput: {},
    };
    expect(setbacks(better, figures)).toEqual([
      "refused as invalid: 1, was 0",
      "files changed: 1, was 2",
      "merges made: 1, was 2",
    ]);
  });

  test("doesn't compare other files", () => {
    expect(setbacks(figures, figuresOf(measured.slice(1)))).toHaveLength(1);
  });

  test("accepts no fault and no low share, whatever was recorded", () => {
    const faulty = {
      ...figures,
      faults: { ...figures.faults, internalErrors: 2 },
      merges: { possible: 10, made: 8 },
    };
    expect(brokenLimits(faulty)).toHaveLength(2);
  });
});
