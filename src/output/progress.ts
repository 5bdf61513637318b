/** A line at the bottom of the terminal that says how far a long run has come. */
export interface Progress {
  /** `done` out of all are finished; the remark is about them: `3 failed`. */
  update(done: number, remark?: string): void;
  /** Takes the line away, so that other text can be printed. */
  clear(): void;
}

const delayMilliseconds = 1000;
const intervalMilliseconds = 100;

/** What fewer have taken says too little of the others. */
const fewest = 3;

/**
 * @param say Writes to standard error.
 * @param run.noun What is counted, in the plural.
 * @param run.saysEnd Whether to say when all will be finished, at the pace until now.
 */
export function progressLine(
  say: (text: string) => void,
  run: {
    readonly isTTY: boolean;
    readonly total: number;
    readonly noun: string;
    readonly saysEnd?: boolean;
  },
): Progress {
  const { isTTY, total, noun, saysEnd = false } = run;
  if (!isTTY) return { update: () => undefined, clear: () => undefined };
  const start = performance.now();
  let next = start + delayMilliseconds;
  let shown = false;
  return {
    update(done, remark = "") {
      const now = performance.now();
      if (now < next) return;
      next = now + intervalMilliseconds;
      shown = true;
      const parts = [
        `${done} of ${total} ${noun}`,
        remark,
        saysEnd && done >= fewest && done < total
          ? `done at about ${timeOfDay(((total - done) * (now - start)) / done)}`
          : "",
      ];
      say(`\r\u001B[K${parts.filter((part) => part !== "").join(", ")}`);
    },
    clear() {
      if (shown) say("\r\u001B[K");
      shown = false;
    },
  };
}

/** With the day, unless it is today. @param ahead milliseconds from now */
function timeOfDay(ahead: number): string {
  const [now, then] = [new Date(), new Date(Date.now() + ahead)];
  const time = then.toTimeString().slice(0, 8);
  if (now.toDateString() === then.toDateString()) return time;
  const parts = [then.getFullYear(), then.getMonth() + 1, then.getDate()];
  return `${parts.map((part) => String(part).padStart(2, "0")).join("-")} ${time}`;
}
