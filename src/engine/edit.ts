import { oncePer } from "../dockerfile/once-per.ts";
import { lastAtMost } from "../dockerfile/position.ts";
import type { Edit } from "./types.ts";

/**
 * Applies edits whose ranges don't overlap, in any order. Insertions at the same offset are
 * applied in the order given, and before what replaces the text behind it.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let position = 0;
  for (const { range, text: replacement } of inOrder(edits)) {
    pieces.push(text.slice(position, range.start), replacement);
    position = range.end;
  }
  pieces.push(text.slice(position));
  return pieces.join("");
}

function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return [...edits].sort(
    ({ range: a }, { range: b }) => a.start - b.start || a.end - b.end,
  );
}

export function overlap(edits: readonly Edit[]): boolean {
  const sorted = inOrder(edits);
  return sorted.some((edit, index) => {
    const next = sorted[index + 1];
    return next !== undefined && next.range.start < edit.range.end;
  });
}

/**
 * Maps an offset of the edited text to the offset of the text before the edits. An offset
 * inside inserted text goes to the start of the range that it replaced.
 */
export function originalOffset(edits: readonly Edit[], offset: number): number {
  const { starts, ordered, shifts } = placed(edits);
  const last = lastAtMost(starts, offset);
  const edit = ordered[last];
  const isInside = edit && offset < (starts[last] ?? 0) + edit.text.length;
  return isInside ? edit.range.start : offset - (shifts[last] ?? 0);
}

/** Edits in the order of the text, and where they are in the text that they make. */
interface Placed {
  readonly ordered: readonly Edit[];
  /** Of what each edit puts in, in the edited text. */
  readonly starts: readonly number[];
  /** By how much the text behind each edit has moved. */
  readonly shifts: readonly number[];
}

const placed = oncePer((edits: readonly Edit[]): Placed => {
  const ordered = inOrder(edits);
  const starts: number[] = [];
  const shifts: number[] = [];
  let shift = 0;
  for (const { range, text } of ordered) {
    starts.push(range.start + shift);
    shift += text.length - (range.end - range.start);
    shifts.push(shift);
  }
  return { ordered, starts, shifts };
});
