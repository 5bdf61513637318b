import { readFileSync } from "node:fs";
import { fix } from "../../src/index.ts";
import { judgeCorpus, sampleRows, type CorpusResult } from "../../test/oracle/corpus.ts";
import { startRunner } from "../../test/oracle/native.ts";
import { compareDockerfiles } from "../../test/oracle/oracle.ts";
import { describeVerdict } from "../../test/oracle/verdict.ts";
import { readCorpus } from "./corpus.ts";
import type { OracleOptions } from "./options.ts";

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

/** Judges what `fix` makes of the files of the corpus, and returns the exit code. */
export async function judgeFixes(
  corpus: string,
  { sample, seed, failures, id }: OracleOptions,
): Promise<number> {
  const all = readCorpus(corpus);
  const rows =
    id === undefined
      ? sampleRows(all, sample ?? all.length, seed)
      : all.filter((row) => row.id === id);
  const result = await judgeCorpus(rows, (text) => fix(text).output, {
    seed,
    failures,
    onVerdict: (file, verdict) => {
      if (verdict.kind === "different") print(`${file} ${describeVerdict(verdict)}`);
    },
  });
  print(summary(result, seed));
  return result.different.length + result.fixerFailed.length === 0 ? 0 : 1;
}

function summary(result: CorpusResult, seed: number): string {
  const skips = [...result.skipped.values()].reduce((sum, ids) => sum + ids.length, 0);
  return [
    "",
    `files        ${result.files} (seed ${seed}), ${result.unchanged} unchanged`,
    `changed      ${result.changed}`,
    `equal        ${result.equal} (${result.events} events, ${result.injected} failures tried)`,
    `  of these   ${result.incomplete.length} up to where a script stops by itself`,
    `different    ${result.different.length}`,
    `skipped      ${skips}`,
    ...[...result.skipped].map(
      ([reason, ids]) => `  ${ids.length} × ${reason}: ${ids.slice(0, 5).join(" ")}`,
    ),
    `fixer threw  ${result.fixerFailed.length}`,
    ...result.fixerFailed.slice(0, 5).map(({ id, message }) => `  ${id} ${message}`),
    `speed        ${(result.changed / result.seconds).toFixed(1)} pairs per second`,
  ].join("\n");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
