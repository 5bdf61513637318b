export interface Position {
  /** 1-based; lines end at `\n`. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

/**
 * Prepares the lookup of lines and columns in `text`.
 *
 * @returns a function from an offset (UTF-16 units, 0 to `text.length`) to its position;
 * it takes O(log lines).
 */
export function createLocator(text: string): (offset: number) => Position {
  const starts = [0];
  for (
    let newline = text.indexOf("\n");
    newline !== -1;
    newline = text.indexOf("\n", newline + 1)
  ) {
    starts.push(newline + 1);
  }
  return (offset) => {
    if (!(offset >= 0 && offset <= text.length)) {
      throw new RangeError(`Offset ${offset} is outside of the text.`);
    }
    const line = lastAtMost(starts, offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** Index of the last of the ascending `values` that is not above `limit`; -1 if there is none. */
export function lastAtMost(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
