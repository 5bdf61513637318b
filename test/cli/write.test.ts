import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { describe, expect, test } from "vitest";
import {
  cliPath,
  environment,
  fine,
  improvable,
  improved,
  workspace,
} from "./workspace.ts";

const isRoot = process.getuid?.() === 0;

describe("--write", () => {
  test("writes what is improved, leaves the rest untouched, and then has nothing to do", async () => {
    const { run, read, path, names } = workspace({
      "a.Dockerfile": improvable,
      "b.Dockerfile": fine,
    });
    const before = statSync(path("b.Dockerfile"));
    const first = await run(["fix", "--write"]);
    expect(first).toMatchObject({ code: 0, stdout: "" });
    expect(first.stderr).toContain("a.Dockerfile: changed (1 merge-runs)\n");
    expect(read("a.Dockerfile")).toBe(improved);
    expect(statSync(path("b.Dockerfile")).ino).toBe(before.ino);
    const second = await run(["fix", "--write"]);
    expect(second.stderr).toBe("2 files looked at: 2 unchanged.\n");
    expect(names()).toEqual(["a.Dockerfile", "b.Dockerfile"]);
  });

  test("keeps mode, line endings and a symbolic link's target", async () => {
    const crlf = improvable.replaceAll("\n", "\r\n").trimEnd();
    const { run, read, path } = workspace({ "shared/base": crlf });
    chmodSync(path("shared/base"), 0o640);
    symlinkSync("shared/base", path("Dockerfile"));
    expect((await run(["fix", "--write"])).code).toBe(0);
    expect(lstatSync(path("Dockerfile")).isSymbolicLink()).toBe(true);
    expect(read("shared/base")).toBe(improved.replaceAll("\n", "\r\n").trimEnd());
    expect(statSync(path("shared/base")).mode & 0o7777).toBe(0o640);
  });

  test.runIf(isRoot)("keeps the owner", async () => {
    const { run, path } = workspace({ Dockerfile: improvable });
    chownSync(path("Dockerfile"), 1234, 4321);
    expect((await run(["fix", "--write"])).code).toBe(0);
    expect(statSync(path("Dockerfile"))).toMatchObject({ uid: 1234, gid: 4321 });
  });
});

