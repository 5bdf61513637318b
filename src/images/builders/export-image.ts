import type { ImageProblem } from "../problem.ts";
import type { FoundBuilder } from "./find.ts";
import { lastLine, runProgram } from "./run-program.ts";

/** A name may not look like an option of the program that gets it. */
const imageName = /^[a-z0-9][\w.:/@+-]*$/i;

/**
 * Has the first builder that knows an image write it to a file.
 *
 * @param signal Ends the program.
 * @returns undefined if it did, else why not.
 */
export async function exportImage(
  name: string,
  file: string,
  found: readonly FoundBuilder[],
  signal?: AbortSignal,
): Promise<ImageProblem | undefined> {
  if (!imageName.test(name)) {
    return { message: "this is neither a file nor an image's name", hint: "" };
  }
  if (found.length === 0) {
    return {
      message:
        "there is no such file, and no docker, podman or buildah to ask for an image",
      hint: "Give an archive that `docker save` wrote, or name the program by --builder",
    };
  }
  const answers: string[] = [];
  for (const { builder, program } of found) {
    const asked = await runProgram(program, builder.hasImage(name));
    if (asked.code !== 0) {
      answers.push(`${builder.id}: ${lastLine(asked.tail) || "no such image"}`);
      continue;
    }
    const { code, tail } = await runProgram(program, builder.exportImage(name, file), {
      signal,
    });
    if (code === 0) return undefined;
    return {
      message: `${builder.id} could not export the image: ${lastLine(tail)}`,
      hint: "",
    };
  }
  return {
    message: `there is neither a file nor an image of that name (${answers.join("; ")})`,
    hint: "Build or pull it first, or give an archive",
  };
}
