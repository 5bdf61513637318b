import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readBuildContext } from "../src/files/build-context.ts";
import { fix, type FixOptions } from "../src/index.ts";

/**
 * `fixtures/<transform>/<case>/` holds `before.Dockerfile`, `after.Dockerfile` where the
 * transform has to change it, `context/` where it looks at the files of a build, and
 * `case.json` where the case needs more than that.
 * `fixtures/all/` holds files that several transforms change together.
 */
interface Case {
  readonly options?: Omit<FixOptions, "only">;
  /**
   * Run every transform as a user does who names none. Otherwise the one named by the folder
   * runs alone and counts as asked for, so that it also works where it would gain nothing
   * and on its own unsafe changes.
   */
  readonly all?: boolean;
  /** Each one is part of the message of some note. */
  readonly notes?: readonly string[];
  /** Each one is part of the message of some problem; without any, there may be none. */
  readonly problems?: readonly string[];
}

const root = new URL("../fixtures/", import.meta.url);

for (const transform of namesIn(root)) {
  const folder = new URL(`${transform}/`, root);
  describe(transform, () => {
    test.each(namesIn(folder))("%s", (name) => {
      check(transform, new URL(`${name}/`, folder));
    });
  });
}

test("every transform has cases that must change and cases that must not", () => {
  const counts = namesIn(root).map((transform) => {
    const folder = new URL(`${transform}/`, root);
    const cases = namesIn(folder);
    const changing = cases.filter((name) =>
      existsSync(new URL(`${name}/after.Dockerfile`, folder)),
    );
    return {
      transform,
      changing: changing.length,
      others: cases.length - changing.length,
    };
  });
  expect(counts).not.toEqual([]);
  for (const { transform, changing, others } of counts) {
    expect(changing, transform).toBeGreaterThan(0);
    expect(others, transform).toBeGreaterThan(0);
  }
});

function check(transform: string, folder: URL): void {
  const before = readFileSync(new URL("before.Dockerfile", folder));
  const afterFile = new URL("after.Dockerfile", folder);
  const after = existsSync(afterFile) ? readFileSync(afterFile) : undefined;
  const { options, all = false, notes = [], problems = [] } = readCase(folder);
  const contextFolder = new URL("context/", folder);
  const buildContext = existsSync(contextFolder)
    ? readBuildContext(
        fileURLToPath(contextFolder),
        fileURLToPath(new URL("before.Dockerfile", folder)),
      )
    : undefined;
  const settings: FixOptions = {
    ...options,
    ...(buildContext ? { findBuildContext: () => buildContext } : {}),
    ...(all ? {} : { only: [transform] }),
  };

  const result = fix(before.toString(), settings);
  // The texts first, because their difference is easier to read; the bytes decide.
  expect(result.output).toBe((after ?? before).toString());
  expect(Buffer.from(result.output).equals(after ?? before)).toBe(true);
  expect(result.changes.length > 0).toBe(after !== undefined);
  expectEach(notes, result.notes);
  expectEach(problems, result.problems);
  if (problems.length === 0) expect(result.problems).toEqual([]);

  const again = fix(result.output, settings);
  expect(again.output).toBe(result.output);
  expect(again.changes).toEqual([]);
}

function expectEach(
  parts: readonly string[],
  reported: readonly { readonly message: string }[],
): void {
  const messages = reported.map(({ message }) => message);
  for (const part of parts) {
    expect(messages).toContainEqual(expect.stringContaining(part));
  }
}

function readCase(folder: URL): Case {
  const file = new URL("case.json", folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Case) : {};
}

function namesIn(folder: URL): string[] {
  return readdirSync(fileURLToPath(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
