import type { Instruction, Range } from "../dockerfile/types.ts";

/**
 * Where a part of a RUN's script stands in the Dockerfile. Its end is that of its last
 * character: what follows may be on another line.
 */
export function rangeInFile(
  { pos, end }: { readonly pos: number; readonly end: number },
  { body }: Instruction,
): Range {
  return { start: body.offsetAt(pos), end: body.offsetAt(end - 1) + 1 };
}
