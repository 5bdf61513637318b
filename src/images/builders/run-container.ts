import { randomUUID } from "node:crypto";
import { outputCollector, type RunOutcome } from "./run-output.ts";
import { runProgram } from "./run-program.ts";
import type { RunRequest } from "./types.ts";

/** By `docker run`, which podman has, too. */
export async function runContainer(
  program: string,
  { image, script, signal }: RunRequest,
): Promise<RunOutcome> {
  const name = `dockerslim-${randomUUID()}`;
  const command =
    script === undefined ? [image] : ["--entrypoint", "/bin/sh", image, "-c", script];
  const [stdout, stderr] = [outputCollector(), outputCollector()];
  // A shell that is the container's first process doesn't heed what the program passes on.
  const kill = () => void runProgram(program, ["kill", name]);
  signal.addEventListener("abort", kill);
  const { code } = await runProgram(
    program,
    ["run", "--rm", "--name", name, ...command],
    {
      signal,
      onOutput: (chunk, stream) => {
        (stream === "stdout" ? stdout : stderr).write(chunk);
      },
    },
  );
  signal.removeEventListener("abort", kill);
  // One that had only just been started outlives the program.
  if (signal.aborted) await runProgram(program, ["rm", "--force", name]);
  return {
    code: signal.aborted ? undefined : code,
    stdout: stdout.end(),
    stderr: stderr.end(),
  };
}
