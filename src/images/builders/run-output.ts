import { createHash } from "node:crypto";

/** How a container ended, and what it wrote. */
export interface RunOutcome {
  /** Undefined where it had to be ended. */
  readonly code: number | undefined;
  readonly stdout: Output;
  /** Undefined where the builder writes there, too. */
  readonly stderr: Output | undefined;
}

export interface Output {
  readonly bytes: number;
  readonly sha256: string;
  /** The beginning, for people. */
  readonly head: string;
}

const headBytes = 16 * 1024;

/** Takes in any amount of output, and keeps its beginning. */
export function outputCollector(): {
  write(chunk: Uint8Array): void;
  end(): Output;
} {
  const hash = createHash("sha256");
  const head: Uint8Array[] = [];
  let bytes = 0;
  return {
    write(chunk) {
      if (bytes < headBytes) head.push(chunk.subarray(0, headBytes - bytes));
      bytes += chunk.length;
      hash.update(chunk);
    },
    end: () => ({
      bytes,
      sha256: hash.digest("hex"),
      head: Buffer.concat(head).toString("utf8"),
    }),
  };
}
