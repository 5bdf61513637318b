import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "../target-state.ts";
import { stepFailure } from "./git-failure.ts";
import { objectEnvironment, type ObjectStore } from "./objects.ts";
import { runGit, type GitCall } from "./run-git.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface NewFile {
  readonly path: string;
  /** 100644 or 100755, as the file has it already. */
  readonly mode: string;
  readonly text: string;
}

export interface NewCommit {
  /** The commit that it follows. */
  readonly parent: string;
  /** Files that exist there, with their new texts. */
  readonly files: readonly NewFile[];
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  /** As `git commit -S` does it, by the settings of the user. */
  readonly sign: boolean;
}

const signTimeout = 60_000;

/**
 * Writes the tree of a commit with some files changed, without a work tree. What the
 * objects of other files are isn't looked at, nor need they be here.
 *
 * @returns The tree's id.
 */
export async function writeTree(
  objects: ObjectStore,
  parent: string,
  files: readonly NewFile[],
): Promise<Outcome<string>> {
  const index = join(objects.gitFolder, `index-${randomBytes(8).toString("hex")}`);
  const run = runner(objects, { GIT_INDEX_FILE: index });
  try {
    const entries: string[] = [];
    for (const { path, mode, text } of files) {
      // Without a path no filter of any attribute applies.
      const blob = await run({ words: ["hash-object", "-w", "--stdin"], input: text });
      if ("failure" in blob) return blob;
      entries.push(`${mode} ${blob.value}\t${path}\0`);
    }
    const read = await run({ words: ["read-tree", parent] });
    if ("failure" in read) return read;
    const updated = await run({
      words: ["update-index", "-z", "--index-info"],
      input: entries.join(""),
    });
    if ("failure" in updated) return updated;
    // Without the option, git would fetch every blob that isn't here.
    return await run({ words: ["write-tree", "--missing-ok"] });
  } finally {
    rmSync(index, { force: true });
  }
}

/** @returns The id of the commit. */
export async function writeCommit(
  objects: ObjectStore,
  tree: string,
  commit: Omit<NewCommit, "files">,
): Promise<Outcome<string>> {
  const { author, committer } = commit;
  const run = runner(objects, {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
  });
  return run({
    words: [
      "commit-tree",
      tree,
      "-p",
      commit.parent,
      "-F",
      "-",
      commit.sign ? "-S" : "--no-gpg-sign",
    ],
    input: commit.message,
    timeout: signTimeout,
  });
}

/** The tree of a commit and its parents. */
export async function readCommit(
  objects: ObjectStore,
  commit: string,
): Promise<Outcome<{ readonly tree: string; readonly parents: readonly string[] }>> {
  const run = runner(objects, {});
  const text = await run({ words: ["cat-file", "commit", commit] });
  if ("failure" in text) return text;
  const headers = text.value.slice(0, text.value.indexOf("\n\n")).split("\n");
  const values = (name: string) =>
    headers
      .filter((line) => line.startsWith(`${name} `))
      .map((line) => line.slice(name.length + 1));
  return { value: { tree: values("tree")[0] ?? "", parents: values("parent") } };
}

/**
 * Whom git takes for the user.
 *
 * @param folder Of a repository with settings of its own.
 */
export async function gitIdentity(folder?: string): Promise<Outcome<Person>> {
  const result = await runGit({
    words: ["var", "GIT_COMMITTER_IDENT"],
    ...(folder === undefined ? {} : { folder }),
  });
  const ident =
    "gitFailure" in result
      ? null
      : /^(.*) <(.*)> \d+ [+-]\d+$/m.exec(result.output.toString("utf8"));
  const [, name, email] = ident ?? [];
  if (name !== undefined && email !== undefined) return { value: { name, email } };
  return {
    failure: {
      class: "invalid",
      step: "commit",
      message: "git doesn't know who commits",
      hint: "Set user.name and user.email, or commit.author in the campaign",
    },
  };
}

function runner(objects: ObjectStore, environment: Readonly<Record<string, string>>) {
  return async (
    call: Pick<GitCall, "words" | "input" | "timeout">,
  ): Promise<Outcome<string>> => {
    const result = await runGit({
      ...call,
      environment: { ...objectEnvironment(objects), ...environment },
    });
    if ("gitFailure" in result) {
      return { failure: stepFailure("commit", result.gitFailure) };
    }
    return { value: result.output.toString("utf8").trimEnd() };
  };
}
