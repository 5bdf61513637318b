import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { fix } from "../../src/index.ts";
import { startRunner, whyNoRunner } from "../../test/oracle/native.ts";
import { compareDockerfiles } from "../../test/oracle/oracle.ts";
import { judgePairs, type Judgement, type Task } from "../../test/oracle/processes.ts";
import { describeVerdict } from "../../test/oracle/verdict.ts";
import { readCorpus, sampleFiles, type CorpusFile } from "./corpus.ts";
import { fixtureRewrites, type FixtureRewrite } from "./fixtures.ts";
import type { OracleOptions } from "./options.ts";
import { brokenOracleLimits, oracleSetbacks } from "./oracle-compare.ts";
import {
  corpusFigures,
  fixtureFigures,
  type JudgedFile,
  type OracleFigures,
} from "./oracle-figures.ts";
import { oracleReportText } from "./oracle-report.ts";

const baseline = fileURLToPath(
  new URL("../../test/oracle-baseline.json", import.meta.url),
);
const onceFailed = fileURLToPath(
  new URL("../../test/oracle-once-failed.json", import.meta.url),
);

/** Judges two Dockerfiles with real shells, and returns the exit code. */
export async function judgePair(
  [before, after]: readonly [string, string],
  { seed, failures }: OracleOptions,
): Promise<number> {
  const runner = startRunner();
  const verdict = await compareDockerfiles(
    readFileSync(before, "utf8"),
    readFileSync(after, "utf8"),
    runner,
    { seed, failures },
  );
  runner.close();
  print(describeVerdict(verdict));
  return verdict.kind === "different" ? 1 : 0;
}

/**
 * Judges what `fix` makes of the files of the corpus and of the fixtures, and returns the
 * exit code.
 *
 * @param corpus path of the corpus, or undefined where there is none
 */
export async function judgeFixes(
  corpus: string | undefined,
  options: OracleOptions,
): Promise<number> {
  const unable = whyNoRunner();
  if (unable !== undefined) {
    print(`error: the oracle ${unable}.`);
    return 1;
  }
  const { sample, seed, failures, id, update } = options;
  const all = corpus === undefined ? [] : readCorpus(corpus);
  const files = chosenFiles(all, options);
  if (id !== undefined && files.length === 0) {
    print(`error: the corpus has no file ${id}.`);
    return 1;
  }
  const fixtures = id === undefined ? fixtureRewrites() : [];
  print(`seed ${seed}: ${files.length} files of the corpus, ${fixtures.length} fixtures`);

  const start = performance.now();
  const result = await judge(files, fixtures, { seed, failures });
  const seconds = (performance.now() - start) / 1000;
  const pairs = result.corpus.length + result.fixtures.length;
  const leftOut = fixtures.filter(({ isSafe }) => !isSafe).map((rewrite) => rewrite.id);
  const figures: OracleFigures = {
    corpus: corpusFigures(files, failures, result.corpus),
    fixtures: fixtureFigures(result.fixtures, leftOut),
  };
  const speed = `${(pairs / seconds).toFixed(1)} pairs per second`;
  print(`${oracleReportText(figures)}${seconds.toFixed(0)} s, ${speed}`);

  if (update) {
    const style = await resolveConfig(baseline);
    const text = await format(JSON.stringify(figures), { ...style, filepath: baseline });
    writeFileSync(baseline, text);
    print("Recorded.");
  }
  const isWhole = sample === undefined && id === undefined && corpus !== undefined;
  const setbacks = () => {
    const recorded = readJson(baseline) as OracleFigures | undefined;
    return recorded === undefined
      ? ["nothing is recorded yet; record with --update"]
      : oracleSetbacks(recorded, figures, isWhole);
  };
  const failed = [
    ...result.crashes,
    ...brokenOracleLimits(figures),
    ...(update || id !== undefined ? [] : setbacks()),
  ];
  for (const line of failed) print(`FAILED: ${line}`);
  return failed.length === 0 ? 0 : 1;
}

/** A sample always has the files that ever failed. */
function chosenFiles(
  all: readonly CorpusFile[],
  { sample, seed, id }: OracleOptions,
): readonly CorpusFile[] {
  if (id !== undefined) return all.filter((file) => file.id === id);
  if (sample === undefined) return all;
  const failed = (readJson(onceFailed) ?? {}) as Record<string, string>;
  const known = all.filter((file) => file.id in failed);
  return [...new Set([...known, ...sampleFiles(all, sample, seed)])];
}

interface Result {
  readonly corpus: readonly JudgedFile[];
  readonly fixtures: readonly JudgedFile[];
  /** Messages about files on which `fix` or the oracle itself threw. */
  readonly crashes: readonly string[];
}

async function judge(
  files: readonly CorpusFile[],
  fixtures: readonly FixtureRewrite[],
  options: { readonly seed: number; readonly failures: number },
): Promise<Result> {
  const changes = new Map<string, readonly string[]>();
  const crashes: string[] = [];
  const judged: JudgedFile[] = [];

  function* tasks(): Generator<Task> {
    for (const { id, before, after, isSafe } of fixtures)
      if (isSafe) yield { id, before, after, options: { seed: options.seed } };
    for (const { id, text } of files) {
      const result = fixed(text);
      if (typeof result === "string") crashes.push(`${id}: fix threw ${result}`);
      else if (result.output !== text) {
        changes.set(
          id,
          result.changes.map(({ transform }) => transform),
        );
        yield { id, before: text, after: result.output, options };
      }
    }
  }
  const take = ({ id, verdict }: Judgement): void => {
    if (verdict.kind === "crashed") crashes.push(`${id}: ${describeVerdict(verdict)}`);
    if (verdict.kind === "different") print(`${id} ${describeVerdict(verdict)}`);
    judged.push({ id, changes: changes.get(id) ?? [], verdict });
    if (judged.length % 500 === 0) process.stderr.write(`${judged.length} judged\n`);
  };
  await judgePairs(tasks(), take);
  return {
    corpus: judged.filter(({ id }) => changes.has(id)),
    fixtures: judged.filter(({ id }) => !changes.has(id)),
    crashes,
  };
}

function fixed(text: string): ReturnType<typeof fix> | string {
  try {
    return fix(text);
  } catch (error) {
    return String(error);
  }
}

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
