import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildImage, type BuildResult } from "../images/builders/build-image.ts";
import { exportImage } from "../images/builders/export-image.ts";
import type { FoundBuilder } from "../images/builders/find.ts";
import type { RunOutcome } from "../images/builders/run-output.ts";
import { runProgram } from "../images/builders/run-program.ts";
import type { BuildRequest } from "../images/builders/types.ts";
import { historyReport } from "../images/history/report.ts";
import type { ImageProblem } from "../images/problem.ts";
import { readImage } from "../images/read-image.ts";
import { buildTree, type FileTree } from "../images/tree/file-tree.ts";
import { findFile } from "../images/tree/find-file.ts";
import type { Image } from "../images/types.ts";
import { compareImages } from "./compare-images.ts";
import { compareRuns, couldNotStart } from "./compare-runs.ts";
import type { ImageTree } from "./compare-libraries.ts";
import type { Allowance } from "./may-differ.ts";
import { moduleLists } from "./left-out.ts";
import {
  compareSplit,
  mayVary,
  splitBetween,
  type Split,
  type SplitSide,
} from "./split.ts";
import type { Difference } from "./types.ts";
import {
  goneFiles,
  layersOf,
  unmatchedBytes,
  type UnmatchedBytes,
  type VerifiedSide,
  type VerifyReport,
} from "./report.ts";

export type SideName = "before" | "after";

export interface DockerfileToBuild {
  /** For people. */
  readonly name: string;
  /** Where the builder finds it. */
  readonly path: string;
  readonly text: string;
}

export interface VerifyOptions {
  readonly found: FoundBuilder;
  readonly build: Omit<BuildRequest, "dockerfile" | "tag">;
  /** What is run in both images; undefined: nothing. */
  readonly run: { readonly script: string | undefined } | undefined;
  /** For each build, and for each run. */
  readonly milliseconds: { readonly build: number; readonly run: number };
  /** Whether the images stay. */
  readonly keep: boolean;
  readonly allowed: Allowance;
  /** For archives and output; somebody else removes it. */
  readonly scratch: string;
  /** Where the builds' logs go: `before.log`, `after.log`. */
  readonly logs: string;
  readonly interrupted: AbortSignal;
  readonly onProgress: (side: SideName, text: string) => void;
}

export type Verification =
  | {
      readonly kind: "compared";
      readonly report: VerifyReport;
      /** What one image's layers hold and the other one's don't. */
      readonly unmatched: Readonly<Record<SideName, readonly UnmatchedBytes[]>>;
    }
  | {
      readonly kind: "build-failed";
      readonly side: SideName;
      readonly result: BuildResult & { readonly kind: "failed" };
      readonly logFile: string;
      readonly timedOut: boolean;
    }
  | { readonly kind: "failed"; readonly side: SideName; readonly problem: ImageProblem }
  | { readonly kind: "interrupted" };

/**
 * Builds two Dockerfiles in the same context, and compares the images. Nothing is left of
 * them unless they are to be kept. Never rejects for what a builder does.
 */
export async function verifyBuilds(
  before: DockerfileToBuild,
  after: DockerfileToBuild,
  options: VerifyOptions,
): Promise<Verification> {
  const name = `localhost/dockerslim-verify:${randomUUID().slice(0, 8)}`;
  const tags = { before: `${name}-before`, after: `${name}-after` };
  const made: string[] = [];
  try {
    const sides = { before, after };
    const times = { before: 0, after: 0 };
    for (const side of ["before", "after"] as const) {
      const built = await buildSide(side, sides[side], tags[side], options);
      if (typeof built !== "number") return built;
      times[side] = built;
      made.push(tags[side]);
    }
    const old = await inspect("before", before, tags.before, options);
    if ("kind" in old) return old;
    const now = await inspect("after", after, tags.after, options);
    if ("kind" in now) return now;
    const side = (from: Inspected, which: SideName): VerifiedSide => ({
      name: sides[which].name,
      image: options.keep ? tags[which] : undefined,
      buildMilliseconds: times[which],
      bytes: from.history.bytes,
      layers: layersOf(from.image, from.history),
      run: from.run,
    });
    const split = splitBetween(before.text, after.text);
    const compared = split
      ? await compareAsSplit(old, now, split, before, options)
      : compareImages(treeOf(old), treeOf(now), options.allowed);
    if ("kind" in compared) return compared;
    const differences = [
      ...compared,
      ...(old.run && now.run ? compareRuns(old.run, now.run) : []),
    ];
    const unmatched = {
      before: unmatchedBytes(old.image, now.image),
      after: unmatchedBytes(now.image, old.image),
    };
    return {
      kind: "compared",
      unmatched,
      report: {
        builder: options.found.builder.name,
        before: side(old, "before"),
        after: side(now, "after"),
        gone: goneFiles(unmatched.before),
        differences: [
          ...differences.filter(({ judgement }) => judgement === "differs"),
          ...differences.filter(({ judgement }) => judgement === "allowed"),
        ],
        isSplit: split !== undefined,
        isSame: differences.every(({ judgement }) => judgement === "allowed"),
      },
    };
  } finally {
    if (!options.keep || options.interrupted.aborted) await remove(made, options);
  }
}

