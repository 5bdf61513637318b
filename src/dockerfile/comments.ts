import { isSpace, skipSpace } from "./space.ts";
import type { Comment } from "./types.ts";

/** Whether the physical line from `start` to `end` is a comment: `#` is its first visible character. */
export function isComment(text: string, start: number, end: number): boolean {
  return text.charCodeAt(skipFast(text, start, end)) === 0x23;
}

/** The comment on the physical line from `start` to `end` (line break excluded). */
export function readComment(text: string, start: number, end: number): Comment {
  const hash = skipSpace(text, start, end);
  return {
    range: { start: hash, end },
    text: text.slice(hash + 1, end).trim(),
  };
}

function skipFast(text: string, start: number, end: number): number {
  return start < end && isSpace(text.charCodeAt(start))
    ? skipSpace(text, start, end)
    : start;
}
