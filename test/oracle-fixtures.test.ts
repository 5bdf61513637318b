import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixtureRewrites } from "../scripts/regress/fixtures.ts";
import { transforms } from "../transforms/index.ts";
import type { Runner } from "./oracle/native.ts";
import { startRunner, whyNoRunner } from "./oracle/native.ts";
import { compareDockerfiles } from "./oracle/oracle.ts";
import { describeVerdict } from "./oracle/verdict.ts";

const reason = whyNoRunner();

describe.skipIf(reason !== undefined)(
  `what changes in fixtures ${reason ?? ""}`.trim(),
  () => {
    const rewrites = fixtureRewrites();
    let runner: Runner;
    beforeAll(() => {
      runner = startRunner();
    });
    afterAll(() => {
      runner.close();
    });

    test.each(rewrites.filter(({ isSafe }) => isSafe))(
      "$id behaves as before",
      async ({ before, after }) => {
        const verdict = await compareDockerfiles(before, after, runner);
        expect(verdict.kind, describeVerdict(verdict)).toBe("equal");
      },
    );

    test.each(transforms.filter(({ level }) => level === "safe"))(
      "of $id are judged",
      ({ id }) => {
        const own = rewrites.filter(({ transform }) => transform === id);
        const judged = own.filter(({ isSafe }) => isSafe);
        expect(judged.length).toBeGreaterThan(0.9 * own.length);
      },
    );
  },
);
