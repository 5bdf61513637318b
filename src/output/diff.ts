import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatchHunk } from "diff";
import type { Colours } from "./colour.ts";
import { differingRegions, type Region } from "./line-diff.ts";

const contextLines = 3;

/**
 * Unified diff with `a/` and `b/` paths that `git apply` takes, byte for byte: line
 * endings and a missing last newline are kept, odd file names are quoted as git does it.
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  return formatPatch(
    {
      oldFileName: `a/${path}`,
      newFileName: `b/${path}`,
      oldHeader: undefined,
      newHeader: undefined,
      hunks: diffHunks(before, after),
    },
    FILE_HEADERS_ONLY,
  );
}

/** The hunks of a unified diff; each line begins with its mark and has no line feed. */
export function diffHunks(before: string, after: string): StructuredPatchHunk[] {
  const oldLines = linesOf(before);
  const newLines = linesOf(after);
  return grouped(differingRegions(oldLines, newLines)).map((regions) =>
    hunkOf(regions, oldLines, newLines),
  );
}

/** Colours as git shows them. */
export function colouredDiff(diff: string, colours: Colours): string {
  return diff
    .split("\n")
    .map((line) => {
      if (line.startsWith("--- ") || line.startsWith("+++ ")) return colours.bold(line);
      if (line.startsWith("@@")) return colours.cyan(line);
      if (line.startsWith("+")) return colours.green(line);
      if (line.startsWith("-")) return colours.red(line);
      return line;
    })
    .join("\n");
}

/** Lines with their line feeds; the last one may lack it. */
function linesOf(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  return lines.length === 1 && lines[0] === "" ? [] : lines;
}

/** Regions that share context lines go into one hunk. */
function grouped(regions: readonly Region[]): Region[][] {
  const groups: Region[][] = [];
  for (const region of regions) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    if (group && previous && region.oldStart - previous.oldEnd <= 2 * contextLines) {
      group.push(region);
    } else {
      groups.push([region]);
    }
  }
  return groups;
}

function hunkOf(
  regions: readonly Region[],
  oldLines: readonly string[],
  newLines: readonly string[],
): StructuredPatchHunk {
  const first = regions[0] ?? { oldStart: 0, oldEnd: 0, newStart: 0, newEnd: 0 };
  const leading = Math.min(contextLines, first.oldStart);
  const oldStart = first.oldStart - leading;
  const newStart = first.newStart - leading;
  const lines: string[] = [];
  const add = (mark: string, line: string) => {
    if (line.endsWith("\n")) lines.push(mark + line.slice(0, -1));
    else lines.push(mark + line, "\\ No newline at end of file");
  };
  let oldIndex = oldStart;
  for (const region of regions) {
    for (const line of oldLines.slice(oldIndex, region.oldStart)) add(" ", line);
    for (const line of oldLines.slice(region.oldStart, region.oldEnd)) add("-", line);
    for (const line of newLines.slice(region.newStart, region.newEnd)) add("+", line);
    oldIndex = region.oldEnd;
  }
  const trailing = oldLines.slice(oldIndex, oldIndex + contextLines);
  for (const line of trailing) add(" ", line);
  const last = regions.at(-1) ?? first;
  return {
    oldStart: oldStart + 1,
    oldLines: last.oldEnd + trailing.length - oldStart,
    newStart: newStart + 1,
    newLines: last.newEnd + trailing.length - newStart,
    lines,
  };
}
