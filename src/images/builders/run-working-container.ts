import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { outputCollector, type Output, type RunOutcome } from "./run-output.ts";
import { runProgram } from "./run-program.ts";
import type { RunRequest } from "./types.ts";

/** Where the folder for the output is in the container. */
const inside = "/.dockerslim";

/** buildah has no `run IMAGE`; it runs commands in containers that it builds in. */
export async function runWorkingContainer(
  program: string,
  request: RunRequest,
): Promise<RunOutcome> {
  const { image, config, script, hasShell, scratch, signal } = request;
  const name = `dockerslim-${randomUUID()}`;
  const own = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  const command = script === undefined ? own : ["/bin/sh", "-c", script];
  // Whatever user the image has must be able to write.
  await chmod(scratch, 0o777);
  const printed = outputCollector();
  try {
    const made = await runProgram(program, [
      "from",
      "--pull-never",
      "--name",
      name,
      image,
    ]);
    // A shell finds the program in the container, not outside of it, and what goes to a
    // file is complete and without buildah's own messages.
    const redirected = `exec "$@" >${inside}/stdout 2>${inside}/stderr`;
    const words = hasShell
      ? [
          ...["run", "--volume", `${scratch}:${inside}`, name, "--"],
          ...["/bin/sh", "-c", redirected, "sh", ...command],
        ]
      : ["run", name, "--", ...command];
    const { code } =
      made.code === 0
        ? await runProgram(program, words, {
            signal,
            onOutput: (chunk, stream) => {
              if (stream === "stdout") printed.write(chunk);
            },
          })
        : made;
    return {
      code: signal.aborted ? undefined : code,
      stdout: hasShell ? await outputOf(join(scratch, "stdout")) : printed.end(),
      stderr: hasShell ? await outputOf(join(scratch, "stderr")) : undefined,
    };
  } finally {
    await runProgram(program, ["rm", name]);
  }
}

async function outputOf(file: string): Promise<Output> {
  const collector = outputCollector();
  try {
    for await (const chunk of createReadStream(file))
      collector.write(chunk as Uint8Array);
  } catch {
    // The container didn't get as far as to write anything.
  }
  return collector.end();
}
