/**
 * Checks `fix` on generated Dockerfiles, with real shells as the judge. See test/fuzz/README.md.
 *
 *   npm run fuzz -- [--cases N] [--seed S] [--path P] [--mutants [--corpus F]] [--update]
 */
import { writeFileSync } from "node:fs";
import { whyNoRunner } from "../test/oracle/native.ts";
import { fuzzOptions, type FuzzOptions } from "./fuzz/options.ts";
import { describeFailure, summary } from "./fuzz/report.ts";
import { fuzzRecord, fuzzResult } from "./fuzz/result.ts";
import { checkInProcesses } from "./fuzz/workers.ts";

const options = fuzzOptions(process.argv.slice(2));
process.exitCode = typeof options === "string" ? usage(options) : await run(options);

function usage(problem: string): number {
  process.stderr.write(`${problem}\n`);
  return 2;
}

async function run(chosen: FuzzOptions): Promise<number> {
  const missing = whyNoRunner();
  if (missing !== undefined) {
    // Only CI may insist on a machine that has what the oracle needs.
    const inCi = (process.env["CI"] ?? "") !== "";
    process.stderr.write(`${inCi ? "error" : "SKIPPED"}: the oracle ${missing}.\n`);
    return inCi ? 1 : 0;
  }
  process.stdout.write(`seed ${chosen.seed}, ${chosen.cases} cases\n`);
  const start = performance.now();
  const results = await checkInProcesses(chosen, (result) => {
    const { seed, cases, changed, failure } = result;
    // A long run that is cut off has still said how far it got.
    process.stdout.write(`seed ${seed}: ${cases} cases, ${changed} changed\n`);
    if (failure) process.stdout.write(`\n${describeFailure(failure)}\n\n`);
  });
  const seconds = (performance.now() - start) / 1000;
  const result = fuzzResult(chosen, results);
  process.stdout.write(summary(result, seconds));
  if (result.failed > 0) {
    if (chosen.update) process.stderr.write("Not recorded, since something failed.\n");
    return 1;
  }
  if (chosen.update) writeFileSync(fuzzRecord, `${JSON.stringify(result, null, 2)}\n`);
  return 0;
}
