import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { adjacentRuns } from "../scripts/regress/adjacency.ts";
import { brokenLimits, setbacks } from "../scripts/regress/compare.ts";
import { sampleFiles } from "../scripts/regress/corpus.ts";
import { figuresOf } from "../scripts/regress/figures.ts";
import { measure } from "../scripts/regress/measure.ts";
import { brokenOracleLimits, oracleSetbacks } from "../scripts/regress/oracle-compare.ts";
import {
  corpusFigures,
  fixtureFigures,
  type JudgedFile,
  type OracleFigures,
} from "../scripts/regress/oracle-figures.ts";
import { keepsUntouchedLines } from "../scripts/regress/untouched-lines.ts";
import { whyNoRunner } from "./oracle/native.ts";

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

describe("the caches that RUNs leave behind", () => {
  const debian = (...lines: readonly string[]) => ["FROM debian:12", ...lines].join("\n");

  test.each([
    ["cleaned", debian("RUN apt-get update && apt-get install -y jq"), ["apt: cleaned"]],
    ["kept out by the option", "FROM python:3.12\nRUN pip install x", ["pip: cleaned"]],
    [
      "of merged RUNs",
      debian("RUN apt-get update", "RUN apt-get install -y jq"),
      ["apt: cleaned"],
    ],
    [
      "by a script that isn't read",
      debian("RUN <<E\napt-get update\napt-get install jq\nE"),
      ["apt: heredocs are left as they are"],
    ],
    [
      "in text for another user's shell",
      debian("RUN su app -c 'npm ci'"),
      ["npm: cleaned"],
    ],
    [
      "needed later",
      debian("RUN apt-get update && apt-get install -y jq", "USER 0", "RUN ./x"),
      ["apt: a script further down may need it"],
    ],
    [
      "moved, and not to a mount",
      "FROM node:20\nENV npm_config_cache=/c\nRUN npm ci",
      ["npm: its cache was moved or switched off"],
    ],
    [
      "none: cleaned already",
      debian("RUN apt-get update && rm -rf /var/lib/apt/lists/*"),
      [],
    ],
    [
      "none: switched off",
      "FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install x",
      [],
    ],
    [
      "none: a mount",
      "FROM node:20\nRUN --mount=type=cache,target=/root/.npm npm ci",
      [],
    ],
    ["none: in no image", `${debian("RUN apt-get update")}\nFROM scratch`, []],
    ["none: the store is what is installed", "FROM node:20\nRUN pnpm install", []],
  ])("%s", (_, text, expected) => {
    const found = measure({ id: "1", text: `${text}\n` }).leftBehind;
    expect(
      found.map(({ manager, reason = "cleaned" }) => `${manager}: ${reason}`),
    ).toEqual(expected);
  });

  test("are a setback where fewer are cleaned", () => {
    const figures = figuresOf([measure({ id: "1", text: "FROM node:20\nRUN npm ci\n" })]);
    const { npm } = figures.caches.managers;
    expect(npm).toEqual({ left: 1, cleaned: 1 });
    const worse = { managers: { npm: { left: 1, cleaned: 0 } }, reasons: {} };
    expect(setbacks(figures, { ...figures, caches: worse })).toEqual([
      "RUNs cleaned of npm's cache: 0, was 1",
    ]);
  });
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

describe("the oracle's figures", () => {
  const equal = { kind: "equal", events: 10, injected: 3, complete: true } as const;
  const incomplete = { ...equal, events: 4, complete: false };
  const skipped = { kind: "skipped", reason: "endless" } as const;
  const difference = { situation: "", summary: "", before: "", after: "", details: [] };
  const different = { kind: "different", difference } as const;
  const files = ["1", "2", "3"].map((id) => ({ id, text: "" }));
  const figures = (judged: readonly JudgedFile[], corpus = files): OracleFigures => ({
    corpus: corpusFigures(corpus, 3, judged),
    fixtures: fixtureFigures([{ id: "merge-runs/a", changes: [], verdict: equal }], []),
  });
  const good = figures([
    { id: "1", changes: ["merge-runs", "merge-runs"], verdict: equal },
    { id: "2", changes: ["merge-runs", "no-cache-flags"], verdict: equal },
  ]);

  test("count a file for each transform that changed it", () => {
    const merged = { files: 2, changes: 3, alone: 1, equal: 2, events: 20 };
    expect(good.corpus.transforms["merge-runs"]).toMatchObject(merged);
    const flagged = { files: 1, changes: 1, alone: 0, equal: 1, events: 10 };
    expect(good.corpus.transforms["no-cache-flags"]).toMatchObject(flagged);
    expect(good.corpus.total).toMatchObject({ files: 2, equal: 2, events: 20 });
  });

  test("are no setback to themselves", () => {
    expect([...brokenOracleLimits(good), ...oracleSetbacks(good, good, true)]).toEqual(
      [],
    );
  });

  test("may have no difference and few skips, whatever was recorded", () => {
    const bad = figures([
      { id: "1", changes: ["merge-runs"], verdict: different },
      { id: "2", changes: ["merge-runs"], verdict: skipped },
    ]);
    expect(brokenOracleLimits(bad)).toEqual([
      "1 corpus files behave differently, must be 0",
      "50.00 % of the corpus files skipped, must be at most 5.00 %",
    ]);
  });

  test("get worse by each file that is judged less far, in a sample too", () => {
    const sample = figures([
      { id: "1", changes: ["merge-runs"], verdict: incomplete },
      { id: "2", changes: ["merge-runs"], verdict: skipped },
    ]);
    const setbacks = [
      "2 is skipped: endless",
      "1 is judged only up to where a script stops by itself",
    ];
    expect(oracleSetbacks(good, sample, false)).toEqual(setbacks);
    expect(oracleSetbacks(sample, sample, false)).toEqual([]);
    expect(oracleSetbacks(sample, good, false)).toEqual([]);
  });

  test("get worse by fewer steps, for each transform", () => {
    const fewer = figures([
      { id: "1", changes: ["merge-runs"], verdict: equal },
      { id: "2", changes: ["merge-runs"], verdict: { ...equal, events: 9 } },
    ]);
    expect(oracleSetbacks(good, fewer, true)).toEqual([
      "corpus: steps compared: 19, was 20",
      "no-cache-flags: files equal: 0, was 1",
      "no-cache-flags: steps compared: 0, was 10",
      "no-cache-flags: failures tried: 0, was 3",
      "merge-runs: steps compared: 19, was 20",
    ]);
  });

  test("of other files aren't compared", () => {
    const others = figures([], files.slice(1));
    expect(oracleSetbacks(good, others, true)).toHaveLength(1);
  });

  test("that are recorded keep the limits", () => {
    expect(brokenOracleLimits(recorded("oracle-baseline.json") as OracleFigures)).toEqual(
      [],
    );
  });
});

test("files that failed once are listed by id, each with the reason", () => {
  const reasons = Object.entries(recorded("oracle-once-failed.json") as object);
  expect(reasons.length).toBeGreaterThan(2);
  for (const [id, reason] of reasons) {
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(reason).toMatch(/^[A-Z][^\n]+\.$/);
  }
});

test("a sample is the same for the same seed, and another one for another", () => {
  const files = Array.from({ length: 100 }, (_, i) => ({ id: `file ${i}`, text: "" }));
  const ids = (seed: number) => sampleFiles(files, 10, seed).map(({ id }) => id);
  expect(ids(20260101)).toHaveLength(10);
  expect(ids(20260101)).toEqual(ids(20260101));
  expect(ids(20260101)).not.toEqual(ids(20260102));
});

describe.skipIf(whyNoRunner() !== undefined)("npm run regress -- --oracle", () => {
  const regress = (...words: readonly string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "scripts/regress.ts", ...words], {
      cwd: new URL("..", import.meta.url),
      encoding: "utf8",
    });

  test("judges one file of a corpus", () => {
    const folder = mkdtempSync(join(tmpdir(), "dockerslim-regress-"));
    const corpus = join(folder, "corpus.jsonl");
    const row = { id: "0123456789ab", text: "FROM x\nRUN a\nRUN b\n" };
    writeFileSync(corpus, `${JSON.stringify(row)}\n`);
    const one = regress("--oracle", "--corpus", corpus, "--id", row.id);
    const none = regress("--oracle", "--corpus", corpus, "--id", "nothing");
    rmSync(folder, { recursive: true });
    expect(one.stdout).toMatch(/^merge-runs +1 +1 +0 +0 +0 +2 +2$/m);
    expect(one.status).toBe(0);
    expect(none.stdout).toContain("has no file nothing");
    expect(none.status).toBe(1);
  });

  test("records all files or none", () => {
    const { status, stderr } = regress("--oracle", "--update", "--sample", "3");
    expect(stderr).toContain("--sample doesn't go with it");
    expect(status).toBe(2);
  });
});

function recorded(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
}
