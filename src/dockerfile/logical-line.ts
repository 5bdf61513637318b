import { isComment, readComment } from "./comments.ts";
import { lastAtMost } from "./position.ts";
import { isSpace, skipSpace, trimSpaceEnd } from "./space.ts";
import type { Comment, LogicalText, Range } from "./types.ts";

/** The physical lines of one instruction, joined as BuildKit joins them. */
export interface LogicalLine {
  readonly text: string;
  /** For each joined piece: where it starts in `text`. Ascending. */
  readonly positions: readonly number[];
  /** For each joined piece: where it starts in the file. */
  readonly offsets: readonly number[];
  /** First to last visible character in the file, escape characters included. */
  readonly range: Range;
  /** Start of the physical line after the last one that was read. */
  readonly next: number;
  /** Comment lines between (or, at the end of the file, after) the joined lines. */
  readonly comments: readonly Comment[];
}

/** A physical line; `end` excludes the line break, of which `\r` may occur repeatedly. */
export interface PhysicalLine {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

export function readPhysicalLine(text: string, start: number): PhysicalLine {
  const newline = text.indexOf("\n", start);
  const next = newline === -1 ? text.length : newline + 1;
  let end = newline === -1 ? text.length : newline;
  while (end > start && text.charCodeAt(end - 1) === 0x0d) end--;
  return { start, end, next };
}

/**
 * Reads the instruction that begins on `first` (a line that is neither blank nor a comment).
 *
 * BuildKit drops the escape character and the blanks after it, and adds nothing in their
 * place; it strips the indentation of the first line only. Comment lines and blank lines
 * never end an instruction, so a dangling escape character swallows the blank lines below.
 */
export function readLogicalLine(
  text: string,
  first: PhysicalLine,
  escape: string,
): LogicalLine {
  const start = skipSpace(text, first.start, first.end);
  let continued = continuation(text, start, first.end, escape);
  if (continued === undefined) {
    return {
      text: text.slice(start, first.end),
      positions: [0],
      offsets: [start],
      range: { start, end: trimSpaceEnd(text, start, first.end) },
      next: first.next,
      comments: [],
    };
  }
  let end = continued + 1;
  let next = first.next;
  const pieces = [text.slice(start, continued)];
  const positions = [0];
  const offsets = [start];
  let length = continued - start;
  const comments: Comment[] = [];
  while (continued !== undefined && next < text.length) {
    const line = readPhysicalLine(text, next);
    next = line.next;
    if (isComment(text, line.start, line.end)) {
      comments.push(readComment(text, line.start, line.end));
      continue;
    }
    const visibleEnd = trimSpaceEnd(text, line.start, line.end);
    if (visibleEnd === line.start) continue;
    continued = continuation(text, line.start, line.end, escape);
    const pieceEnd = continued ?? line.end;
    if (pieceEnd > line.start) {
      pieces.push(text.slice(line.start, pieceEnd));
      positions.push(length);
      offsets.push(line.start);
      length += pieceEnd - line.start;
    }
    end = visibleEnd;
  }
  return {
    text: pieces.join(""),
    positions,
    offsets,
    range: { start, end },
    next,
    comments,
  };
}

/**
 * Where the escape character stands that continues the line; undefined if none does. A
 * doubled escape character at the end is no continuation, and neither is a tripled one.
 */
function continuation(
  text: string,
  start: number,
  end: number,
  escape: string,
): number | undefined {
  let last = end - 1;
  while (last >= start && (text[last] === " " || text[last] === "\t")) last--;
  if (last < start || text[last] !== escape) return undefined;
  return last > start && text[last - 1] === escape ? undefined : last;
}

/** Offset in the file of the character at `position` of the line's text. */
function lineOffset(line: LogicalLine, position: number): number {
  const piece = line.positions.length === 1 ? 0 : lastAtMost(line.positions, position);
  return (line.offsets[piece] ?? 0) + position - (line.positions[piece] ?? 0);
}

/** Range in the file of the characters from `start` to `end` of the line's text. */
export function lineRange(line: LogicalLine, start: number, end: number): Range {
  if (start === end) {
    const at = start === 0 ? line.range.start : lineOffset(line, start - 1) + 1;
    return { start: at, end: at };
  }
  return { start: lineOffset(line, start), end: lineOffset(line, end - 1) + 1 };
}

/** The part of a logical line from `start` to `end`; both are positions in its text. */
export function sliceLine(line: LogicalLine, start: number, end: number): LogicalText {
  const text = line.text.slice(start, end);
  return {
    text,
    offsetAt(position) {
      if (!(position >= 0 && position <= text.length)) {
        throw new RangeError(`Position ${position} is outside of the instruction.`);
      }
      // The end belongs to the last character and not to the one after it, which may
      // stand on another physical line.
      return position < text.length
        ? lineOffset(line, start + position)
        : lineRange(line, end - (text === "" ? 0 : 1), end).end;
    },
  };
}

export function isBlankLine(text: string, line: PhysicalLine): boolean {
  if (line.start === line.end) return true;
  if (!isSpace(text.charCodeAt(line.start))) return false;
  return skipSpace(text, line.start, line.end) === line.end;
}
