import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Runner } from "./oracle/native.ts";
import { startRunner, whyNoRunner } from "./oracle/native.ts";
import { compareDockerfiles } from "./oracle/oracle.ts";
import { filePairs } from "./oracle/pairs-different-file.ts";
import { shellPairs } from "./oracle/pairs-different-shell.ts";
import { equalPairs } from "./oracle/pairs-equal.ts";
import { describeVerdict } from "./oracle/verdict.ts";

const reason = whyNoRunner();
const differentPairs = [...shellPairs, ...filePairs];

describe.skipIf(reason !== undefined)(`the oracle ${reason ?? ""}`.trim(), () => {
  let runner: Runner;
  beforeAll(() => {
    runner = startRunner();
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

  describe("agrees with itself", () => {
    test.each([...differentPairs, ...equalPairs])("on $name", async ({ before }) => {
      const verdict = await compareDockerfiles(before, `${before}\n# end\n`, runner);
      expect(verdict.kind, describeVerdict(verdict)).toBe("equal");
    });
  });
});
