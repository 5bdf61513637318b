import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { announcedStep, lastStep, layersMade, type Step } from "./build-log.ts";
import type { FoundBuilder } from "./find.ts";
import { lastLine, runProgram, type Finished } from "./run-program.ts";
import type { BuildRequest } from "./types.ts";
import {
  removeWorkingContainers,
  storedImages,
  unannouncedImages,
  workingContainers,
} from "./working-containers.ts";

const longestLine = 64 * 1024;
const attempts = 10;
const pauseMilliseconds = 500;

export interface BuildOptions {
  /** Where the whole output of the build goes. */
  readonly logFile: string;
  /** For the builder's own temporary files, which it may leave when it is ended. */
  readonly scratch: string;
  /** Ends the build. */
  readonly signal: AbortSignal;
  /** Gets each step as it begins. */
  readonly onStep: (step: string) => void;
}

export type BuildResult =
  | { readonly kind: "built"; readonly milliseconds: number }
  | {
      readonly kind: "failed";
      readonly exitCode: number | undefined;
      /** Where it failed, if the log tells. */
      readonly step: Step | undefined;
      /** What the builder said last. */
      readonly message: string;
    };

/**
 * Builds an image. A build that fails or is ended leaves nothing behind but its log, and its
 * layers where the cache is kept.
 */
export async function buildImage(
  { builder, program }: FoundBuilder,
  request: BuildRequest,
  { logFile, scratch, signal, onStep }: BuildOptions,
): Promise<BuildResult> {
  const found = { builder, program };
  const containers = await workingContainers(found);
  const images = await storedImages(found);
  const log = openSync(logFile, "w");
  const start = performance.now();
  let partial = "";
  const { code, tail } = await runProgram(program, builder.build(request), {
    env: { ...process.env, ...builder.buildEnvironment, TMPDIR: scratch },
    signal,
    onOutput(chunk) {
      writeSync(log, chunk);
      const lines = (partial + Buffer.from(chunk).toString("utf8")).split("\n");
      partial = (lines.pop() ?? "").slice(-longestLine);
      const step = lines.map(announcedStep).findLast((text) => text !== undefined);
      if (step !== undefined) onStep(step);
    },
  });
  const milliseconds = performance.now() - start;
  closeSync(log);
  // podman ends with 0 when it is asked to end.
  if (code === 0 && !signal.aborted) return { kind: "built", milliseconds };
  if (code === 0) await runProgram(program, builder.removeImages([request.tag], true));
  const text = readFileSync(logFile, "utf8");
  const layers = layersMade(text);
  await removeWorkingContainers(found, containers, layers);
  if (!request.keepCache) {
    const others = await unannouncedImages(found, images);
    const isKnown = (id: string) => layers.some((layer) => id.includes(layer));
    await removeLayers(found, [...layers, ...others.filter((id) => !isKnown(id))]);
  }
  return {
    kind: "failed",
    exitCode: code,
    step: lastStep(text),
    message: lastLine(tail),
  };
}

/** Takes the newest away first, since the others lie under it. */
async function removeLayers(
  { builder, program }: FoundBuilder,
  ids: readonly string[],
): Promise<void> {
  if (builder.namesOf === undefined) return;
  for (const id of ids.toReversed()) {
    const { code, tail } = await runProgram(program, builder.namesOf(id));
    // By its id, an image would go whatever names somebody has given to it.
    if (code === 0 && /^(\[\])?$/.test(tail.trim())) {
      await untilItWorks(() => runProgram(program, builder.removeImages([id], false)));
    }
  }
}

/** docker's daemon takes a while to give up the container of a build that was ended. */
async function untilItWorks(work: () => Promise<Finished>): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if ((await work()).code === 0) return;
    await setTimeout(pauseMilliseconds);
  }
}
