import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import { distributionOf } from "../../knowledge/base-distributions.ts";
import {
  packageManagers,
  type PackageManager,
} from "../../knowledge/package-managers.ts";
import { cacheSize, type CacheSize } from "../../knowledge/sizes.ts";
import { leftFilled, readFilling } from "./cache-filling.ts";
import { hasMountOver } from "../cache-mounts/cache-mounts.ts";
import { placeOf, type Place } from "../command-range.ts";
import type { Unit } from "../linked-units.ts";
import { rootImage } from "../root-image.ts";
import { runProgram } from "../run-program.ts";

/**
 * What keeping a manager's package index out of the layer saves, where that was measured for
 * the distribution of the base image. Caches that grow with what is installed have no figure:
 * how much that will be, the Dockerfile doesn't tell.
 */
function indexSize(stage: Stage, manager: string): CacheSize | undefined {
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

/**
 * Notes what a stage's changes to its calls save, with the first change that keeps an index
 * out. Nothing is saved where each RUN empties the cache itself, nor where one stays that
 * fills it: the layers would hold the index as before.
 */
export function withIndexSaved(
  units: readonly Unit[],
  stage: Stage,
  dockerfile: Dockerfile,
): readonly Unit[] {
  // Who stands on another stage may find the index there.
  if (units.length === 0 || stage.base.kind !== "image") return units;
  const changed = new Set(units.flatMap(({ commands }) => commands));
  return packageManagers
    .filter(({ flag }) => flag !== undefined)
    .reduce((result, manager) => {
      const saved = indexSize(stage, manager.id);
      const filling = saved && fillingLeft(stage, manager, dockerfile);
      if (!filling?.every((place) => changed.has(place))) return result;
      const first = units.findIndex(({ commands }) =>
        commands.some((place) => filling.includes(place)),
      );
      return result.map((unit, index) => (index === first ? { ...unit, saved } : unit));
    }, units);
}

/** Where commands leave a manager's index in the layers; undefined if some may be hidden. */
function fillingLeft(
  { instructions }: Stage,
  manager: PackageManager,
  dockerfile: Dockerfile,
): readonly Place[] | undefined {
  const runs = instructions.filter(({ keyword }) => keyword === "RUN");
  const filling = runs.map((run) => {
    if (hasMountOver(run, manager)) return [];
    const program = runProgram(run, dockerfile);
    if (program.kind === "script")
      return leftFilled(program.script, manager).map(({ node }) => placeOf(node, run));
    const words = program.text.split(/[\s"',;&|()[\]/]+/);
    return words.some((word) => manager.programs.test(word)) ? undefined : [];
  });
  return filling.includes(undefined)
    ? undefined
    : filling.flatMap((places) => places ?? []);
}
