import { execFile } from "node:child_process";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Who commits on the forge: people, and the forge itself when it merges. */
const env = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Forge",
  GIT_AUTHOR_EMAIL: "forge@example.com",
  GIT_COMMITTER_NAME: "Forge",
  GIT_COMMITTER_EMAIL: "forge@example.com",
  LC_ALL: "C",
};

/** A file's text, or its text and mode; undefined removes it. */
export type Files = Readonly<
  Record<string, string | { readonly text: string; readonly mode: string } | undefined>
>;

export async function git(folder: string, ...words: string[]): Promise<string> {
  const { stdout } = await run("git", ["--git-dir", folder, ...words], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** As a forge has them: no work tree, partial clones allowed. */
export async function createBare(folder: string, defaultBranch: string): Promise<void> {
  const settings = {
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "http.receivepack": "true",
    "gc.auto": "0",
  };
  const words = ["--quiet", "--bare", "--template=", "-b", defaultBranch, folder];
  await run("git", ["init", ...words], { env });
  const sections = Object.entries(settings).map(([name, value]) => {
    const [section = "", key = ""] = name.split(".");
    return `[${section}]\n\t${key} = ${value}\n`;
  });
  await appendFile(join(folder, "config"), sections.join(""));
}

/** The commit of a branch; undefined where there is none. */
export async function headOf(
  folder: string,
  branch: string,
): Promise<string | undefined> {
  try {
    const ref = `refs/heads/${branch}`;
    return (await git(folder, "rev-parse", "--verify", "--quiet", ref)).trim();
  } catch {
    return undefined;
  }
}

/**
 * @param from where the branch begins if it isn't there yet
 * @returns the new commit on the branch
 */
export async function commitFiles(
  folder: string,
  branch: string,
  files: Files,
  message: string,
  from = branch,
): Promise<string> {
  const parent = (await headOf(folder, branch)) ?? (await headOf(folder, from));
  const parts = [
    `commit refs/heads/${branch}\n`,
    `committer Forge <forge@example.com> ${Math.floor(Date.now() / 1000)} +0000\n`,
    data(message),
    parent === undefined ? "" : `from ${parent}\n`,
    ...Object.entries(files).map(([path, file]) => {
      const quoted = `"${path.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
      if (file === undefined) return `D ${quoted}\n`;
      const { text, mode } =
        typeof file === "string" ? { text: file, mode: "100644" } : file;
      return `M ${mode} inline ${quoted}\n${data(text)}`;
    }),
  ];
  const child = run("git", ["--git-dir", folder, "fast-import", "--quiet", "--force"], {
    env,
  });
  child.child.stdin?.end(parts.join(""));
  await child;
  const made = await headOf(folder, branch);
  if (made === undefined) throw new Error(`${branch} has no commit.`);
  return made;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** How many commits a branch has that another one hasn't. */
export async function commitsAhead(
  folder: string,
  base: string,
  branch: string,
): Promise<number> {
  const range = `refs/heads/${base}..refs/heads/${branch}`;
  return Number(await git(folder, "rev-list", "--count", range));
}

/**
 * Merges a branch as a forge does on its page.
 *
 * @returns the commit that the base is at then; undefined for a conflict
 */
export async function mergeBranch(
  folder: string,
  base: string,
  head: string,
  method: string,
  title: string,
): Promise<string | undefined> {
  const old = await headOf(folder, base);
  if (old === undefined) return undefined;
  let tree: string;
  try {
    tree = (await git(folder, "merge-tree", "--write-tree", old, head)).trim();
  } catch {
    return undefined;
  }
  // A request of one commit, rebased, is a commit with the same text on the new base.
  const message =
    method === "rebase" ? await git(folder, "log", "-1", "--format=%B", head) : title;
  const parents = method === "merge" ? ["-p", old, "-p", head] : ["-p", old];
  const made = (await git(folder, "commit-tree", tree, ...parents, "-m", message)).trim();
  await git(folder, "update-ref", `refs/heads/${base}`, made, old);
  return made;
}

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<{
  readonly path: string;
  readonly remove: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), "dockerslim-forge-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
