import { spawn } from "node:child_process";

export interface Finished {
  /** Undefined where the program was ended by a signal or couldn't be started. */
  readonly code: number | undefined;
  /** What it wrote at last, on both streams. */
  readonly tail: string;
}

export type OutputStream = "stdout" | "stderr";

const tailLength = 64 * 1024;

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Gets everything that the program writes. */
  readonly onOutput?: ((chunk: Uint8Array, stream: OutputStream) => void) | undefined;
}

/** How long a program gets to end by itself once it was asked to, in milliseconds. */
const patience = 10_000;

/**
 * Runs a program without input. It is ended with this process, and so is what it started.
 * Never rejects.
 */
export function runProgram(
  program: string,
  words: readonly string[],
  { env, signal, onOutput }: RunOptions = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    // A process group of its own: signals of the terminal come from here, once and in order.
    const child = spawn(program, words, {
      env: env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const kill = (how: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, how);
      } catch {
        // It has ended by itself.
      }
    };
    const killNow = () => {
      kill("SIGKILL");
    };
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      kill("SIGTERM");
      timer = setTimeout(killNow, patience);
    };
    const askToEnd = () => {
      kill("SIGTERM");
    };
    process.on("exit", askToEnd);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop);
    let tail = "";
    const take = (stream: OutputStream) => (chunk: Buffer) => {
      onOutput?.(chunk, stream);
      tail = (tail + chunk.toString("utf8")).slice(-tailLength);
    };
    child.stdout.on("data", take("stdout"));
    child.stderr.on("data", take("stderr"));
    const end = (finished: Finished) => {
      process.off("exit", askToEnd);
      signal?.removeEventListener("abort", stop);
      clearTimeout(timer);
      resolve(finished);
    };
    child.on("error", (error) => {
      end({ code: undefined, tail: error.message });
    });
    child.on("close", (code) => {
      end({ code: code ?? undefined, tail });
    });
  });
}

/** The last line of a program's output, which mostly says what went wrong. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
