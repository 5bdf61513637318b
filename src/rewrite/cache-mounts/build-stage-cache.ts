import { descendants, stagesInImage } from "../../dockerfile/reachability.ts";
import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import {
  privateSources,
  type BuildStageFacts,
  type MountableCache,
} from "../../knowledge/cache-mount-targets.ts";
import type { PackageManager } from "../../knowledge/package-managers.ts";
import { simpleCommands } from "../../shell/commands.ts";
import { covers } from "./cache-mounts.ts";
import { isHidden } from "../cleanup/hidden-use.ts";
import { rootImage } from "../root-image.ts";
import { runProgram } from "../run-program.ts";

/**
 * Why a cache that builds need can't be a mount here. The folder is empty in what the stage
 * leaves, so nothing but a build that fetches anew may want it.
 */
export function whyNotInBuildStage(
  { stage, index }: Instruction,
  { targets }: MountableCache,
  { images, asksFor }: BuildStageFacts,
  manager: PackageManager,
  dockerfile: Dockerfile,
): string | undefined {
  const image = stage && rootImage(stage);
  if (!image || image.registry !== undefined || !images.test(image.repository ?? ""))
    return "where its cache is depends on the image";
  if (stagesInImage(dockerfile).has(stage)) return "the image may use it where it is";
  if (privateSources.test(dockerfile.text))
    return "a later RUN may not be able to fetch it anew";
  const builtOn = [stage, ...stagesOn(stage, dockerfile)];
  for (const instruction of builtOn.flatMap((other) => other.instructions)) {
    const { keyword, body } = instruction;
    if (/^(CMD|ENTRYPOINT|ONBUILD)$/.test(keyword))
      return "a container of this stage may use it where it is";
    if (keyword !== "RUN") continue;
    if (asksFor.test(body.text)) return "something else asks where it is";
    if (instruction.index !== index && isUnclear(instruction, manager, dockerfile))
      return "another RUN may use it in a way that isn't shown";
  }
  const isTaken = descendants(stage, dockerfile)
    .flatMap((other) => other.instructions)
    .some((instruction) =>
      targets.some(({ path }) => mayTake(instruction, path, dockerfile)),
    );
  return isTaken ? "another stage may copy it" : undefined;
}

function stagesOn(stage: Stage, { stages }: Dockerfile): Stage[] {
  const found = new Set([stage]);
  for (const other of stages) {
    const { base } = other;
    if (base.kind === "stage" && found.has(base.stage)) found.add(other);
  }
  return [...found].slice(1);
}

/** Programs that run what other files tell them. */
const builders = /^(make|cmake|ninja|mage|task|just|bazel|bazelisk|protoc|buf)$/;

function isUnclear(
  run: Instruction,
  manager: PackageManager,
  dockerfile: Dockerfile,
): boolean {
  const program = runProgram(run, dockerfile);
  return (
    program.kind !== "script" ||
    simpleCommands(program.script).some(
      (command) =>
        isHidden(command, manager) || builders.test(command.invocation?.program ?? ""),
    )
  );
}

/** Whether a COPY or a mount from another stage may take the folder, whole or in part. */
function mayTake(
  { keyword, range, flags }: Instruction,
  folder: string,
  { text }: Dockerfile,
): boolean {
  const isFromStage = flags.some(
    ({ name, value = "" }) => name === "from" || /(^|,)\s*from=/.test(value),
  );
  if (!isFromStage || !/^(COPY|RUN)$/.test(keyword)) return false;
  return text
    .slice(range.start, range.end)
    .split(/[\s,="'[\]]+/)
    .some((word) => word.includes("$") || covers(word.replace(/^\/*/, "/"), folder));
}
