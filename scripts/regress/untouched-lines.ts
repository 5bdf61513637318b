import type { FixResult } from "../../src/index.ts";

/**
 * Whether the lines that no change speaks of are in the output, byte for byte and in
 * order. Knows only the two texts and the reported lines, nothing of the engine.
 */
export function keepsUntouchedLines(
  before: string,
  after: string,
  changes: FixResult["changes"],
): boolean {
  if (changes.length === 0) return after === before;
  const lines = before.split(/(?<=\n)/);
  const touched = new Set<number>();
  for (const { line, endLine } of changes) {
    for (let number = line; number <= endLine; number += 1) touched.add(number);
  }
  let position = 0;
  let index = 0;
  while (index < lines.length) {
    const start = index;
    while (index < lines.length && !touched.has(index + 1)) index += 1;
    const segment = lines.slice(start, index).join("");
    const isLast = index === lines.length;
    const found = isLast
      ? lastPosition(after, segment)
      : start === 0
        ? firstPosition(after, segment)
        : nextPosition(after, segment, position);
    if (found === undefined || found < position) return false;
    position = found + segment.length;
    while (index < lines.length && touched.has(index + 1)) index += 1;
  }
  return true;
}

function firstPosition(text: string, segment: string): number | undefined {
  return text.startsWith(segment) ? 0 : undefined;
}

function lastPosition(text: string, segment: string): number | undefined {
  const position = text.length - segment.length;
  return text.endsWith(segment) && startsLine(text, position) ? position : undefined;
}

function nextPosition(text: string, segment: string, from: number): number | undefined {
  for (
    let found = text.indexOf(segment, from);
    found !== -1;
    found = text.indexOf(segment, found + 1)
  ) {
    if (startsLine(text, found)) return found;
  }
  return undefined;
}

function startsLine(text: string, position: number): boolean {
  return position === 0 || position === text.length || text[position - 1] === "\n";
}