/** Builds the original once more where that can tell what the split is to blame for. */
async function compareAsSplit(
  old: Inspected,
  now: Inspected,
  split: Split,
  before: DockerfileToBuild,
  options: VerifyOptions,
): Promise<Difference[] | Verification> {
  const [was, is] = [splitSide(old), splitSide(now)];
  const first = compareSplit(was, is, split, options.allowed);
  if (!mayVary(first)) return first;
  const tag = `localhost/dockerslim-verify:${randomUUID().slice(0, 8)}-again`;
  try {
    const built = await buildSide("before", before, tag, options);
    if (typeof built !== "number") return built;
    const again = await inspect("before", before, tag, { ...options, run: undefined });
    if ("kind" in again) return again;
    return compareSplit(was, is, split, options.allowed, splitSide(again));
  } finally {
    await remove([tag], options);
  }
}

function treeOf({ image, tree }: Inspected): ImageTree {
  return { image, root: tree.root };
}

function splitSide(side: Inspected): SplitSide {
  const made = side.history.rows.flatMap(({ layer, line }) =>
    layer === undefined || line === undefined
      ? []
      : (side.image.layers[layer - 1]?.entries ?? []),
  );
  const paths = made.flatMap((entry) =>
    entry.kind === "file" && entry.attributes.type === "directory"
      ? []
      : [`/${entry.path}`],
  );
  return { ...treeOf(side), made: paths };
}

async function buildSide(
  side: SideName,
  dockerfile: DockerfileToBuild,
  tag: string,
  { found, build, milliseconds, scratch, logs, interrupted, onProgress }: VerifyOptions,
): Promise<number | Verification> {
  const limit = AbortSignal.timeout(milliseconds.build);
  const logFile = join(logs, `${side}.log`);
  onProgress(side, `building with ${found.builder.name}`);
  const result = await buildImage(
    found,
    { ...build, dockerfile: dockerfile.path, tag },
    {
      logFile,
      scratch,
      signal: AbortSignal.any([interrupted, limit]),
      onStep: (step) => {
        onProgress(side, step);
      },
    },
  );
  if (result.kind === "built") return result.milliseconds;
  if (interrupted.aborted) return { kind: "interrupted" };
  return { kind: "build-failed", side, result, logFile, timedOut: limit.aborted };
}

interface Inspected {
  readonly image: Image;
  readonly tree: FileTree;
  readonly history: ReturnType<typeof historyReport>;
  readonly run: RunOutcome | undefined;
}

async function inspect(
  side: SideName,
  { text }: DockerfileToBuild,
  tag: string,
  options: VerifyOptions,
): Promise<Inspected | Verification> {
  const { found, build, scratch, interrupted, onProgress } = options;
  const failed = (problem: ImageProblem): Verification =>
    interrupted.aborted ? { kind: "interrupted" } : { kind: "failed", side, problem };
  onProgress(side, "reading the image");
  const archive = join(scratch, `${side}.tar`);
  const problem = await exportImage(tag, archive, [found], interrupted);
  if (problem !== undefined) return failed(problem);
  const { platform, target } = build;
  const image = await readImage(archive, {
    platform,
    contentHashes: true,
    linking: true,
    texts: moduleLists,
  });
  rmSync(archive, { force: true });
  if ("message" in image) return failed(image);
  const tree = buildTree(image.layers);
  if ("message" in tree) return failed(tree);
  const run = await runSide(side, tag, image, tree, options);
  if (run !== undefined && "message" in run) return failed(run);
  if (interrupted.aborted) return { kind: "interrupted" };
  return { image, tree, history: historyReport(image, tree, { text, target }), run };
}

async function runSide(
  side: SideName,
  tag: string,
  image: Image,
  { root }: FileTree,
  { found, run, milliseconds, scratch, interrupted, onProgress }: VerifyOptions,
): Promise<RunOutcome | ImageProblem | undefined> {
  if (run === undefined) return undefined;
  const hasShell = findFile(root, "/bin/sh") !== undefined;
  const { Entrypoint = [], Cmd = [] } = image.config;
  if (run.script !== undefined && !hasShell) {
    return {
      message: "the image has no /bin/sh to run the command with",
      hint: "Try --run-entrypoint",
    };
  }
  if (run.script === undefined && Entrypoint.length + Cmd.length === 0) {
    return {
      message: "the image has neither ENTRYPOINT nor CMD to run",
      hint: "Give a command by --run",
    };
  }
  onProgress(side, "running the image");
  const folder = join(scratch, `${side}-output`);
  mkdirSync(folder);
  const limit = AbortSignal.timeout(milliseconds.run);
  const outcome = await found.builder.run(found.program, {
    image: tag,
    config: image.config,
    script: run.script,
    hasShell,
    scratch: folder,
    signal: AbortSignal.any([interrupted, limit]),
  });
  // Two containers that don't start would be equal, and show nothing.
  if (side === "before" && couldNotStart(outcome)) {
    const words = (outcome.stderr?.head ?? "").trim().split("\n").at(-1) ?? "";
    return {
      message: `the container could not run the command: exit code ${outcome.code ?? ""}${words === "" ? "" : `, ${words}`}`,
      hint: "",
    };
  }
  return outcome;
}

async function remove(
  tags: readonly string[],
  { found, build }: Pick<VerifyOptions, "found" | "build">,
): Promise<void> {
  const { builder, program } = found;
  for (const tag of tags) {
    await runProgram(program, builder.removeImages([tag], build.keepCache));
  }
}
