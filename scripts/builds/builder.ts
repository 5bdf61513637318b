import { workingBuilder, type FoundBuilder } from "../../src/images/builders/find.ts";
import { lastLine, runProgram } from "../../src/images/builders/run-program.ts";

/**
 * The builder that DOCKERSLIM_BUILDER names (`docker`, `podman`, `buildah`, or the path of
 * one of them), or the first of these that works.
 *
 * @returns a string that says what stands in the way where there is none.
 */
export function chosenBuilder(): Promise<FoundBuilder | string> {
  const chosen = process.env["DOCKERSLIM_BUILDER"] ?? "";
  return workingBuilder(chosen === "" ? undefined : chosen, false);
}

/** In the builder's own words, on one line. */
export async function versionOf({ builder, program }: FoundBuilder): Promise<string> {
  const { tail } = await runProgram(program, ["--version"]);
  const version = lastLine(tail);
  return builder.id === "docker" ? `${builder.name}, ${version}` : version;
}
