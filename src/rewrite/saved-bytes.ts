import type { Dockerfile, Instruction, Stage } from "../dockerfile/types.ts";
import { distributionOf } from "../knowledge/base-distributions.ts";
import type { PackageManager } from "../knowledge/package-managers.ts";
import { cacheSize, type CacheSize } from "../knowledge/sizes.ts";
import { readFilling } from "./cache-filling.ts";
import { rootImage } from "./root-image.ts";
import { runProgram } from "./run-program.ts";

/**
 * What keeping a manager's package index out of the layer saves, where that was measured for
 * the distribution of the base image. Caches that grow with what is installed have no figure:
 * how much that will be, the Dockerfile doesn't tell.
 */
export function indexSize(stage: Stage, manager: string): CacheSize | undefined {
  const image = rootImage(stage);
  const distribution = image && distributionOf(image);
  if (!distribution) return undefined;
  const { family, release } = distribution;
  const size = cacheSize({
    manager,
    kind: "update",
    family,
    ...(release === undefined ? {} : { release }),
  });
  return size?.entry.base.family === family ? size : undefined;
}

/**
 * What a clean-up saves: an index that an earlier RUN leaves behind is in that RUN's layer
 * already, and fetching it again adds only what has changed since.
 */
export function savedByCleanup(
  run: Instruction,
  manager: PackageManager,
  dockerfile: Dockerfile,
): CacheSize | undefined {
  const { stage } = run;
  if (!stage || leavesIndexBefore(run, stage, manager, dockerfile)) return undefined;
  return indexSize(stage, manager.id);
}

function leavesIndexBefore(
  run: Instruction,
  stage: Stage,
  manager: PackageManager,
  dockerfile: Dockerfile,
): boolean {
  // Who stands on another stage of the file may find anything there.
  if (stage.base.kind === "stage") return true;
  const first = stage.instructions.find((instruction) => {
    if (instruction.keyword !== "RUN") return false;
    const program = runProgram(instruction, dockerfile);
    return (
      program.kind === "opaque" ||
      readFilling(instruction, program, manager, dockerfile) !== undefined
    );
  });
  return first !== run;
}
