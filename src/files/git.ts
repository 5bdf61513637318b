import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { errorCode, type FileProblem } from "./problem.ts";

/** Tells why a file must not be overwritten, or undefined where nothing speaks against it. */
export type CommitCheck = (realPath: string) => Promise<FileProblem | undefined>;

/** With more paths than this, git is faster when it looks at the whole tree. */
const maxPaths = 100;

/**
 * Refuses files that git tracks and that differ from the last commit. Git is asked once
 * per repository, when the first of its files is about to be written. Untracked files,
 * files outside a repository and a missing git are fine.
 *
 * @param realPaths All files that may be asked for, absolute, symbolic links resolved.
 */
export function commitCheck(realPaths: readonly string[]): CommitCheck {
  const roots = new Map<string, string | undefined>();
  const answers = new Map<string, Promise<ReadonlySet<string> | FileProblem>>();
  return async (realPath) => {
    const root = repositoryRoot(dirname(realPath), roots);
    if (root === undefined) return undefined;
    let answer = answers.get(root);
    if (answer === undefined) {
      answer = uncommittedFiles(
        root,
        realPaths.filter((path) => repositoryRoot(dirname(path), roots) === root),
      );
      answers.set(root, answer);
    }
    const uncommitted = await answer;
    if ("kind" in uncommitted) return uncommitted;
    if (!uncommitted.has(realPath)) return undefined;
    return {
      kind: "uncommitted-changes",
      message: "the file has uncommitted changes, so it was not written",
      hint: "Commit or stash them first, or use --allow-dirty",
    };
  };
}

function repositoryRoot(
  folder: string,
  known: Map<string, string | undefined>,
): string | undefined {
  if (known.has(folder)) return known.get(folder);
  const parent = dirname(folder);
  let root: string | undefined;
  if (existsSync(join(folder, ".git"))) root = folder;
  else if (parent !== folder) root = repositoryRoot(parent, known);
  known.set(folder, root);
  return root;
}

async function uncommittedFiles(
  root: string,
  realPaths: readonly string[],
): Promise<ReadonlySet<string> | FileProblem> {
  const paths = realPaths.map((path) => relative(root, path));
  const pathspec = paths.length <= maxPaths ? ["--", ...paths] : [];
  try {
    const output = await git(root, [
      "status",
      "--porcelain",
      "-z",
      "--no-renames",
      "--untracked-files=no",
      "--ignore-submodules=all",
      ...pathspec,
    ]);
    // Each entry is two status letters, a space and the path from the root.
    return new Set(
      output
        .split("\0")
        .filter((entry) => entry !== "")
        .map((entry) => join(root, entry.slice(3))),
    );
  } catch (error) {
    if (errorCode(error) === "ENOENT") return new Set();
    const said = error instanceof Error ? (error.message.split("\n")[1] ?? "") : "";
    return {
      kind: "uncommitted-changes",
      message: `git can't tell whether the file has uncommitted changes${said === "" ? "" : ` (${said})`}, so it was not written`,
      hint: "Put that right, or use --allow-dirty",
    };
  }
}

async function git(root: string, commandArguments: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("git", [...commandArguments], {
    cwd: root,
    env: gitEnvironment(),
    maxBuffer: 256 * 1024 * 1024,
    windowsHide: true,
  });
  return stdout;
}

/**
 * Inside a git hook the variables that name the repository belong to the hook's own; the
 * status query must neither follow them nor wait for the index lock.
 */
function gitEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GIT_DIR: undefined,
    GIT_WORK_TREE: undefined,
    GIT_INDEX_FILE: undefined,
    GIT_PREFIX: undefined,
    GIT_OPTIONAL_LOCKS: "0",
    GIT_LITERAL_PATHSPECS: "1",
    LC_ALL: "C",
  };
}
