/** Ctrl-C and its like, for a command that has to finish what it is writing. */
export interface Interruption {
  /** 130 after SIGINT, 143 after SIGTERM; undefined while nothing has happened. */
  exitCode(): number | undefined;
  /** What to do on a signal that doesn't end the process at once. */
  onSignal(listener: () => void): void;
  /** From now on a signal only sets the exit code; the caller looks at it between files. */
  finishCurrentWork(): void;
  /** From now on a signal ends the process at once, since nothing is being written. */
  endAtOnce(): void;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

export function watchSignals(): Interruption {
  let code: number | undefined;
  let atOnce = true;
  let notify: () => void = () => undefined;
  const interrupt = (signal: keyof typeof exitCodes) => {
    const impatient = code !== undefined;
    code = exitCodes[signal];
    // process.exit runs the exit handlers, which remove temporary files.
    if (atOnce || impatient) process.exit(code);
    notify();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    exitCode: () => code,
    onSignal(listener) {
      notify = listener;
    },
    finishCurrentWork() {
      atOnce = false;
    },
    endAtOnce() {
      atOnce = true;
      if (code !== undefined) process.exit(code);
    },
  };
}