describe("a file that can't be written is left intact, and others go on", () => {
  test("a read-only file", async () => {
    const { run, read, path } = workspace({
      "a.Dockerfile": improvable,
      "b.Dockerfile": improvable,
    });
    chmodSync(path("a.Dockerfile"), 0o444);
    const result = await run(["fix", "--write"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(
      "a.Dockerfile: error: the file can't be written: it is read-only",
    );
    expect(read("a.Dockerfile")).toBe(improvable);
    expect(read("b.Dockerfile")).toBe(improved);
  });

  test("a file in a read-only folder", async () => {
    const { run, read, path } = workspace({ "locked/Dockerfile": improvable });
    chmodSync(path("locked/Dockerfile"), 0o666);
    chmodSync(path("locked"), 0o555);
    const result = await run(["fix", "--write"], { unprivileged: true });
    chmodSync(path("locked"), 0o755);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("can't be written: permission denied");
    expect(read("locked/Dockerfile")).toBe(improvable);
  });

  // Needs a disk of its own, which only root can mount.
  test.runIf(isRoot && process.platform === "linux")("a file on a full disk", () => {
    const padded = `${improvable}# ${"x".repeat(6000)}\n`;
    const { root, path } = workspace({ "original/Dockerfile": padded });
    mkdirSync(path("disk"));
    const script = [
      "mount -t tmpfs -o size=12k tmpfs disk",
      "cp original/Dockerfile disk/",
      `"$0" "$1" fix --write disk 2>messages; echo "code $?" >>messages`,
      "cmp original/Dockerfile disk/Dockerfile && ls -A disk >files",
    ].join(" && ");
    execFileSync("unshare", ["-m", "sh", "-c", script, process.execPath, cliPath], {
      cwd: root,
      env: environment(),
    });
    const messages = readFileSync(path("messages"), "utf8");
    expect(messages).toContain("can't be written: no space is left on the disk");
    expect(messages).toContain("code 2");
    expect(readFileSync(path("files"), "utf8")).toBe("Dockerfile\n");
  });
});

describe("uncommitted changes", () => {
  test("are not overwritten: modified and staged files are refused, others are written", async () => {
    const names = ["clean", "modified", "staged", "both words ü"].map(
      (name) => `${name}/Dockerfile`,
    );
    const { run, read, write, git, commitAll } = workspace(
      Object.fromEntries(names.map((name) => [name, fine])),
    );
    write("clean/Dockerfile", improvable);
    commitAll();
    for (const name of names.slice(1)) write(name, improvable);
    write("new/Dockerfile", improvable);
    write("added/Dockerfile", improvable);
    git("add", "staged", "added");

    const result = await run(["fix", "--write"]);
    expect(result.code).toBe(2);
    const refused = [...result.stderr.matchAll(/^(.*): error: .*uncommitted changes/gm)];
    expect(refused.map(([, name]) => name)).toEqual([
      "added/Dockerfile",
      "both words ü/Dockerfile",
      "modified/Dockerfile",
      "staged/Dockerfile",
    ]);
    expect(read("modified/Dockerfile")).toBe(improvable);
    expect(read("clean/Dockerfile")).toBe(improved);
    expect(read("new/Dockerfile")).toBe(improved);

    expect((await run(["fix", "--write", "--allow-dirty"])).code).toBe(0);
    expect(read("modified/Dockerfile")).toBe(improved);
  });

  test("are looked for in the repository of the file behind a link, from any folder", async () => {
    const { run, write, path, git, commitAll } = workspace({ "real/Dockerfile": fine });
    commitAll();
    write("real/Dockerfile", improvable);
    mkdirSync(path("elsewhere"));
    symlinkSync("../real/Dockerfile", path("elsewhere/Dockerfile"));
    const result = await run(["fix", "--write", "Dockerfile"], { cwd: "elsewhere" });
    expect(result.code).toBe(2);
    git("commit", "--all", "--quiet", "--message", "now it is");
    expect((await run(["fix", "--write", "Dockerfile"], { cwd: "elsewhere" })).code).toBe(
      0,
    );
  });

  test("don't matter to a preview", async () => {
    const { run, write, commitAll } = workspace({ Dockerfile: fine });
    commitAll();
    write("Dockerfile", improvable);
    expect((await run(["fix"])).code).toBe(1);
  });

  test("without git there is nothing to ask", async () => {
    const { run, read, write, commitAll } = workspace({ Dockerfile: fine });
    commitAll();
    write("Dockerfile", improvable);
    expect((await run(["fix", "--write"], { env: { PATH: "/nowhere" } })).code).toBe(0);
    expect(read("Dockerfile")).toBe(improved);
  });

  test("where git can't tell, nothing is written", async () => {
    const { run, read } = workspace({
      Dockerfile: improvable,
      ".git": "gitdir: nowhere\n",
    });
    const result = await run(["fix", "--write"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("git can't tell");
    expect(read("Dockerfile")).toBe(improvable);
  });
});

test("a file that changes between reading and writing is left as the other program wants it", async () => {
  // A stand-in for git is the one program that is called in between.
  const { run, read, path, write, names } = workspace({
    Dockerfile: improvable,
    ".git/x": "",
  });
  write("bin/git", "#!/bin/sh\necho '# meanwhile' >>\"$TARGET\"\n");
  chmodSync(path("bin/git"), 0o755);
  const result = await run(["fix", "--write", "Dockerfile"], {
    env: {
      PATH: `${path("bin")}:${process.env["PATH"] ?? ""}`,
      TARGET: path("Dockerfile"),
    },
  });
  expect(result.code).toBe(2);
  expect(result.stderr).toContain("Dockerfile: error: the file was changed or removed");
  expect(read("Dockerfile")).toBe(`${improvable}# meanwhile\n`);
  expect(names()).toEqual([".git", "Dockerfile", "bin"]);
});
