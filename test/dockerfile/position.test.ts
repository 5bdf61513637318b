import { expect, test } from "vitest";

import { createLocator } from "../../src/dockerfile/position.ts";

test.each([
  ["", 0, 1, 1],
  ["ab", 2, 1, 3],
  ["a\nb", 1, 1, 2],
  ["a\nb", 2, 2, 1],
  ["a\r\nb", 2, 1, 3],
  ["a\r\nb", 3, 2, 1],
  ["a\rb", 2, 1, 3],
  ["\n\n", 2, 3, 1],
  ["🐳b", 2, 1, 3],
])("%j at %i is %i:%i", (text, offset, line, column) => {
  expect(createLocator(text)(offset)).toEqual({ line, column });
});

test("offsets outside of the text are refused", () => {
  const locate = createLocator("a");
  expect(() => locate(-1)).toThrow(RangeError);
  expect(() => locate(2)).toThrow(RangeError);
});
