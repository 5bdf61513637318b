import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type ObjectFormat = "sha1" | "sha256";

/**
 * Where objects are read and written. The repository is always one of our own, so that no
 * config of anybody else counts; for a clone, its objects are reached from there.
 */
export interface ObjectStore {
  readonly gitFolder: string;
  /** The clone's objects, where they aren't the repository's own. */
  readonly objectFolder?: string;
}

export function objectEnvironment(objects: ObjectStore): Record<string, string> {
  return {
    GIT_DIR: objects.gitFolder,
    ...(objects.objectFolder === undefined
      ? {}
      : { GIT_OBJECT_DIRECTORY: objects.objectFolder }),
  };
}

/** An id of an object, of either format. */
export const objectId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function formatOf(id: string): ObjectFormat {
  return id.length === 64 ? "sha256" : "sha1";
}

/**
 * Makes an empty bare repository; by hand, since git would run a process for it and copy
 * the user's template, hooks included.
 *
 * @param url Of a remote whose objects may be missing here; without credentials.
 */
export function makeRepository(
  folder: string,
  format: ObjectFormat,
  url: string | undefined,
): void {
  mkdirSync(join(folder, "objects"), { recursive: true });
  mkdirSync(join(folder, "refs"), { recursive: true });
  const extensions = [
    ...(format === "sha256" ? ["\tobjectFormat = sha256"] : []),
    ...(url === undefined ? [] : ["\tpartialClone = origin"]),
  ];
  const lines = [
    "[core]",
    `\trepositoryFormatVersion = ${extensions.length > 0 ? 1 : 0}`,
    "\tbare = true",
    ...(extensions.length > 0 ? ["[extensions]", ...extensions] : []),
    ...(url === undefined
      ? []
      : [
          '[remote "origin"]',
          `\turl = "${url.replace(/["\\]/g, "\\$&")}"`,
          "\tpromisor = true",
          "\tpartialCloneFilter = blob:none",
        ]),
  ];
  writeFileSync(join(folder, "config"), `${lines.join("\n")}\n`);
  // Last: it is what makes the folder a repository.
  writeFileSync(join(folder, "HEAD"), "ref: refs/heads/none\n");
}
