import { accessSync, constants, statSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import { buildah } from "./buildah.ts";
import { docker, dockerClassic } from "./docker.ts";
import { podman } from "./podman.ts";
import { lastLine, runProgram } from "./run-program.ts";
import type { Builder } from "./types.ts";

export interface FoundBuilder {
  readonly builder: Builder;
  /** Path of the program. */
  readonly program: string;
}

const builders = [docker, podman, buildah];

/**
 * Looks for builders on the PATH, docker first, then podman and buildah.
 *
 * @param wanted Name or path of a program (`--builder`) to take in place of them all.
 * @returns what was found, or why the one that is wanted can't be taken.
 */
export function findBuilders(wanted: string | undefined): FoundBuilder[] | string {
  if (wanted === undefined) {
    return builders.flatMap((builder) => {
      const program = findProgram(builder.id);
      return program === undefined ? [] : [{ builder, program }];
    });
  }
  const builder = builders.find(({ id }) => basename(wanted).includes(id));
  if (builder === undefined) {
    return `--builder takes docker, podman or buildah, or the path of one of them, not ${wanted}`;
  }
  const program = findProgram(wanted);
  return program === undefined
    ? `${wanted} is not on the PATH, or no program`
    : [{ builder, program }];
}

function findProgram(name: string): string | undefined {
  const isPath = basename(name) !== name;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const candidates = isPath ? [resolve(name)] : folders.map((path) => join(path, name));
  const endings = process.platform === "win32" ? ["", ".exe"] : [""];
  return candidates
    .flatMap((path) => endings.map((ending) => path + ending))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The first builder that can build: docker with BuildKit, docker without it, podman, buildah.
 *
 * @param wanted As for `findBuilders`.
 * @param needsSecrets Whether builds get secrets.
 * @returns a string that says why there is none.
 */
export async function workingBuilder(
  wanted: string | undefined,
  needsSecrets: boolean,
): Promise<FoundBuilder | string> {
  const found = findBuilders(wanted);
  if (typeof found === "string") return found;
  if (found.length === 0) {
    return "there is no docker, podman or buildah on the PATH to build with; --builder takes the path of one";
  }
  const answers: string[] = [];
  for (const candidate of found.flatMap(variants)) {
    const answer =
      needsSecrets && !candidate.builder.hasSecrets
        ? "it takes no secrets"
        : await failedProbe(candidate);
    if (answer === undefined) return candidate;
    answers.push(`${candidate.builder.name}: ${answer}`);
  }
  return `no builder works here (${answers.join("; ")})`;
}

/** Docker's own switch between its two builders is respected. */
function variants({ builder, program }: FoundBuilder): FoundBuilder[] {
  if (builder.id !== "docker") return [{ builder, program }];
  const buildKit = process.env["DOCKER_BUILDKIT"];
  return [
    ...(buildKit === "0" ? [] : [docker]),
    ...(buildKit === "1" ? [] : [dockerClassic]),
  ].map((variant) => ({ builder: variant, program }));
}

async function failedProbe({
  builder,
  program,
}: FoundBuilder): Promise<string | undefined> {
  for (const words of builder.probes) {
    const { code, tail } = await runProgram(program, words);
    if (code !== 0) return lastLine(tail) || `\`${words.join(" ")}\` failed`;
  }
  return undefined;
}
