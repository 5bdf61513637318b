import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { fine, improvable, improved, workspace } from "./workspace.ts";

describe("content that is no Dockerfile", () => {
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(fine, "utf16le")]);
  test.each([
    ["an unknown instruction", "FROM a\nRUNN x\n", "bad.Dockerfile:2:1: error: ", "RUNN"],
    ["no FROM", "RUN x\n", "bad.Dockerfile:1:1: error: ", "FROM"],
    ["an empty file", "", "bad.Dockerfile:1:1: error: ", "FROM"],
    ["an unterminated heredoc", "FROM a\nRUN <<EOF\nx\n", ":2:5: error: ", "EOF"],
    ["a binary file", Buffer.from("FROM a\nRUN \0\x01"), ":2:5: error: ", "binary"],
    ["UTF-16", utf16, "bad.Dockerfile: error: ", "UTF-16"],
    ["UTF-16 without a mark", utf16.subarray(2), "bad.Dockerfile: error: ", "UTF-16"],
    [
      "invalid UTF-8",
      Buffer.from("FROM a\n# caf\xe9 au lait\nRUN x\n", "latin1"),
      "bad.Dockerfile:2:6: error: ",
      "not valid UTF-8",
    ],
    ["a character cut off", Buffer.from("FROM a\n# \xc3", "latin1"), ":2:", "UTF-8"],
  ])("%s is an error, and other files go on", async (_name, content, place, word) => {
    const { run, read } = workspace({
      "ok.Dockerfile": improvable,
      "bad.Dockerfile": content,
    });
    const result = await run(["fix", "--write"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(place);
    expect(result.stderr).toContain(word);
    expect(read("ok.Dockerfile")).toBe(improved);
  });

  test("a byte order mark is kept", async () => {
    const { run, read } = workspace({ Dockerfile: `\uFEFF${improvable}` });
    expect((await run(["fix", "--write"])).code).toBe(0);
    expect(read("Dockerfile")).toBe(`\uFEFF${improved}`);
  });
});

describe("paths that can't be used", () => {
  test("a path that doesn't exist", async () => {
    const { run } = workspace({ Dockerfile: improvable });
    const result = await run(["fix", "Dockerfile", "missing/Dockerfile"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("missing/Dockerfile: error: there is no such file");
    expect(result.stdout).toContain("+++ b/Dockerfile");
  });

  test("a named pipe, a socket and a device", async () => {
    const { run, path } = workspace();
    execFileSync("mkfifo", [path("pipe")]);
    const server = createServer().listen(path("socket"));
    onTestFinished(() => {
      server.close();
    });
    const result = await run(["fix", "pipe", "socket", "/dev/zero"]);
    expect(result.code).toBe(2);
    expect(result.stderr.match(/: error: not a regular file/g)).toHaveLength(3);
  });

  test("an unreadable file and folder", async () => {
    const { run, path, write } = workspace({ "a/Dockerfile": improvable });
    write("b/Dockerfile", improvable);
    chmodSync(path("b/Dockerfile"), 0);
    mkdirSync(path("c"), { mode: 0 });
    const result = await run(["fix"], { unprivileged: true });
    chmodSync(path("c"), 0o700);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(
      "b/Dockerfile: error: the file can't be read: permission denied",
    );
    expect(result.stderr).toContain(
      "c: error: the folder can't be read: permission denied",
    );
    expect(result.stdout).toContain("+++ b/a/Dockerfile");
  });

  test("--ignore also spares an unreadable folder", async () => {
    const { run, path } = workspace({ Dockerfile: fine });
    mkdirSync(path("locked"), { mode: 0 });
    const result = await run(["fix", "--ignore", "locked"], { unprivileged: true });
    chmodSync(path("locked"), 0o700);
    expect(result.code).toBe(0);
  });
});

describe("standard input", () => {
  test("is diffed under the name it stands for", async () => {
    const { run, path } = workspace();
    for (const name of ["app/Dockerfile", path("app/Dockerfile")]) {
      const result = await run(["fix", "-", "--stdin-filename", name], {
        input: improvable,
      });
      expect(result.code).toBe(1);
      expect(result.stdout).toContain("--- a/app/Dockerfile\n+++ b/app/Dockerfile\n");
    }
  });

  test("with --write comes out fixed, or as it was", async () => {
    const { run, names } = workspace();
    const fixed = await run(["fix", "--write", "-"], { input: improvable });
    expect(fixed).toMatchObject({ code: 0, stdout: improved });
    const unchanged = await run(["fix", "--write", "-"], { input: fine });
    expect(unchanged).toMatchObject({ code: 0, stdout: fine });
    expect(names()).toEqual([]);
  });

  test("with --write and an error prints nothing", async () => {
    const result = await workspace().run(["fix", "-w", "-"], { input: "nonsense\n" });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("<stdin>:1:1: error: ");
  });

  test("with --write can be reported to a file", async () => {
    const { run, read } = workspace();
    const result = await run(
      ["fix", "-w", "--format", "json", "-o", "report.json", "-"],
      {
        input: improvable,
      },
    );
    expect(result).toMatchObject({ code: 0, stdout: improved });
    expect(JSON.parse(read("report.json"))).toMatchObject({
      files: [{ path: "<stdin>", status: "written" }],
    });
  });

  test("uses the config that applies to the file it stands for", async () => {
    const { run } = workspace({ "app/.dockerslim.json": '{ "skip": ["merge-runs"] }' });
    const names = ["fix", "-", "--stdin-filename"];
    expect((await run([...names, "app/Dockerfile"], { input: improvable })).code).toBe(0);
    expect((await run([...names, "web/Dockerfile"], { input: improvable })).code).toBe(1);
  });
});
