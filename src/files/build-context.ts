import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BuildContext, FindBuildContext } from "../split/build-context.ts";
import { readDockerignore, type DockerignoreRules } from "./dockerignore.ts";

/** More files than this are no project that a person wrote; looking at them takes too long. */
const maxFiles = 20_000;
/** Larger files hold data and no settings. */
const maxBytes = 1024 * 1024;

/**
 * For a Dockerfile in the file system.
 *
 * @param dockerfile absolute path
 */
export function buildContextOf(dockerfile: string): FindBuildContext {
  return (sources) => {
    try {
      return readBuildContext(contextFolderFor(dockerfile, sources), dockerfile);
    } catch {
      // A folder that can't be read is like one that isn't there: less can be told.
      return undefined;
    }
  };
}

/**
 * The folder that a Dockerfile was written for: its own, or the nearest one above in the same
 * repository that holds a path which it copies.
 *
 * @param dockerfile absolute path
 * @param sources paths that the Dockerfile copies from its build context
 */
function contextFolderFor(dockerfile: string, sources: readonly string[]): string {
  const own = dirname(dockerfile);
  const isThere = (folder: string): boolean =>
    sources.every((source) =>
      existsSync(join(folder, source.replace(/[^/]*[*?[].*$/s, ""))),
    );
  for (let folder = own; ; folder = dirname(folder)) {
    if (isThere(folder)) return folder;
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return own;
  }
}

/**
 * Reads the files of a folder when they are asked for.
 *
 * @param dockerfile absolute path; `<name>.dockerignore` beside it counts before the context's
 * `.dockerignore` (docs.docker.com/build/concepts/context, "Filename and location")
 * @returns undefined where there are too many of them
 */
export function readBuildContext(
  folder: string,
  dockerfile: string,
): BuildContext | undefined {
  const files = listFiles(folder, readDockerignore(folder, dockerfile));
  if (!files) return undefined;
  const known = new Set(files);
  return {
    files,
    read: (path) => (known.has(path) ? readText(join(folder, path)) : undefined),
  };
}

function listFiles(
  folder: string,
  isIgnored: DockerignoreRules,
): readonly string[] | undefined {
  const files: string[] = [];
  const pending = [""];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const inside = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== ".git" && !isIgnored(inside, true)) pending.push(inside);
      } else if (!isIgnored(inside, false)) files.push(inside);
      if (files.length > maxFiles) return undefined;
    }
  }
  return files.sort();
}

function readText(path: string): string | undefined {
  try {
    const status = lstatSync(path);
    if (!status.isFile() || status.size > maxBytes) return undefined;
    const text = readFileSync(path, "utf8");
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
