import picocolors from "picocolors";

export type Colours = ReturnType<typeof picocolors.createColors>;

interface OutputStream {
  readonly isTTY: boolean;
}

/**
 * Colours for a stream. `--no-color` and NO_COLOR turn them off, FORCE_COLOR turns them
 * on; else only a terminal gets them.
 *
 * @see https://no-color.org
 */
export function coloursFor(stream: OutputStream, allowed: boolean): Colours {
  return picocolors.createColors(allowed && wanted(stream));
}

function wanted(stream: OutputStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return stream.isTTY && TERM !== "dumb";
}
