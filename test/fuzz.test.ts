import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fuzzOptions } from "../scripts/fuzz/options.ts";
import type { FixOptions, FixResult } from "../src/index.ts";
import { fix } from "../src/index.ts";
import { checkChunk } from "./fuzz/chunk.ts";
import type { Runner } from "./oracle/native.ts";
import { startRunner, whyNoRunner } from "./oracle/native.ts";

const reason = whyNoRunner();
const patience = 120_000;
const examples = ["go", "node", "python"].map((name) =>
  readFileSync(
    new URL(`../examples/${name}-service/Dockerfile`, import.meta.url),
    "utf8",
  ),
);

test(
  "what fix makes of generated Dockerfiles holds up",
  async () => {
    const result = await checkChunk({ seed: 1, cases: 150, failures: 0, shrinks: 0 });
    expect(result.failure).toBeUndefined();
    expect(result.cases).toBe(150);
    expect(result.changed).toBeGreaterThan(75);
  },
  patience,
);

test(
  "what fix makes of mutants of real Dockerfiles holds up",
  async () => {
    const chunk = { seed: 1, cases: 40, failures: 0, shrinks: 0, files: examples };
    const result = await checkChunk(chunk);
    expect(result.failure).toBeUndefined();
    expect(result.cases).toBe(40);
    expect(result.changed).toBeGreaterThan(20);
  },
  patience,
);

test("a fix that isn't stable is found", async () => {
  const appending = (text: string, options?: FixOptions): FixResult => ({
    ...fix(text, { ...options, only: [] }),
    output: `${text}#`,
    changes: [change],
  });
  const result = await checkChunk(
    { seed: 1, cases: 20, failures: 0, shrinks: 0 },
    { fix: appending },
  );
  expect(result.failure?.property).toBe("a second run changes nothing");
});

describe.skipIf(reason !== undefined)("with real shells", () => {
  let runner: Runner;
  beforeAll(() => {
    runner = startRunner();
  });
  afterAll(() => {
    runner.close();
  });

  test(
    "generated Dockerfiles and their rewrites behave alike",
    async () => {
      const result = await checkChunk(
        { seed: 2, cases: 40, failures: 2, shrinks: 10 },
        { runner },
      );
      expect(result.failure).toBeUndefined();
      expect(result.equal).toBeGreaterThan(result.changed / 2);
    },
    patience,
  );

  test(
    "a fix that joins RUNs blindly is found, and its failure can be replayed",
    async () => {
      const chunk = { seed: 3, cases: 40, failures: 2, shrinks: 10 };
      const { failure } = await checkChunk(chunk, { runner, fix: joinBlindly });
      expect(failure?.property).toBe("both behave alike");
      const path = failure?.path;
      const replay = { ...chunk, path };
      const again = await checkChunk(replay, { runner, fix: joinBlindly });
      expect(again.failure?.before).toBe(failure?.before);
    },
    patience,
  );
});

test("the arguments are checked", () => {
  expect(fuzzOptions(["--cases", "20", "--seed", "7"])).toEqual({
    cases: 20,
    seed: 7,
    path: undefined,
    corpus: undefined,
    update: false,
  });
  expect(fuzzOptions(["--mutants", "--corpus", "x"])).toMatchObject({ corpus: "x" });
  expect(fuzzOptions(["--mutants", "--update"])).toContain("--update records");
  expect(fuzzOptions(["--cases", "many"])).toContain("--cases takes a whole number");
  expect(fuzzOptions(["--path", "x"])).toContain("--path takes numbers");
  expect(fuzzOptions(["--path", "1:2", "--update"])).toContain("--update records a run");
  expect(fuzzOptions(["--count", "2"])).toContain("--count");
});

const change = {
  transform: "merge-runs",
  level: "safe",
  message: "",
  line: 1,
  column: 1,
  endLine: 1000,
  endColumn: 1,
} as const;

/** Joins what stands on two lines without a look at it. */
function joinBlindly(text: string, options?: FixOptions): FixResult {
  const output = text.replace(/(?<=^RUN .*[^\\`\s])\nRUN (?=[a-z])/gm, " && ");
  const result = fix(text, { ...options, only: [] });
  return { ...result, output, changes: output === text ? [] : [change] };
}
