import { join } from "node:path";
import type { Outcome } from "../target-state.ts";
import { stepFailure } from "./git-failure.ts";
import type { ObjectFormat, ObjectStore } from "./objects.ts";
import { runGit, type GitResult } from "./run-git.ts";

/** A clone on this disk, its config not trusted. */
export interface Clone {
  readonly path: string;
  /** Its refs are there; the same for all its work trees. Absolute. */
  readonly commonFolder: string;
  readonly format: ObjectFormat;
}

/** Where the changes are made to. */
export interface CloneHead {
  /** Short name; empty for a detached HEAD. */
  readonly branch: string;
  readonly commit: string;
}

/** @param path Of a work tree's root, or of a bare repository; absolute. */
export async function openClone(path: string): Promise<Outcome<Clone>> {
  const result = await runGit({
    words: [
      "rev-parse",
      "--path-format=absolute",
      "--git-common-dir",
      "--show-object-format",
    ],
    folder: path,
    // Of a folder without a repository, the one around it isn't meant.
    environment: { GIT_CEILING_DIRECTORIES: join(path, "..") },
  });
  if ("gitFailure" in result) return { failure: stepFailure("fetch", result.gitFailure) };
  // The folder's name may have line feeds in it, the format's hasn't.
  const lines = result.output.toString("utf8").trimEnd().split("\n");
  const format = lines.pop() === "sha256" ? "sha256" : "sha1";
  return { value: { path, commonFolder: lines.join("\n"), format } };
}

/** Objects of a clone, read and written without a look at its config. */
export function objectsOf(
  clone: Clone,
  scratch: (format: ObjectFormat) => string,
): ObjectStore {
  return {
    gitFolder: scratch(clone.format),
    objectFolder: join(clone.commonFolder, "objects"),
  };
}

/**
 * The default branch that the clone's origin had, as far as it is known, in the state that
 * it has here; failing that, what is checked out.
 *
 * @returns undefined where there is no commit yet.
 */
export async function cloneHead(clone: Clone): Promise<Outcome<CloneHead | undefined>> {
  const remote = await resolve(clone, ["symbolic-ref", "-q", "refs/remotes/origin/HEAD"]);
  const name = /^refs\/remotes\/origin\/(.+)$/.exec(remote ?? "")?.[1];
  const candidates =
    name === undefined
      ? []
      : [
          { branch: name, ref: `refs/heads/${name}` },
          { branch: name, ref: `refs/remotes/origin/${name}` },
        ];
  for (const { branch, ref } of candidates) {
    const commit = await commitAt(clone, ref);
    if (commit !== undefined) return { value: { branch, commit } };
  }
  const result = await inClone(clone, ["rev-parse", "-q", "--verify", "HEAD^{commit}"]);
  if ("gitFailure" in result) {
    // 1 is how git says that there is none; anything else is broken.
    if (result.gitFailure.kind === "exit" && result.gitFailure.said === "") {
      return { value: undefined };
    }
    return { failure: stepFailure("fetch", result.gitFailure) };
  }
  const current = await resolve(clone, ["symbolic-ref", "-q", "HEAD"]);
  return {
    value: {
      branch: current?.replace(/^refs\/heads\//, "") ?? "",
      commit: result.output.toString("latin1").trim(),
    },
  };
}

/** The commit that a ref of the clone is at. */
export async function commitAt(clone: Clone, ref: string): Promise<string | undefined> {
  return resolve(clone, ["rev-parse", "-q", "--verify", `${ref}^{commit}`]);
}

/** Whether a branch is checked out in any of the clone's work trees, born or not. */
export async function isCheckedOut(
  clone: Clone,
  branch: string,
): Promise<Outcome<boolean>> {
  const result = await inClone(clone, ["worktree", "list", "--porcelain"]);
  if ("gitFailure" in result) {
    return { failure: stepFailure("commit", result.gitFailure) };
  }
  const lines = result.output.toString("utf8").split("\n");
  return { value: lines.includes(`branch refs/heads/${branch}`) };
}

/**
 * Moves a ref of the clone, if it is where it is thought to be.
 *
 * @param old The commit that it is at; empty where it mustn't exist.
 * @returns Whether it was there.
 */
export async function moveRef(
  clone: Clone,
  ref: string,
  commit: string,
  old: string,
): Promise<Outcome<boolean>> {
  const none = "0".repeat(commit.length);
  const result = await inClone(clone, [
    "update-ref",
    "-m",
    "dockerslim batch apply",
    ref,
    commit,
    old === "" ? none : old,
  ]);
  if (!("gitFailure" in result)) return { value: true };
  if (
    /but expected|already exists|exists; cannot create|unable to resolve reference/.test(
      result.gitFailure.said,
    )
  ) {
    return { value: false };
  }
  return { failure: stepFailure("commit", result.gitFailure) };
}

function inClone(clone: Clone, words: readonly string[]): Promise<GitResult> {
  return runGit({
    words: [`--git-dir=${clone.commonFolder}`, ...words],
    folder: clone.path,
  });
}

async function resolve(
  clone: Clone,
  words: readonly string[],
): Promise<string | undefined> {
  const result = await inClone(clone, words);
  if ("gitFailure" in result) return undefined;
  const text = result.output.toString("utf8").trimEnd();
  return text === "" ? undefined : text;
}
