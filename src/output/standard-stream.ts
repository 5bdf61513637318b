import { fstatSync, statSync, writeSync } from "node:fs";
import { devNull } from "node:os";
import { errorCode } from "../files/problem.ts";

/** Standard output (1) or standard error (2). */
export interface StandardStream {
  readonly isTTY: boolean;
  /** Texts come out in the order of the calls. Rejects with the system's error. */
  write(text: string): Promise<void>;
}

/**
 * Node's own stream objects take a tenth of its starting time to load. They are used for
 * a terminal and for a pipe that is full; everything else is written directly.
 */
export function standardStream(descriptor: 1 | 2): StandardStream {
  const stream = () => (descriptor === 1 ? process.stdout : process.stderr);
  const mayBeTerminal = isTerminalDevice(descriptor);
  let direct = !mayBeTerminal;

  const writeToStream = (data: string | Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      // The callback gets the error, too; unheard, the event would end the process.
      stream().once("error", reject);
      stream().write(data, (error) => {
        if (error) {
          reject(error);
          return;
        }
        stream().off("error", reject);
        resolve();
      });
    });

  return {
    isTTY: mayBeTerminal && stream().isTTY,
    write(text) {
      if (!direct) return writeToStream(text);
      let rest = Buffer.from(text);
      try {
        while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
        return Promise.resolve();
      } catch (error) {
        if (errorCode(error) === "EAGAIN") {
          direct = false;
          return writeToStream(rest);
        }
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    },
  };
}

/** Whether a descriptor is a character device other than the null device. */
function isTerminalDevice(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor);
    return status.isCharacterDevice() && status.rdev !== statSync(devNull).rdev;
  } catch {
    return true;
  }
}
