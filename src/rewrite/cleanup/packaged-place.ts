import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import { distributionOf } from "../../knowledge/base-distributions.ts";
import { keepsDefaultShell } from "../../knowledge/base-shells.ts";
import type { PackagedPlace } from "../../knowledge/managers/types.ts";
import type { PackageManager } from "../../knowledge/package-managers.ts";
import { simpleCommands } from "../../shell/commands.ts";
import { literalValue } from "../../shell/words.ts";
import { rootImage } from "../root-image.ts";
import { runProgram } from "../run-program.ts";

/**
 * Where a manager has its cache by how the file installs it: by the distribution's packages,
 * in this RUN or before it. Its own place in an image that brings it comes first.
 */
export function packagedPlace(
  run: Instruction,
  { images, packaged = [] }: PackageManager,
  dockerfile: Dockerfile,
): PackagedPlace | undefined {
  const image = run.stage && rootImage(run.stage);
  if (packaged.length === 0 || !image || !keepsDefaultShell(image)) return undefined;
  if (images?.test(image.repository ?? "") === true) return undefined;
  const { family = "", release = "" } = distributionOf(image) ?? {};
  const place = packaged.find(({ families }) => families.test(`${family} ${release}`));
  if (!place || place.others.test(dockerfile.text)) return undefined;
  return runsUntil(run).some((earlier) => installs(earlier, place, dockerfile))
    ? place
    : undefined;
}

/** The RUNs of the stage and of those it stands on, as far as this one. */
function runsUntil({ stage, index }: Instruction): Instruction[] {
  const runs: Instruction[] = [];
  for (let current = stage; current;) {
    runs.push(
      ...current.instructions.filter(
        (other) => other.keyword === "RUN" && other.index <= index,
      ),
    );
    current = current.base.kind === "stage" ? current.base.stage : undefined;
  }
  return runs;
}

function installs(
  run: Instruction,
  { installers, packages }: PackagedPlace,
  dockerfile: Dockerfile,
): boolean {
  const program = runProgram(run, dockerfile);
  return (
    program.kind === "script" &&
    simpleCommands(program.script).some(
      ({ invocation }) =>
        installers.test(invocation?.program ?? "") &&
        invocation?.args.some((arg) => packages.test(literalValue(arg) ?? "")) === true,
    )
  );
}
