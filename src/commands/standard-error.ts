import { coloursFor, type Colours } from "../output/colour.ts";
import { standardStream } from "../output/standard-stream.ts";

/** Where a command speaks of its work, and of what is wrong. */
export interface StandardError {
  readonly isTTY: boolean;
  readonly colours: Colours;
  readonly say: (text: string) => void;
  /** Says why the command can't do its work. @returns its exit code */
  readonly fail: (message: string) => number;
}

export function standardError(allowsColour: boolean): StandardError {
  const stream = standardStream(2);
  const colours = coloursFor(stream, allowsColour);
  const say = (text: string): void => {
    // A reader of messages that has gone must not end a run that writes files.
    stream.write(text).catch(() => undefined);
  };
  return {
    isTTY: stream.isTTY,
    colours,
    say,
    fail(message) {
      say(`${colours.red("error")}: ${message}\n`);
      return 2;
    },
  };
}
