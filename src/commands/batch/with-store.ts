import { failureOfStore } from "../../batch/store/failure.ts";
import {
  defaultAddress,
  openStore,
  type Store,
  type StoreMode,
} from "../../batch/store/store.ts";
import { workOutForThisVersion } from "../../batch/groups/work-out.ts";
import type { StepFailure } from "../../batch/target-state.ts";
import { coloursFor, type Colours } from "../../output/colour.ts";
import { printable } from "../../output/printable.ts";
import { stdoutSink } from "../../output/sink.ts";
import { standardStream } from "../../output/standard-stream.ts";
import { sentences } from "../../output/wording.ts";
import type { CommonOptions } from "./batch-command.ts";

/** What a sub-command works with. */
export interface Session {
  readonly store: Store;
  /** Writes a result, on standard output. */
  readonly print: (text: string) => Promise<void>;
  /** Writes a message, on standard error. */
  readonly say: (text: string) => Promise<void>;
  /** Says what went wrong, and what to do. @returns the exit code for it, 2 */
  readonly fail: (message: string, hint?: string) => Promise<number>;
  /** Of standard output. */
  readonly colours: Colours;
  /** Columns of the terminal; without one, there is no limit. */
  readonly width: number;
  readonly isTTY: boolean;
}

/** Opens the store, does the work, and returns the exit code. */
export async function withStore(
  options: CommonOptions,
  mode: StoreMode,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const [stdout, stderr] = [standardStream(1), standardStream(2)];
  const say = async (text: string) => {
    try {
      await stderr.write(text);
    } catch {
      // Nobody reads it.
    }
  };
  const fail = async (message: string, hint = "") => {
    const word = coloursFor(stderr, options.color).red("error");
    await say(`${word}: ${sentences(printable(message), printable(hint))}\n`);
    return 2;
  };
  const failStep = ({ message, hint }: StepFailure) => fail(message, hint);

  const address = options.store ?? defaultAddress;
  const opened = await openStore(address, { mode });
  if ("failure" in opened) return failStep(opened.failure);
  const store = opened.value;
  const sink = stdoutSink(stdout);
  try {
    await workOutForThisVersion(store);
    const code = await work({
      store,
      print: (text) => sink.write(text),
      say,
      fail,
      colours: coloursFor(stdout, options.color),
      width: stdout.isTTY ? process.stdout.columns : Infinity,
      isTTY: stdout.isTTY,
    });
    const failure = sink.failure();
    return failure === undefined ? code : await fail(failure);
  } catch (error) {
    const failure = failureOfStore(error, store.address);
    if (failure === undefined) throw error;
    return await failStep(failure);
  } finally {
    await store.close();
  }
}

/** A value as it is printed by --json. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
