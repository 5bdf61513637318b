import { readdirSync, readFileSync, realpathSync, statSync, type Dirent } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { systemReason } from "../../files/problem.ts";
import { sourceFailure, type Found, type FoundTarget } from "./found-target.ts";

/**
 * Clones below a folder, itself included, sorted by path. What lies in a clone isn't looked
 * at, links aren't followed. Of the work trees of one repository the first counts, the main
 * one before the linked ones.
 *
 * @param folder Absolute.
 */
export function* findClones(folder: string): Generator<Found> {
  const linked: string[] = [];
  const seen = new Set<string>();
  const failures: Found[] = [];
  for (const path of clonePaths(folder, failures)) {
    const main = repositoryOf(path);
    if (main !== join(path, ".git") && main !== path) {
      linked.push(path);
      continue;
    }
    seen.add(main);
    yield { target: cloneTarget(path) };
  }
  for (const path of linked) {
    const main = repositoryOf(path);
    if (seen.has(main)) continue;
    seen.add(main);
    yield { target: cloneTarget(path) };
  }
  yield* failures;
}

/** @param path Absolute. */
export function cloneTarget(path: string): FoundTarget {
  return {
    key: path,
    kind: "clone",
    forge: null,
    host: "",
    owner: "",
    name: basename(path).replace(/\.git$/, ""),
    url: path,
    default_branch: "",
  };
}

/** A work tree's root or a bare repository; undefined for any other folder. */
export function clonePath(path: string): string | undefined {
  try {
    const real = realpathSync(path);
    return isClone(real, readdirSync(real, { withFileTypes: true })) ? real : undefined;
  } catch {
    return undefined;
  }
}

function* clonePaths(folder: string, failures: Found[]): Generator<string> {
  const open = [realpathSync(folder)];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    let entries;
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      failures.push(
        sourceFailure(
          path,
          "unauthorized",
          `the folder can't be read: ${systemReason(error)}`,
          "Change its permissions, or leave it out",
        ),
      );
      continue;
    }
    if (isClone(path, entries)) {
      yield path;
      continue;
    }
    const below = entries
      .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
      .map(({ name }) => join(path, name));
    open.push(...below.sort().reverse());
  }
}

function isClone(path: string, entries: readonly Dirent[]): boolean {
  const has = (name: string, kind: "isFile" | "isDirectory") =>
    entries.some((entry) => entry.name === name && entry[kind]());
  if (entries.some(({ name }) => name === ".git")) return isGitFolder(join(path, ".git"));
  return (
    has("HEAD", "isFile") && has("objects", "isDirectory") && has("refs", "isDirectory")
  );
}

/** A folder with a HEAD, or the file that stands for one in a linked work tree. */
function isGitFolder(path: string): boolean {
  try {
    const isFolder = statSync(path).isDirectory();
    return isFolder
      ? statSync(join(path, "HEAD")).isFile()
      : readFileSync(path, "utf8").startsWith("gitdir:");
  } catch {
    return false;
  }
}

/** The folder with a clone's refs, which all its work trees have in common. */
function repositoryOf(path: string): string {
  const gitPath = join(path, ".git");
  try {
    if (statSync(gitPath).isDirectory()) return gitPath;
    const pointer = readFileSync(gitPath, "utf8")
      .replace(/^gitdir:\s*/, "")
      .trimEnd();
    const own = resolve(path, pointer);
    const common = readFileSync(join(own, "commondir"), "utf8").trimEnd();
    return realpathSync(resolve(own, common));
  } catch {
    // A bare repository, or a work tree whose repository lies elsewhere.
    return dirname(gitPath);
  }
}
