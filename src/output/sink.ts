import { open } from "node:fs/promises";
import { errorCode, systemReason } from "../files/problem.ts";
import type { StandardStream } from "./standard-stream.ts";

/** Where the report goes. */
export interface Sink {
  /** Resolves when the text is on its way; does nothing once the sink has failed. */
  write(text: string): Promise<void>;
  close(): Promise<void>;
  /** The reader has gone, as `head` does: nothing more to say, and no error. */
  closedByReader(): boolean;
  /** Why the report is incomplete. */
  failure(): string | undefined;
}

export function stdoutSink(stdout: StandardStream): Sink {
  let closedByReader = false;
  let failure: string | undefined;
  return {
    async write(text) {
      if (text === "" || closedByReader || failure !== undefined) return;
      try {
        await stdout.write(text);
      } catch (error) {
        if (errorCode(error) === "EPIPE") closedByReader = true;
        else failure = `standard output can't be written: ${systemReason(error)}`;
      }
    },
    close: () => Promise.resolve(),
    closedByReader: () => closedByReader,
    failure: () => failure,
  };
}

/** Creates or empties the file; a string says why that was impossible. */
export async function fileSink(path: string): Promise<Sink | string> {
  const describe = (error: unknown) =>
    `${path}: the report can't be written: ${systemReason(error)}`;
  let handle;
  try {
    handle = await open(path, "w");
  } catch (error) {
    return describe(error);
  }
  const file = handle;
  let failure: string | undefined;
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failure ??= describe(error);
    }
  };
  return {
    async write(text) {
      if (text !== "" && failure === undefined) {
        await attempt(() => file.appendFile(text));
      }
    },
    close: () => attempt(() => file.close()),
    closedByReader: () => false,
    failure: () => failure,
  };
}
