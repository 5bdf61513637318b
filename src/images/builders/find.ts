import { accessSync, constants, statSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import { buildah } from "./buildah.ts";
import { docker } from "./docker.ts";
import { podman } from "./podman.ts";
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
