import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import * as v from "valibot";
import { runProgram } from "./run-program.ts";

/** `buildah containers --json` */
const containerList = v.nullable(
  v.array(v.object({ id: v.string(), imageid: v.string() })),
);

type Containers = NonNullable<v.InferOutput<typeof containerList>>;

/** The containers in which buildah builds. */
export async function workingContainers(program: string): Promise<Containers> {
  const chunks: Uint8Array[] = [];
  await runProgram(program, ["containers", "--json"], {
    onOutput(chunk, stream) {
      if (stream === "stdout") chunks.push(chunk);
    },
  });
  try {
    const list: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    return v.parse(containerList, list) ?? [];
  } catch {
    return [];
  }
}

/**
 * Removes what a build that was ended left behind. buildah does so itself, except between
 * two steps.
 *
 * @param earlier The containers that there were before the build.
 * @param layers Ids of images that the build made.
 */
export async function removeWorkingContainers(
  program: string,
  earlier: Containers,
  layers: readonly string[],
): Promise<void> {
  const known = new Set(earlier.map(({ id }) => id));
  const fresh = (await workingContainers(program)).filter(({ id }) => !known.has(id));
  // One on the base image may also be that of another build which began meanwhile.
  const alone = fresh.length > 0 && !anotherIsRunning();
  const own = fresh.filter(
    ({ imageid }) => alone || layers.some((layer) => imageid.startsWith(layer)),
  );
  if (own.length > 0) await runProgram(program, ["rm", ...own.map(({ id }) => id)]);
}

function anotherIsRunning(): boolean {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.some((id) => {
    try {
      const [program = ""] = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
      return /^(buildah|podman)/.test(basename(program));
    } catch {
      // It has just ended.
      return false;
    }
  });
}
