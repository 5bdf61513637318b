import { realpath, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { dockerfilePatterns } from "./dockerfile-names.ts";
import { ignoreMatcher } from "./ignore.ts";
import { errorCode, systemReason, type FileProblem } from "./problem.ts";
import { notAFile } from "./read.ts";

/** What `fix` works on. */
export type Target =
  | { readonly kind: "stdin"; readonly path: string }
  | {
      readonly kind: "file";
      /** Relative to the current folder, with forward slashes. */
      readonly path: string;
      /** Absolute, symbolic links resolved. */
      readonly realPath: string;
    }
  /** An argument or a folder that can't be used. */
  | { readonly kind: "problem"; readonly path: string; readonly problem: FileProblem }
  /** A file that was named but that `--ignore` leaves out. */
  | { readonly kind: "ignored"; readonly path: string };

export interface DiscoverOptions {
  /** Absolute path of the current folder. */
  readonly cwd: string;
  /** Globs, relative to the current folder. */
  readonly ignore: readonly string[];
  /** Shown for standard input. */
  readonly stdinPath: string;
}

interface Candidate {
  readonly path: string;
  readonly realPath: string;
  /** Given by name, not found in a folder or by a glob. */
  readonly named: boolean;
}

/**
 * Turns the arguments of `fix` into a list sorted by path, in which each file occurs once
 * however often it was named.
 */
export async function findTargets(
  paths: readonly string[],
  { cwd, ignore, stdinPath }: DiscoverOptions,
): Promise<Target[]> {
  const isIgnored = await ignoreMatcher(cwd, ignore);
  const candidates: Candidate[] = [];
  const targets: Target[] = [];
  for (const argument of new Set(paths)) {
    if (argument === "-") {
      targets.push({ kind: "stdin", path: stdinPath });
      continue;
    }
    const found = await resolveArgument(argument, cwd);
    candidates.push(...found.candidates);
    for (const [path, problem] of found.problems) {
      if (!isIgnored(resolve(cwd, path)))
        targets.push({ kind: "problem", path, problem });
    }
  }
  for (const { path, realPath, named } of withoutDuplicates(candidates, cwd)) {
    if (!isIgnored(resolve(cwd, path))) targets.push({ kind: "file", path, realPath });
    else if (named) targets.push({ kind: "ignored", path });
  }
  return targets.sort((left, right) => compare(left.path, right.path));
}

interface Resolved {
  readonly candidates: readonly Candidate[];
  /** By path relative to the current folder. */
  readonly problems: ReadonlyMap<string, FileProblem>;
}

async function resolveArgument(argument: string, cwd: string): Promise<Resolved> {
  const absolute = resolve(cwd, argument);
  const path = displayPath(absolute, cwd);
  const failed = (problem: FileProblem, shown = path): Resolved => ({
    candidates: [],
    problems: new Map([[shown, problem]]),
  });
  try {
    const status = argument === "" ? undefined : await stat(absolute);
    if (status?.isDirectory()) return await search(absolute, dockerfilePatterns, cwd);
    if (status?.isFile()) {
      const realPath = await realpath(absolute);
      return { candidates: [{ path, realPath, named: true }], problems: new Map() };
    }
    if (status !== undefined) return failed(notAFile());
  } catch (error) {
    const missing = ["ENOENT", "ENOTDIR"].includes(errorCode(error) ?? "");
    if (!missing) {
      return failed({
        kind: "unreadable",
        message: `the path can't be read: ${systemReason(error)}`,
        hint: "",
      });
    }
    if (isGlob(argument)) {
      const { base, pattern } = splitGlob(argument);
      const found = await search(resolve(cwd, base), [pattern], cwd, true);
      if (found.candidates.length > 0 || found.problems.size > 0) return found;
      return failed(
        {
          kind: "not-found",
          message: "no file matches this glob",
          hint: "Check it; what .gitignore excludes is left out",
        },
        argument,
      );
    }
  }
  return failed(
    {
      kind: "not-found",
      message: "there is no such file or folder",
      hint: "Check the path",
    },
    argument === "" ? '""' : path,
  );
}

async function search(
  folder: string,
  patterns: readonly string[],
  cwd: string,
  caseSensitive = false,
): Promise<Resolved> {
  try {
    const { walk } = await import("./walk.ts");
    const { files, problems } = await walk(folder, patterns, caseSensitive);
    return {
      candidates: files.map(({ path, realPath }) => ({
        path: displayPath(join(folder, path), cwd),
        realPath,
        named: false,
      })),
      problems: new Map(
        [...problems].map(([path, problem]) => [displayPath(path, cwd), problem]),
      ),
    };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { candidates: [], problems: new Map() };
    const problem: FileProblem = {
      kind: "unreadable",
      message: `the folder can't be searched: ${systemReason(error)}`,
      hint: "",
    };
    return { candidates: [], problems: new Map([[displayPath(folder, cwd), problem]]) };
  }
}

/** Of several names for one file, the one without a symbolic link in it is kept. */
function withoutDuplicates(
  candidates: readonly Candidate[],
  cwd: string,
): Iterable<Candidate> {
  const byRealPath = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const known = byRealPath.get(candidate.realPath);
    if (known === undefined) {
      byRealPath.set(candidate.realPath, candidate);
      continue;
    }
    const [better, other] = isPreferred(candidate, known, cwd)
      ? [candidate, known]
      : [known, candidate];
    byRealPath.set(candidate.realPath, {
      ...better,
      named: better.named || other.named,
    });
  }
  return byRealPath.values();
}

function isPreferred(candidate: Candidate, known: Candidate, cwd: string): boolean {
  const direct = ({ path, realPath }: Candidate) => resolve(cwd, path) === realPath;
  if (direct(candidate) !== direct(known)) return direct(candidate);
  return compare(candidate.path, known.path) < 0;
}

function isGlob(argument: string): boolean {
  return /[*?[\]{}]|[!@+]\(/.test(argument);
}

/** The folder in which the search starts, and the glob relative to it. */
function splitGlob(glob: string): { base: string; pattern: string } {
  const segments = glob.split("/");
  const dynamic = segments.findIndex(isGlob);
  const base = segments.slice(0, dynamic).join("/");
  return {
    base: base === "" && glob.startsWith("/") ? "/" : base,
    pattern: segments.slice(dynamic).join("/"),
  };
}

/** Relative to the current folder, with forward slashes. */
export function displayPath(absolute: string, cwd: string): string {
  const path = relative(cwd, absolute);
  return path === "" ? "." : path.split(sep).join("/");
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
