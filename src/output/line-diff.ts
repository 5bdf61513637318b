import { diffArrays } from "diff";

/** Lines `oldStart..oldEnd` were replaced by `newStart..newEnd`; half-open, 0-based. */
export interface Region {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/**
 * Above this many edits a piece without any common unique line is shown as replaced as a
 * whole: a minimal diff of it would take time in the square of its length.
 */
const maxEdits = 1000;

/**
 * The regions in which two lists of lines differ, in order. Lines that occur exactly once
 * on both sides serve as anchors (patience diff), so that the time grows with the length
 * of the file and not with the number of changes; only the pieces between them are
 * compared in full.
 */
export function differingRegions(
  before: readonly string[],
  after: readonly string[],
): Region[] {
  const regions: Region[] = [];
  const open: Region[] = [
    { oldStart: 0, oldEnd: before.length, newStart: 0, newEnd: after.length },
  ];
  // A stack instead of recursion; pieces are pushed last to first, so regions come in order.
  for (let piece = open.pop(); piece !== undefined; piece = open.pop()) {
    const trimmed = withoutCommonEnds(piece, before, after);
    if (trimmed.oldStart === trimmed.oldEnd || trimmed.newStart === trimmed.newEnd) {
      if (trimmed.oldStart < trimmed.oldEnd || trimmed.newStart < trimmed.newEnd) {
        regions.push(trimmed);
      }
      continue;
    }
    const anchors = commonUniqueLines(trimmed, before, after);
    if (anchors.length === 0) regions.push(...comparedInFull(trimmed, before, after));
    else open.push(...piecesBetween(trimmed, anchors).reverse());
  }
  return regions;
}

function withoutCommonEnds(
  piece: Region,
  before: readonly string[],
  after: readonly string[],
): Region {
  let { oldStart, oldEnd, newStart, newEnd } = piece;
  while (oldStart < oldEnd && newStart < newEnd && before[oldStart] === after[newStart]) {
    oldStart += 1;
    newStart += 1;
  }
  while (
    oldStart < oldEnd &&
    newStart < newEnd &&
    before[oldEnd - 1] === after[newEnd - 1]
  ) {
    oldEnd -= 1;
    newEnd -= 1;
  }
  return { oldStart, oldEnd, newStart, newEnd };
}

interface Anchor {
  readonly oldIndex: number;
  readonly newIndex: number;
}

/** Unique common lines, thinned out to those that stand in the same order on both sides. */
function commonUniqueLines(
  piece: Region,
  before: readonly string[],
  after: readonly string[],
): Anchor[] {
  const oldIndexes = uniqueLines(before, piece.oldStart, piece.oldEnd);
  const newIndexes = uniqueLines(after, piece.newStart, piece.newEnd);
  const common: Anchor[] = [];
  for (const [line, oldIndex] of oldIndexes) {
    const newIndex = newIndexes.get(line);
    if (oldIndex !== undefined && newIndex !== undefined) {
      common.push({ oldIndex, newIndex });
    }
  }
  common.sort((left, right) => left.oldIndex - right.oldIndex);
  return longestIncreasing(common);
}

/** Index of each line that occurs once; undefined for one that occurs more often. */
function uniqueLines(
  lines: readonly string[],
  start: number,
  end: number,
): Map<string, number | undefined> {
  const indexes = new Map<string, number | undefined>();
  for (let index = start; index < end; index += 1) {
    const line = lines[index] ?? "";
    indexes.set(line, indexes.has(line) ? undefined : index);
  }
  return indexes;
}

/** Longest run of anchors with increasing `newIndex`, by patience sorting. */
function longestIncreasing(anchors: readonly Anchor[]): Anchor[] {
  const tops: { anchor: Anchor; previous: number }[] = [];
  const links: { anchor: Anchor; previous: number }[] = [];
  const topLinks: number[] = [];
  for (const anchor of anchors) {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tops[middle]?.anchor.newIndex ?? Infinity) < anchor.newIndex) low = middle + 1;
      else high = middle;
    }
    const link = { anchor, previous: low > 0 ? (topLinks[low - 1] ?? -1) : -1 };
    links.push(link);
    tops[low] = link;
    topLinks[low] = links.length - 1;
  }
  const chain: Anchor[] = [];
  let link = links[topLinks.at(-1) ?? -1];
  while (link !== undefined) {
    chain.push(link.anchor);
    link = links[link.previous];
  }
  return chain.reverse();
}

function piecesBetween(piece: Region, anchors: readonly Anchor[]): Region[] {
  const pieces: Region[] = [];
  let { oldStart, newStart } = piece;
  for (const { oldIndex, newIndex } of anchors) {
    if (oldIndex > oldStart || newIndex > newStart) {
      pieces.push({ oldStart, oldEnd: oldIndex, newStart, newEnd: newIndex });
    }
    oldStart = oldIndex + 1;
    newStart = newIndex + 1;
  }
  pieces.push({ oldStart, oldEnd: piece.oldEnd, newStart, newEnd: piece.newEnd });
  return pieces;
}

function comparedInFull(
  piece: Region,
  before: readonly string[],
  after: readonly string[],
): Region[] {
  const parts = diffArrays(
    before.slice(piece.oldStart, piece.oldEnd),
    after.slice(piece.newStart, piece.newEnd),
    { maxEditLength: maxEdits },
  );
  if (parts === undefined) return [piece];

  const regions: Region[] = [];
  let oldIndex = piece.oldStart;
  let newIndex = piece.newStart;
  let regionStart: { oldStart: number; newStart: number } | undefined;
  for (const part of parts) {
    if (part.added || part.removed) {
      regionStart ??= { oldStart: oldIndex, newStart: newIndex };
    } else if (regionStart !== undefined) {
      regions.push({ ...regionStart, oldEnd: oldIndex, newEnd: newIndex });
      regionStart = undefined;
    }
    if (!part.added) oldIndex += part.count;
    if (!part.removed) newIndex += part.count;
  }
  if (regionStart !== undefined) {
    regions.push({ ...regionStart, oldEnd: oldIndex, newEnd: newIndex });
  }
  return regions;
}
