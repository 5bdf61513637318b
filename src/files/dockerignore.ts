import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSource } from "../dockerfile/glob.ts";

/** Whether a path, relative to the build context, is left out; of a folder: with all in it. */
export type DockerignoreRules = (path: string, isFolder: boolean) => boolean;

interface Rule {
  readonly pattern: RegExp;
  readonly isException: boolean;
}

/**
 * Reads `.dockerignore` as BuildKit does (github.com/moby/patternmatcher): patterns count
 * from the context's root, match a path or a folder above it, and the last one that matches
 * decides. A folder is only passed over if no exception could lie in it.
 */
export function readDockerignore(folder: string, dockerfile: string): DockerignoreRules {
  const rules = (
    textOf(`${dockerfile}.dockerignore`) ??
    textOf(join(folder, ".dockerignore")) ??
    ""
  )
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(readRule);
  const hasExceptions = rules.some(({ isException }) => isException);
  return (path, isFolder) => {
    if (isFolder && hasExceptions) return false;
    const last = rules.findLast(({ pattern }) => pattern.test(path));
    return last !== undefined && !last.isException;
  };
}

function readRule(line: string): Rule {
  const isException = line.startsWith("!");
  const path = (isException ? line.slice(1) : line)
    .trim()
    .replace(/^(\.?\/)+/, "")
    .replace(/\/+$/, "");
  return { pattern: new RegExp(`^${patternSource(path)}(/|$)`, "s"), isException };
}

/** With character classes and escapes, and `**` for any number of folders. */
function patternSource(path: string): string {
  return path
    .split(/(\*\*\/?|\\.?|[[\]])/)
    .map((part, index) => {
      if (index % 2 === 0) return globSource(part);
      return part === "**/" ? "(?:.*/)?" : part === "**" ? ".*" : part;
    })
    .join("");
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
