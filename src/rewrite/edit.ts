import type { Edit } from "./types.ts";

/**
 * Applies edits whose ranges don't overlap, in any order. Edits at the same offset are
 * applied in the order given.
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
  return [...edits].sort((a, b) => a.range.start - b.range.start);
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
  let shift = 0;
  for (const { range, text } of inOrder(edits)) {
    const start = range.start + shift;
    if (offset < start) break;
    if (offset < start + text.length) return range.start;
    shift += text.length - (range.end - range.start);
  }
  return offset - shift;
}
