import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import {
  environment,
  improvable,
  improved,
  workspace,
  type Workspace,
} from "../cli/workspace.ts";

const branch = "dockerslim/dockerslim";

function git(folder: string, ...words: readonly string[]): string {
  return execFileSync("git", ["-C", folder, ...words], {
    env: environment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** A clone with one commit on main. */
function clone(
  space: Workspace,
  name: string,
  files: Readonly<Record<string, string>> = { Dockerfile: improvable },
  ...words: readonly string[]
): string {
  const folder = space.path(name);
  mkdirSync(folder, { recursive: true });
  git(folder, "init", "-q", "-b", "main", ...words);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "Begin");
  return folder;
}

async function planAndApprove(space: Workspace, ...words: readonly string[]) {
  const planned = await space.run(["batch", "plan", "--from", "clones", ...words]);
  expect(planned.stderr).toBe("");
  const approved = await space.run(["batch", "approve", "--all"]);
  expect(approved.code).toBe(0);
}

function apply(space: Workspace, ...words: readonly string[]) {
  return space.run(["batch", "apply", "--local", ...words]);
}

/** Everything that mustn't change in a clone: its status, index, HEAD, config and stash. */
function stateOf(folder: string): unknown {
  return {
    index: readFileSync(join(folder, ".git/index")),
    head: readFileSync(join(folder, ".git/HEAD"), "utf8"),
    config: readFileSync(join(folder, ".git/config"), "utf8"),
    status: git(folder, "status", "--porcelain"),
    main: git(folder, "rev-parse", "main"),
    stash: git(folder, "stash", "list"),
    file: readFileSync(join(folder, "Dockerfile"), "utf8"),
  };
}

test("a dirty clone gets one commit on the campaign's branch, and nothing else", async () => {
  const space = workspace();
  const files = {
    Dockerfile: improvable,
    "b/Dockerfile.dev": improvable,
    "a.txt": "a\n",
  };
  const folder = clone(space, "clones/app", files);
  git(folder, "update-index", "--chmod=+x", "b/Dockerfile.dev");
  git(folder, "commit", "-q", "-m", "Mode");
  writeFileSync(join(folder, "a.txt"), "stashed\n");
  git(folder, "stash");
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
  writeFileSync(join(folder, "a.txt"), "staged\n");
  git(folder, "add", "a.txt");
  writeFileSync(join(folder, "untracked"), "");
  const before = stateOf(folder);
  await planAndApprove(space);
  const dry = await apply(space, "--dry-run");
  expect(dry.code).toBe(1);
  expect(git(folder, "branch", "--list", branch)).toBe("");

  const { code, stdout } = await apply(space);
  expect(stdout).toContain(
    `1 clone got a commit on the branch ${branch}, 2 files in all`,
  );
  expect(code).toBe(0);
  expect(stateOf(folder)).toEqual(before);
  expect(git(folder, "show", `${branch}:Dockerfile`)).toBe(improved);
  expect(git(folder, "diff", "--raw", "--abbrev=4", "main", branch)).toMatch(
    /^:100644 100644 \S+ \S+ M\tDockerfile\n:100755 100755 \S+ \S+ M\tb\/Dockerfile.dev\n$/,
  );
  expect(git(folder, "rev-list", "--count", `main..${branch}`)).toBe("1\n");
  const message = git(folder, "log", "-1", "--format=%an%n%B", branch);
  expect(message).toContain("Test\n");
  expect(message).toContain("`b/Dockerfile.dev`: merge-runs");
  expect(git(folder, "fsck", "--strict")).toBe("");

  const commit = git(folder, "rev-parse", branch);
  const again = await apply(space);
  expect(again.code).toBe(0);
  expect(git(folder, "rev-parse", branch)).toBe(commit);
});

test("clones of all kinds: detached, bare, with work trees, with SHA-256", async () => {
  const space = workspace();
  const detached = clone(space, "clones/detached");
  git(detached, "checkout", "-q", "--detach");
  const main = clone(space, "clones/main");
  const linked = space.path("clones/linked");
  git(main, "worktree", "add", "-q", "-b", "feature", linked);
  writeFileSync(join(linked, "Dockerfile"), "FROM scratch\n");
  git(space.root, "clone", "-q", "--bare", main, space.path("clones/bare.git"));
  clone(space, "clones/modern", { Dockerfile: improvable }, "--object-format=sha256");
  git(space.root, "clone", "-q", "--shared", main, space.path("clones/shared"));
  const feature = space.path("clones/on-feature");
  git(space.root, "clone", "-q", main, feature);
  git(feature, "checkout", "-q", "-b", "other");
  git(feature, "commit", "-q", "--allow-empty", "-m", "Not for the campaign");
  await planAndApprove(space);
  const { code, stdout } = await apply(space);
  expect(stdout).toContain("6 clones got a commit");
  expect(code).toBe(0);
  for (const name of ["detached", "main", "bare.git", "modern", "shared", "on-feature"]) {
    const folder = space.path(`clones/${name}`);
    expect(git(folder, "show", `${branch}:Dockerfile`), name).toBe(improved);
    expect(git(folder, "rev-list", "--count", `main..${branch}`), name).toBe("1\n");
  }
  expect(git(linked, "status", "--porcelain")).toBe(" M Dockerfile\n");
});

test("a branch with other commits, or checked out, is left alone", async () => {
  const space = workspace();
  const other = clone(space, "clones/other");
  git(other, "checkout", "-q", "-b", branch);
  git(other, "commit", "-q", "--allow-empty", "-m", "Mine");
  git(other, "checkout", "-q", "main");
  const used = clone(space, "clones/used");
  git(used, "symbolic-ref", "HEAD", `refs/heads/${branch}`);
  git(used, "update-ref", "refs/remotes/origin/main", "main");
  git(used, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
  const blocked = clone(space, "clones/blocked");
  git(blocked, "branch", "dockerslim");
  const commit = git(other, "rev-parse", branch);
  await planAndApprove(space);
  const { code, stderr } = await apply(space);
  expect(code).toBe(2);
  expect(stderr).toContain("clones/other: commit: the branch dockerslim/dockerslim has");
  expect(stderr).toContain("clones/used: commit: the branch dockerslim/dockerslim is");
  expect(stderr).toContain("clones/blocked: commit: ");
  expect(git(other, "rev-parse", branch)).toBe(commit);
  expect(git(used, "for-each-ref", `refs/heads/${branch}`)).toBe("");

  git(other, "branch", "-q", "-D", branch);
  git(blocked, "branch", "-q", "-D", "dockerslim");
  git(used, "symbolic-ref", "HEAD", "refs/heads/main");
  expect((await apply(space)).code).toBe(0);
  expect(git(used, "show", `${branch}:Dockerfile`)).toBe(improved);
});

test("only what was reviewed is committed", async () => {
  const space = workspace();
  const moved = clone(space, "clones/moved");
  const beside = clone(space, "clones/beside");
  await planAndApprove(space);
  writeFileSync(join(moved, "Dockerfile"), `${improvable}RUN echo three\n`);
  git(moved, "commit", "-q", "-a", "-m", "Another Dockerfile");
  writeFileSync(join(beside, "a.txt"), "");
  git(beside, "add", "-A");
  git(beside, "commit", "-q", "-m", "Another file");
  const { code, stderr } = await apply(space);
  expect(code).toBe(1);
  expect(stderr).toContain("clones/moved: a Dockerfile has changed since the review");
  expect(git(moved, "for-each-ref", `refs/heads/${branch}`)).toBe("");
  expect(git(beside, "rev-parse", `${branch}^`)).toBe(git(beside, "rev-parse", "main"));

  const planned = await space.run(["batch", "plan"]);
  expect(planned.stdout).toContain("1 file in 1 group");
  expect((await apply(space)).code).toBe(1);
  expect((await space.run(["batch", "approve", "--all"])).code).toBe(0);
  expect((await apply(space)).code).toBe(0);
  expect(git(moved, "show", `${branch}:Dockerfile`)).toContain("echo three");
});

test("the campaign says who commits, and what the message is", async () => {
  const space = workspace({
    "campaign.json": JSON.stringify({
      branch: "chore/images",
      commit: {
        message: "Slim: {{summary}}\n\n{{files}}",
        author: { name: "Bot", email: "bot@example.org" },
        signOff: true,
      },
    }),
  });
  const folder = clone(space, "clones/app");
  await planAndApprove(space, "--campaign", "campaign.json");
  expect((await apply(space)).code).toBe(0);
  expect(git(folder, "log", "-1", "--format=%an <%ae> %cn%n%B", "chore/images")).toBe(
    "Bot <bot@example.org> Test\nSlim: merge-runs\n\n- `Dockerfile`: merge-runs\n\n" +
      "Signed-off-by: Test <test@example.org>\n\n",
  );
});

test("killed at any moment, the next run goes on: one commit each", async () => {
  const space = workspace();
  const names = Array.from({ length: 12 }, (_, index) => `clones/app${index}`);
  for (const name of names) clone(space, name);
  await planAndApprove(space);
  // Longer and longer, so that each run gets somewhere else.
  for (let delay = 400; ; delay *= 1.5) {
    const child = space.start(["batch", "apply", "--local"]);
    const timer = setTimeout(() => child.kill("SIGKILL"), delay);
    const code = await new Promise((resolve) => child.on("close", resolve));
    clearTimeout(timer);
    if (code === 0) break;
    expect(code).toBe(null);
  }
  for (const name of names) {
    const folder = space.path(name);
    expect(git(folder, "rev-list", "--count", `main..${branch}`)).toBe("1\n");
    expect(git(folder, "show", `${branch}:Dockerfile`)).toBe(improved);
  }
}, 120_000);
