/**
 * Measures what speed and memory the tool promises, as ratios to yardsticks that are
 * measured at the same time. `--check` fails where a limit is broken; names of
 * measurements choose some, `--kind` chooses kinds of long files. See CONTRIBUTING.md.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments } from "./arguments.ts";
import { fix } from "../src/index.ts";
import { unifiedDiff } from "../src/output/diff.ts";
import { writeArchive } from "./bench/archive.ts";
import { writeDockerfiles } from "./bench/folder.ts";
import { generators } from "./bench/generated.ts";
import { startPlanBench } from "./bench/plan.ts";
import {
  fixPath,
  listAndHash,
  memoryOfFix,
  memoryOfHistory,
  parseFolder,
  showHistory,
  startNothing,
} from "./bench/programs.ts";
import { measureReviewPage } from "./bench/review.ts";
import { startPostgres, withoutPostgres } from "../test/batch/postgres-server.ts";
import { approveAll, measureSchedule, type ScheduleFigures } from "./bench/schedule.ts";
import { measureStoreAt, type StoreFigures } from "./bench/store.ts";
import { shapesOfCorpus } from "./bench/shapes.ts";
import { compareTimes, timeOf, type Ratios, type Time } from "./bench/timing.ts";

const manyFiles = 7000;
const manyRepositories = 60;
const example = fileURLToPath(
  new URL("../examples/python-service/Dockerfile", import.meta.url),
);

const measurements = {
  start: measureStart,
  files: measureFiles,
  lines: measureLines,
  archive: measureArchive,
  review: measureReview,
  store: measureStore,
  plan: measurePlan,
  shapes: measureShapes,
};
type Name = keyof typeof measurements;
const names = Object.keys(measurements) as Name[];

const { values, positionals } = readArguments({
  allowPositionals: true,
  options: {
    check: { type: "boolean", default: false },
    kind: { type: "string", default: "" },
  },
});
const unknown = positionals.filter((name) => !names.includes(name as Name));
if (unknown.length > 0) {
  process.stderr.write(`There is ${names.join(", ")}, but no ${unknown.join(", ")}.\n`);
  process.exitCode = 2;
} else {
  const chosen = names.filter(
    (name) => positionals.length === 0 || positionals.includes(name),
  );
  let kept = true;
  for (const name of chosen) kept = (await measurements[name]()) && kept;
  process.exitCode = values.check && !kept ? 1 : 0;
}

/** Each measurement prints its lines and returns whether all limits were kept. */
function measureStart(): boolean {
  fixPath(example);
  const ratios = compareTimes(() => fixPath(example), startNothing, 25);
  return print("start with one file / node -e 0", 2, ratios, ratios.minimum);
}

