import type { Colours } from "./colour.ts";
import { printable, shortened } from "./printable.ts";

const narrowest = 20;

/** The last column takes what is left of the width; without one, as much as it needs. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  {
    width = Infinity,
    colours,
    right,
  }: {
    readonly width?: number;
    readonly colours: Colours;
    readonly right: ReadonlySet<string>;
  },
): string {
  const last = head.length - 1;
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const used = widths.slice(0, last).reduce((sum, size) => sum + size + 2, 0);
  const room = Math.max(narrowest, width - used);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        if (column === last) return shortened(printable(cell), room);
        const size = widths[column] ?? 0;
        return right.has(head[column] ?? "") ? cell.padStart(size) : cell.padEnd(size);
      })
      .join("  ")
      .trimEnd();
  return [colours.dim(line(head)), ...rows.map(line)].map((text) => `${text}\n`).join("");
}
