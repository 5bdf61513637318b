import type { Workspace } from "../cli/workspace.ts";
import { onTestFinished } from "vitest";

/** `batch review`, running. */
export interface RunningReview {
  /** With the token in its fragment. */
  readonly address: string;
  readonly origin: string;
  readonly token: string;
  /** Ctrl-C. @returns the exit code */
  readonly end: () => Promise<number | null>;
}

/** Starts the page's server on a free port; it ends with the test at the latest. */
export async function startReview(
  space: Workspace,
  ...words: readonly string[]
): Promise<RunningReview> {
  const child = space.start(["batch", "review", ...words], "pipe");
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const address = await new Promise<string>((resolve, reject) => {
    let [text, errors] = ["", ""];
    child.stderr?.on("data", (part: Buffer) => {
      errors += part.toString();
    });
    child.stdout?.on("data", (part: Buffer) => {
      text += part.toString();
      if (text.includes("\n")) resolve(text.trim());
    });
    child.once("exit", () => {
      reject(new Error(`batch review has ended: ${errors}`));
    });
  });
  const { origin, hash } = new URL(address);
  return {
    address,
    origin,
    token: hash.slice("#token=".length),
    end: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGINT");
      }),
  };
}
