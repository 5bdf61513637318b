import type { Output, RunOutcome } from "../images/builders/run-output.ts";
import { forbiddenDifference } from "./forbidden-difference.ts";
import type { Difference } from "./types.ts";

/** What differs in what the two images' containers did. */
export function compareRuns(before: RunOutcome, after: RunOutcome): Difference[] {
  return [
    ...(before.code === after.code
      ? []
      : [
          difference(
            "exit code",
            `is ${codeText(after.code)} in place of ${codeText(before.code)}`,
          ),
        ]),
    ...compareOutput("standard output", before.stdout, after.stdout),
    ...(before.stderr === undefined || after.stderr === undefined
      ? []
      : compareOutput("standard error", before.stderr, after.stderr)),
  ];
}

/** For people. */
function codeText(code: number | undefined): string {
  return code === undefined ? "none (ended at the time limit)" : String(code);
}

/** By convention of shells and container engines: the program couldn't be started. */
export function couldNotStart({ code }: RunOutcome): boolean {
  return code !== undefined && code >= 125 && code <= 127;
}

function compareOutput(subject: string, old: Output, now: Output): Difference[] {
  if (old.sha256 === now.sha256) return [];
  const [was, is] = [old.head.split("\n"), now.head.split("\n")];
  const line = is.findIndex((text, index) => text !== was[index]);
  const at = line === -1 ? Math.min(was.length, is.length) - 1 : line;
  const message =
    was[at] === is[at]
      ? `has ${now.bytes} bytes in place of ${old.bytes}`
      : `has ${quoted(is[at])} in line ${at + 1} in place of ${quoted(was[at])}`;
  return [difference(subject, message)];
}

function quoted(text: string | undefined): string {
  return text === undefined ? "nothing" : JSON.stringify(text.slice(0, 200));
}

function difference(subject: string, message: string): Difference {
  return forbiddenDifference("run", subject, message);
}
