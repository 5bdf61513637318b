/**
 * Holds what published programs make of a sample of the corpus against the oracle, our own
 * beside them. See docs/behaviour.md.
 *
 *   npm run compare -- [--sample N] [--seed S] [--outputs name=folder …] [--update]
 *
 * A folder given by --outputs has a file for each corpus id, without a suffix; one that is
 * missing counts as a failure. --update records the result in test/compare-result.json.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fix } from "../src/index.ts";
import { whyNoRunner } from "../test/oracle/native.ts";
import { judge, runCount } from "./compare/judge.ts";
import { givenOutputs, install, outputsOf, type Outputs } from "./compare/outputs.ts";
import {
  compareRecord,
  compareTable,
  type CompareResult,
  type CompareRow,
} from "./compare/result.ts";
import { leftOut, tools, type Tool } from "./compare/tools.ts";
import { defaultCorpus, fingerprint, readCorpus, sampleFiles } from "./regress/corpus.ts";
import type { CorpusFile } from "./regress/corpus.ts";

interface Options {
  readonly sample: number;
  readonly seed: number;
  /** Folders of outputs by the name under which they are shown. */
  readonly outputs: readonly (readonly [name: string, folder: string])[];
  readonly update: boolean;
}

const options = readOptions();
process.exitCode =
  typeof options === "string" ? complain(options, 2) : await compare(options);

function readOptions(): Options | string {
  try {
    const { values } = parseArgs({
      options: {
        sample: { type: "string", default: "500" },
        seed: { type: "string", default: "1" },
        outputs: { type: "string", multiple: true, default: [] },
        update: { type: "boolean", default: false },
      },
    });
    const { sample, seed, update } = values;
    if (![sample, seed].every((text) => /^\d+$/.test(text)))
      return "--sample and --seed take a whole number.";
    const outputs = values.outputs.map((text) => {
      const [name = "", ...folder] = text.split("=");
      return [name, folder.join("=")] as const;
    });
    const wrong = outputs.find(([name, folder]) => name === "" || !existsSync(folder));
    if (wrong)
      return `--outputs takes name=folder; there is no folder “${wrong[1]}” for “${wrong[0]}”.`;
    return { sample: Number(sample), seed: Number(seed), outputs, update };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function complain(problem: string, status: number): number {
  process.stderr.write(`${problem}\n`);
  return status;
}

async function compare({ sample, seed, outputs, update }: Options): Promise<number> {
  const reason = existsSync(defaultCorpus)
    ? whyNoRunner()
    : "there is no corpus (CONTRIBUTING.md says where it belongs)";
  if (reason !== undefined) return complain(`Nothing was compared: ${reason}.`, 1);
  const all = readCorpus(defaultCorpus);
  const files = sampleFiles(all, sample, seed);

  const own = { name: "dockerslim", version: ownVersion(), kind: "rewriter" };
  const rows = [
    await measured(
      own,
      files,
      new Map(files.map((f) => [f.id, fix(f.text).output])),
      seed,
    ),
  ];
  let missing = 0;
  for (const tool of tools) {
    const made = await outputsOfInstalled(tool, files);
    if (typeof made === "string") {
      missing += 1;
      complain(`${tool.name} ${tool.version} can't be installed: ${made}`, 1);
    } else rows.push(await measured(tool, files, made, seed));
  }
  for (const [name, folder] of outputs) {
    const given = { name, version: "", kind: "outputs given" };
    rows.push(await measured(given, files, givenOutputs(folder, files), seed));
  }

  const result: CompareResult = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    corpus: {
      files: all.length,
      fingerprint: fingerprint(all),
      sample: files.length,
      seed,
    },
    runsBefore: files.reduce((sum, { text }) => sum + (runCount(text) ?? 0), 0),
    rows,
    leftOut,
  };
  process.stdout.write(`\n${compareTable(result)}\n`);
  if (missing > 0) return 1;
  if (update) {
    writeFileSync(compareRecord, `${JSON.stringify(result, undefined, 2)}\n`);
    process.stdout.write("Recorded; npm run docs puts it into the pages.\n");
  }
  return 0;
}

async function measured(
  tool: Pick<CompareRow, "name" | "version" | "kind">,
  files: readonly CorpusFile[],
  outputs: Outputs,
  seed: number,
): Promise<CompareRow> {
  const { row, differentIds } = await judge(tool, files, outputs, seed);
  const examples = differentIds.slice(0, 5).join(" ");
  process.stdout.write(
    `${row.name}: ${row.changed} changed, ${row.different} different${examples && `, such as ${examples}`}\n`,
  );
  return row;
}

async function outputsOfInstalled(
  tool: Tool,
  files: readonly CorpusFile[],
): Promise<Outputs | string> {
  const folder = mkdtempSync(join(tmpdir(), "dockerslim-compare-"));
  try {
    return (await install(tool, folder)) ?? (await outputsOf(tool, files, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ownVersion(): string {
  const file = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
