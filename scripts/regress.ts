/**
 * Runs `fix` over thousands of real Dockerfiles and compares the figures with the recorded
 * ones. See CONTRIBUTING.md.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brokenLimits, setbacks } from "./regress/compare.ts";
import { figuresOf, type Figures } from "./regress/figures.ts";
import { regressOptions, type RegressOptions } from "./regress/options.ts";
import { reportText } from "./regress/report.ts";
import { measureCorpus } from "./regress/workers.ts";

const baseline = fileURLToPath(new URL("../test/corpus-baseline.json", import.meta.url));

const options = regressOptions(process.argv.slice(2));
process.exitCode = typeof options === "string" ? usage(options) : await run(options);

function usage(problem: string): number {
  process.stderr.write(`${problem}\n`);
  return 2;
}

async function run(chosen: RegressOptions): Promise<number> {
  const { corpus, oracle } = chosen;
  if (oracle?.pair !== undefined) {
    const { judgePair } = await import("./regress/oracle.ts");
    return judgePair(oracle.pair, oracle);
  }
  const isThere = existsSync(corpus);
  if (oracle === undefined) return isThere ? compareFigures(chosen) : absent(corpus);
  const { judgeFixes } = await import("./regress/oracle.ts");
  if (isThere) return judgeFixes(corpus, oracle);
  // The fixtures are part of the repository.
  return (await judgeFixes(undefined, { ...oracle, update: false })) || absent(corpus);
}

/** The corpus is no part of the repository, so only CI may insist on it. */
function absent(corpus: string): number {
  const inCi = (process.env["CI"] ?? "") !== "";
  const path = relative(process.cwd(), corpus);
  process.stderr.write(
    inCi
      ? `error: there is no corpus at ${path}, and CI has to check it.\n`
      : `SKIPPED: there is no corpus at ${path}, none of it was checked.\n`,
  );
  return inCi ? 1 : 0;
}

async function compareFigures({ corpus, update }: RegressOptions): Promise<number> {
  const start = performance.now();
  const measurements = await measureCorpus(corpus);
  const figures = figuresOf(measurements);
  const recorded = existsSync(baseline)
    ? (JSON.parse(readFileSync(baseline, "utf8")) as Figures)
    : undefined;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stdout.write(`${reportText(measurements, figures, recorded)}${seconds} s\n`);

  if (update) {
    writeFileSync(baseline, `${JSON.stringify(figures, undefined, 2)}\n`);
    process.stdout.write("Recorded.\n");
  }
  const failures = [
    ...brokenLimits(figures),
    ...(update ? [] : worse(recorded, figures)),
  ];
  for (const line of failures) process.stdout.write(`FAILED: ${line}\n`);
  return failures.length === 0 ? 0 : 1;
}

function worse(recorded: Figures | undefined, figures: Figures): string[] {
  return recorded === undefined
    ? ["nothing is recorded yet; record with --update"]
    : setbacks(recorded, figures);
}
