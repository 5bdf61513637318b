import type { Instruction, Range } from "../dockerfile/types.ts";

/** The offset in the Dockerfile at which a command of a RUN starts. */
export type Place = number;

/** RUNs with the same script share its nodes: the place tells their commands apart. */
export function placeOf({ pos }: { readonly pos: number }, { body }: Instruction): Place {
  return body.offsetAt(pos);
}

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
