import type { RunOutcome } from "../images/builders/run-output.ts";
import type { VerifiedSide, VerifyReport } from "../verify/report.ts";

/** `{"version":1,"result":"same"|"different",…}`; sizes are bytes, times milliseconds. */
export function verifyJson({
  isSame,
  isSplit,
  before,
  after,
  ...rest
}: VerifyReport): string {
  const value = {
    version: 1,
    result: isSame ? "same" : "different",
    split: isSplit,
    ...rest,
    before: side(before),
    after: side(after),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function side({ name, run, ...rest }: VerifiedSide): object {
  return {
    dockerfile: name,
    ...rest,
    buildMilliseconds: Math.round(rest.buildMilliseconds),
    ...(run === undefined ? {} : { run: runOf(run) }),
  };
}

function runOf({ code, stdout, stderr }: RunOutcome): object {
  return { exitCode: code ?? null, stdout, ...(stderr === undefined ? {} : { stderr }) };
}