function measureFiles(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "dockerslim-bench-"));
  try {
    const kind = writeDockerfiles(folder, manyFiles);
    fixPath(folder);
    const ratios = compareTimes(
      () => fixPath(folder),
      () => parseFolder(folder),
      3,
    );
    const name = `${manyFiles} files (${kind}) / parsed by dockerfile-ast`;
    const inTime = print(name, 2, ratios, ratios.minimum);
    return printMemory(memoryOfFix(folder), 250) && inTime;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An archive of an image with 2 GB in 40,000 files. */
function measureArchive(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "dockerslim-bench-"));
  try {
    const archive = join(folder, "image.tar");
    writeArchive(archive);
    const ratios = compareTimes(
      () => showHistory(archive),
      () => listAndHash(archive),
      3,
    );
    const name = "history of a 2 GB archive / tar -t and SHA-256";
    const inTime = print(name, 2, ratios, ratios.minimum);
    return printMemory(memoryOfHistory(archive), 200) && inTime;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The page of `batch review`, in a browser. */
async function measureReview(): Promise<boolean> {
  const times = await measureReviewPage(10_000, 5000);
  if (typeof times === "string") {
    process.stdout.write(`review page: not measured: ${times}\n`);
    return true;
  }
  const { load, emptyPage, nodes, frame, emptyFrame } = times;
  const ratio = load / emptyPage;
  const figures = [
    `minimum ${ratio.toFixed(2)}`,
    `(${load.toFixed(0)} / ${emptyPage.toFixed(0)} ms, ${nodes} nodes)`,
    `scrolling, a frame: ${(frame / emptyFrame).toFixed(2)}`,
    `(${frame.toFixed(0)} / ${emptyFrame.toFixed(0)} ms)`,
  ];
  const name = "review page of 5,000 diffs in 10,000 repositories / an empty page";
  // A second, where an empty page takes 40 ms.
  return printLine(name, figures.join("  "), "limit 25", ratio <= 25);
}

/** A campaign over repositories behind a server on this machine. */
async function measurePlan(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "dockerslim-bench-"));
  const bench = await startPlanBench(folder, manyRepositories);
  try {
    const ratios = compareTimes(bench.plan, bench.gitAlone, 3);
    const name = `planning ${manyRepositories} repositories / the git commands alone`;
    const inTime = print(name, 1.5, ratios, ratios.minimum);
    const start = bench.traffic();
    bench.plan();
    const middle = bench.traffic();
    bench.gitAlone();
    const traffic = (middle - start) / (bench.traffic() - middle);
    const figure = `${traffic.toFixed(3)} (${middle - start} bytes)`;
    return printLine("traffic of that", figure, "limit 1.1", traffic <= 1.1) && inTime;
  } finally {
    bench.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Limits in milliseconds, for a machine that does nothing else. */
async function measureStore(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "dockerslim-bench-"));
  try {
    const sqlite = await measureStoreAt(join(folder, "store.sqlite"), 10_000);
    const onSqlite = printStore("10,000 repositories, SQLite", sqlite, 100, 50);
    if (withoutPostgres !== false) {
      process.stdout.write(
        `1,000,000 repositories, PostgreSQL\n    ${withoutPostgres}\n`,
      );
      return onSqlite;
    }
    const server = await startPostgres();
    try {
      const postgres = await measureStoreAt(server.address, 1_000_000);
      const name = "1,000,000 repositories, PostgreSQL";
      const inTime = printStore(name, postgres, 1000, 5);
      await approveAll(server.address);
      return printRound(measureSchedule(server.address), postgres) && inTime && onSqlite;
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function printStore(
  name: string,
  { status, claim, statement, bytes }: StoreFigures,
  statusLimit: number,
  claimLimit: number,
): boolean {
  const figures = [
    `status ${status.toFixed(0)} ms`,
    `claim ${claim.toFixed(2)} ms`,
    `select 1 ${statement.toFixed(2)} ms`,
    `(${(bytes / 2 ** 20).toFixed(0)} MiB)`,
  ].join("  ");
  const kept = status <= statusLimit && claim <= claimLimit;
  return printLine(name, figures, `limit ${statusLimit} ms and ${claimLimit} ms`, kept);
}

/** A round of `batch apply`: the store does it, so that it is like the status. */
function printRound(round: ScheduleFigures, { status }: StoreFigures): boolean {
  const { time, memory, idleMemory } = round;
  const name = "finding whose turn it is among 1,000,000 approved / their status";
  const figures = [
    `${(time / status).toFixed(1)} (${time.toFixed(0)} / ${status.toFixed(0)} ms)`,
    `memory / of a process that does nothing: ${(memory / idleMemory).toFixed(2)}`,
    `(${memory.toFixed(0)} / ${idleMemory.toFixed(0)} MiB)`,
  ].join("  ");
  return printLine(name, figures, "limit 1.5 for memory", memory <= 1.5 * idleMemory);
}

/** Into how few groups `batch` puts the changes to real files. */
function measureShapes(): boolean {
  const figures = shapesOfCorpus(900);
  if (typeof figures === "string") {
    process.stdout.write(`shapes: not measured: ${figures}\n`);
    return true;
  }
  const { files, diffs, hunks, shapes, topTen } = figures;
  const text = `${diffs} diffs, ${hunks} without line numbers, ${shapes} shapes, the first ten of ${(100 * topTen).toFixed(0)} %`;
  const name = `shapes of ${files} changed real files`;
  return printLine(name, text, "limit 200 shapes", shapes <= 200);
}

/** Inside this process, so by the processor time that it uses itself. */
function measureLines(): boolean {
  const kinds = Object.entries(generators).filter(([kind]) => kind.includes(values.kind));
  const results = kinds.map(([kind, generate]) => {
    const [short, long] = [generate(2000), generate(20_000)];
    rewrite(short);
    const ratios = compareTimes(
      () => rewrite(long),
      () => rewriteTenTimes(short),
      3,
    );
    return print(`20,000 lines / 2,000 lines: ${kind}`, 12, ratios, ratios.cpu);
  });
  return results.every(Boolean);
}

function rewrite(text: string): Time {
  return timeOf(() => {
    unifiedDiff("Dockerfile", text, fix(text).output);
  });
}

/** Time per run; ten of them, so that they take as long and collect as much garbage. */
function rewriteTenTimes(text: string): Time {
  const { wall, cpu } = timeOf(() => {
    for (let run = 0; run < 10; run += 1) rewrite(text);
  });
  return { wall: wall / 10, cpu: cpu / 10 };
}

function print(name: string, limit: number, ratios: Ratios, decisive: number): boolean {
  const { minimum, median, cpu, measured, yardstick } = ratios;
  const figures = [
    `minimum ${minimum.toFixed(2)}`,
    `median ${median.toFixed(2)}`,
    `cpu ${cpu.toFixed(2)}`,
    `(${measured.wall.toFixed(0)} / ${yardstick.wall.toFixed(0)} ms)`,
  ].join("  ");
  return printLine(name, figures, `limit ${limit}`, decisive <= limit);
}

function printMemory(mebibytes: number, limit: number): boolean {
  const figure = `${mebibytes.toFixed(0)} MiB`;
  const kept = mebibytes <= limit;
  return printLine("peak memory of that run", figure, `limit ${limit} MiB`, kept);
}

function printLine(name: string, figures: string, limit: string, kept: boolean): boolean {
  const verdict = kept ? "" : "  BROKEN";
  process.stdout.write(`${name}\n    ${figures}  ${limit}${verdict}\n`);
  return kept;
}
