/** A line at the bottom of the terminal that says how far a long run has come. */
export interface Progress {
  /** `done` out of all are finished. */
  update(done: number): void;
  /** Takes the line away, so that other text can be printed. */
  clear(): void;
}

const delayMilliseconds = 1000;
const intervalMilliseconds = 100;

/**
 * @param say Writes to standard error.
 * @param run.noun What is counted, in the plural.
 */
export function progressLine(
  say: (text: string) => void,
  run: { readonly isTTY: boolean; readonly total: number; readonly noun: string },
): Progress {
  const { isTTY, total, noun } = run;
  if (!isTTY) return { update: () => undefined, clear: () => undefined };
  let next = performance.now() + delayMilliseconds;
  let shown = false;
  return {
    update(done) {
      const now = performance.now();
      if (now < next) return;
      next = now + intervalMilliseconds;
      shown = true;
      say(`\r\u001B[K${done} of ${total} ${noun}`);
    },
    clear() {
      if (shown) say("\r\u001B[K");
      shown = false;
    },
  };
}
