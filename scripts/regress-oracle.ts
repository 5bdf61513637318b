/**
 * Runs the oracle over a corpus of Dockerfiles, or over one pair of files.
 *
 *   tsx scripts/regress-oracle.ts --corpus <file.jsonl.gz> [--sample N] [--seed S]
 *       [--failures N] [--fixer <module that exports fix>] [--id <id>]
 *   tsx scripts/regress-oracle.ts --pair <before> <after>
 *
 * Exits with 1 where a difference was found.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import type { CorpusResult, CorpusRow } from "../test/oracle/corpus.ts";
import { judgeCorpus, sampleRows } from "../test/oracle/corpus.ts";
import { startRunner } from "../test/oracle/native.ts";
import { compareDockerfiles } from "../test/oracle/oracle.ts";
import { describeVerdict } from "../test/oracle/verdict.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    corpus: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    failures: { type: "string" },
    fixer: { type: "string", default: "src/index.ts" },
    id: { type: "string" },
    pair: { type: "boolean", default: false },
  },
});

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function judgePair(): Promise<boolean> {
  const [before = "", after = ""] = positionals.map((path) => readFileSync(path, "utf8"));
  const runner = startRunner();
  const verdict = await compareDockerfiles(before, after, runner, {
    seed: Number(values.seed),
    ...(values.failures === undefined ? {} : { failures: Number(values.failures) }),
  });
  runner.close();
  print(describeVerdict(verdict));
  return verdict.kind !== "different";
}

interface Fixer {
  readonly fix: (text: string) => { readonly output: string };
}

async function judgeFiles(corpus: string): Promise<boolean> {
  const { fix } = (await import(pathToFileURL(resolve(values.fixer)).href)) as Fixer;
  const bytes = readFileSync(corpus);
  const all = (corpus.endsWith(".gz") ? gunzipSync(bytes) : bytes)
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as CorpusRow);
  const seed = Number(values.seed);
  const rows =
    values.id === undefined
      ? sampleRows(all, Number(values.sample ?? all.length), seed)
      : all.filter((row) => row.id === values.id);
  const result = await judgeCorpus(rows, (text) => fix(text).output, {
    seed,
    failures: Number(values.failures ?? 3),
    onVerdict: (id, verdict) => {
      if (verdict.kind === "different") print(`${id} ${describeVerdict(verdict)}`);
    },
  });
  print(summary(result, seed));
  return result.different.length === 0;
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

const good = await (values.corpus === undefined
  ? judgePair()
  : judgeFiles(values.corpus));
process.exitCode = good ? 0 : 1;
