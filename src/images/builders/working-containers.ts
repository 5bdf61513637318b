import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import * as v from "valibot";
import type { FoundBuilder } from "./find.ts";
import { runProgram } from "./run-program.ts";

/** As buildah prints them. */
const buildahContainer = v.object({ id: v.string(), imageid: v.string() });

/** As podman does; those that it can start itself have other states. */
const podmanContainer = v.pipe(
  v.object({ Id: v.string(), ImageID: v.string(), State: v.literal("storage") }),
  v.transform(({ Id, ImageID }) => ({ id: Id, imageid: ImageID })),
);

type Container = v.InferOutput<typeof buildahContainer>;

/** The containers in which a builder builds at the moment. */
export async function workingContainers({
  builder,
  program,
}: FoundBuilder): Promise<readonly Container[]> {
  if (builder.workingContainers === undefined) return [];
  const text = await standardOutput(program, builder.workingContainers.list);
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return [];
    return list.flatMap((item: unknown) => {
      const parsed = v.safeParse(v.union([buildahContainer, podmanContainer]), item);
      return parsed.success ? [parsed.output] : [];
    });
  } catch {
    return [];
  }
}

/**
 * Removes what a build that was ended left behind. buildah does so itself, except between
 * two steps; podman doesn't.
 *
 * @param earlier The containers that there were before the build.
 * @param layers Ids of images that the build made.
 */
export async function removeWorkingContainers(
  found: FoundBuilder,
  earlier: readonly Container[],
  layers: readonly string[],
): Promise<void> {
  const known = new Set(earlier.map(({ id }) => id));
  const fresh = (await workingContainers(found)).filter(({ id }) => !known.has(id));
  // One on the base image may also be that of another build which began meanwhile.
  const alone = fresh.length > 0 && !anotherIsRunning();
  const own = fresh.filter(
    ({ imageid }) => alone || layers.some((layer) => imageid.startsWith(layer)),
  );
  const remove = found.builder.workingContainers?.remove;
  if (own.length > 0 && remove !== undefined) {
    await runProgram(found.program, remove(own.map(({ id }) => id)));
  }
}

/** Ids of all images, for a builder whose builds can be told from others'. */
export async function storedImages({
  builder,
  program,
}: FoundBuilder): Promise<string[]> {
  if (builder.workingContainers === undefined) return [];
  const text = await standardOutput(program, [
    "images",
    "--all",
    "--quiet",
    "--no-trunc",
  ]);
  return text.split("\n").filter(Boolean);
}

/**
 * Images that came to be while a build ran, and that nobody else can have made. A build that
 * is ended may have stored a layer without having said so.
 */
export async function unannouncedImages(
  found: FoundBuilder,
  earlier: readonly string[],
): Promise<string[]> {
  const known = new Set(earlier);
  const fresh = (await storedImages(found)).filter((id) => !known.has(id));
  return fresh.length === 0 || anotherIsRunning() ? [] : [...new Set(fresh)];
}

/** Whether somebody else may be building in the same store. */
function anotherIsRunning(): boolean {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.some((id) => {
    try {
      const [program = ""] = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
      return /^(buildah|podman)/.test(basename(program)) && !hasAnotherStore(id);
    } catch {
      // It has just ended.
      return false;
    }
  });
}

function hasAnotherStore(id: string): boolean {
  const name = "CONTAINERS_STORAGE_CONF=";
  const variables = readFileSync(`/proc/${id}/environ`, "utf8").split("\0");
  const store = variables.find((variable) => variable.startsWith(name));
  return store?.slice(name.length) !== process.env["CONTAINERS_STORAGE_CONF"];
}

async function standardOutput(
  program: string,
  words: readonly string[],
): Promise<string> {
  const chunks: Uint8Array[] = [];
  await runProgram(program, words, {
    onOutput(chunk, stream) {
      if (stream === "stdout") chunks.push(chunk);
    },
  });
  return Buffer.concat(chunks).toString("utf8");
}
