import { printable, shortened } from "./printable.ts";

/** A line at the bottom of the terminal that says what is going on, and since when. */
export interface StatusLine {
  show(text: string): void;
  /** Takes the line away, so that other text can be printed. */
  clear(): void;
}

const intervalMilliseconds = 1000;

/**
 * @param say Writes to standard error.
 * @param columns Width of the terminal; undefined where it is none: then nothing is shown.
 */
export function statusLine(
  say: (text: string) => void,
  columns: number | undefined,
): StatusLine {
  if (columns === undefined) return { show: () => undefined, clear: () => undefined };
  let text = "";
  let timer: NodeJS.Timeout | undefined;
  const start = performance.now();
  const draw = () => {
    const time = `${((performance.now() - start) / 1000).toFixed(0)} s `;
    say(`\r\u001B[K${shortened(`${time}${printable(text)}`, columns - 1)}`);
  };
  return {
    show(next) {
      text = next;
      timer ??= setInterval(draw, intervalMilliseconds).unref();
      draw();
    },
    clear() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      say("\r\u001B[K");
    },
  };
}
