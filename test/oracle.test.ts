import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Runner } from "./oracle/native.ts";
import { startRunner, whyNoRunner } from "./oracle/native.ts";
import { compareDockerfiles } from "./oracle/oracle.ts";
import { differentUpdatePairs, equalUpdatePairs } from "./oracle/pairs-apt-update.ts";
import { differentMountPairs, equalMountPairs } from "./oracle/pairs-cache-mounts.ts";
import { wrongCleanupPairs } from "./oracle/pairs-different-cleanup.ts";
import { filePairs } from "./oracle/pairs-different-file.ts";
import { shellPairs } from "./oracle/pairs-different-shell.ts";
import { cleanupPairs } from "./oracle/pairs-equal-cleanup.ts";
import { differentManagerPairs, equalManagerPairs } from "./oracle/pairs-managers.ts";
import { samePairs } from "./oracle/pairs-equal-steps.ts";
import { judgePairs, type Judgement, type Task } from "./oracle/processes.ts";
import { describeVerdict } from "./oracle/verdict.ts";

const reason = whyNoRunner();
const differentPairs = [
  ...shellPairs,
  ...filePairs,
  ...wrongCleanupPairs,
  ...differentManagerPairs,
  ...differentMountPairs,
  ...differentUpdatePairs,
];
const equalPairs = [
  ...samePairs,
  ...cleanupPairs,
  ...equalManagerPairs,
  ...equalMountPairs,
  ...equalUpdatePairs,
];

describe.skipIf(reason !== undefined).each([
  { how: "as the system allows", wanted: undefined },
  { how: "by their paths alone", wanted: "paths" as const },
])(`the oracle, shells confined $how ${reason ?? ""}`.trim(), ({ wanted }) => {
  let runner: Runner;
  beforeAll(() => {
    runner = startRunner(wanted);
  });
  afterAll(() => {
    runner.close();
  });

  describe("tells apart", () => {
    test.each(differentPairs)("$name", async ({ before, after }) => {
      const verdict = await compareDockerfiles(before, after, runner);
      expect(verdict.kind, describeVerdict(verdict)).toBe("different");
    });
  });

  describe("finds equal", () => {
    test.each(equalPairs)("$name", async ({ before, after }) => {
      const verdict = await compareDockerfiles(before, after, runner);
      expect(verdict.kind, describeVerdict(verdict)).toBe("equal");
    });
  });

  test("shows the first step in which two builds differ", async () => {
    const before = "FROM x\nRUN cd /w && make\nRUN install y\n";
    const after = "FROM x\nRUN cd /w && make && install y\n";
    const verdict = await compareDockerfiles(before, after, runner);
    expect(describeVerdict(verdict).split("\n").slice(0, 4)).toEqual([
      "different: the builds take different steps, when every command succeeds",
      "  before  line 3: install y",
      "  after   line 2: install y",
      "  working directory: / → /w",
    ]);
  });

  if (wanted === "paths") return;
  describe("agrees with itself", () => {
    test.each([...differentPairs, ...equalPairs])("on $name", async ({ before }) => {
      const verdict = await compareDockerfiles(before, `${before}\n# end\n`, runner);
      expect(verdict.kind, describeVerdict(verdict)).toBe("equal");
    });
  });
});

test.skipIf(reason !== undefined)("judges many pairs in several processes", async () => {
  const after = "FROM x\nRUN a && b\n";
  const tasks: Task[] = [
    { id: "merged well", before: "FROM x\nRUN a\nRUN b\n", after, options: {} },
    { id: "merged badly", before: "FROM x\nRUN a\nRUN b || c\n", after, options: {} },
    { id: "unreadable", before: "RUN a\nRUN b\n", after, options: {} },
    {
      id: "a function that calls itself for ever",
      before: "FROM x\nRUN a\nRUN f() { cd /w && f; }; f\n",
      after: "FROM x\nRUN a && { f() { cd /w && f; }; f; }\n",
      options: {},
    },
    {
      id: "a function that only one of both calls for ever",
      before: "FROM x\nRUN f() { cd /w && g; }; f\n",
      after: "FROM x\nRUN f() { cd /w && f; }; f\n",
      options: {},
    },
  ];
  const judgements: Judgement[] = [];
  await judgePairs(tasks, (judgement) => judgements.push(judgement));
  const kinds = Object.fromEntries(
    judgements.map(({ id, verdict }) => [id, verdict.kind]),
  );
  expect(kinds).toEqual({
    "merged well": "equal",
    "merged badly": "different",
    unreadable: "skipped",
    "a function that calls itself for ever": "skipped",
    "a function that only one of both calls for ever": "different",
  });
});
