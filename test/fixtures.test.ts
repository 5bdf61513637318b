import { describe, expect, test } from "vitest";
import { fix } from "../src/index.ts";
import { fixtureCases, fixtureFamilies, type FixtureCase } from "./fixture-cases.ts";

for (const transform of fixtureFamilies()) {
  describe(transform, () => {
    test.each(fixtureCases(transform).map((item) => [item.name, item] as const))(
      "%s",
      (_, item) => {
        check(item);
      },
    );
  });
}

test("every transform has cases that must change and cases that must not", () => {
  const counts = fixtureFamilies().map((transform) => {
    const cases = fixtureCases(transform);
    const changing = cases.filter(({ after }) => after !== undefined);
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

function check({ before, after, settings, options }: FixtureCase): void {
  const { notes = [], problems = [] } = settings;
  const result = fix(before.toString(), options);
  // The texts first, because their difference is easier to read; the bytes decide.
  expect(result.output).toBe((after ?? before).toString());
  expect(Buffer.from(result.output).equals(after ?? before)).toBe(true);
  expect(result.changes.length > 0).toBe(after !== undefined);
  expectEach(notes, result.notes);
  expectEach(problems, result.problems);
  if (problems.length === 0) expect(result.problems).toEqual([]);

  const again = fix(result.output, options);
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
