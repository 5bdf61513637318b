import { describe, expect, test } from "vitest";
import { fine, improvable, workspace } from "./workspace.ts";

describe("exit codes", () => {
  test("0 when nothing is to be changed", async () => {
    const { run } = workspace({ Dockerfile: fine });
    expect(await run(["fix"])).toMatchObject({ code: 0, stdout: "" });
  });

  test("1 when changes were found and not written, 0 with --exit-zero", async () => {
    const { run } = workspace({ Dockerfile: improvable });
    expect((await run(["fix"])).code).toBe(1);
    expect((await run(["fix", "--check"])).code).toBe(1);
    expect((await run(["fix", "--exit-zero"])).code).toBe(0);
  });

  test("2 for an error, also with --exit-zero, and other files are still handled", async () => {
    const { run } = workspace({
      "a.Dockerfile": "nonsense\n",
      "b.Dockerfile": improvable,
    });
    const result = await run(["fix", "--exit-zero"]);
    expect(result.code).toBe(2);
    expect(result.stdout).toContain("+++ b/b.Dockerfile");
  });

  test("2 when no file matches", async () => {
    const { run } = workspace({ "README.md": "# no Dockerfile\n" });
    const result = await run(["fix"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("no Dockerfile found");
  });
});

describe("wrong usage", () => {
  test.each([
    ["an unknown option", ["fix", "--frobnicate"], "unknown option '--frobnicate'"],
    ["an unknown command", ["fxi"], "unknown command 'fxi'"],
    ["an option that does not exist yet", ["fix", "--interactive"], "unknown option"],
    ["an unknown format", ["fix", "--format", "github"], "diff, summary, json, sarif"],
    [
      "an unknown transform",
      ["fix", "--only", "merge-rums"],
      'Did you mean "merge-runs"?',
    ],
    [
      "one among several",
      ["fix", "--skip", "merge-runs,marge-runs"],
      'Did you mean "merge-runs"?',
    ],
    ["an empty list of transforms", ["fix", "--only", ","], "at least one transform"],
    ["--write with --check", ["fix", "--write", "--check"], "can't be used together"],
    ["--quiet with --verbose", ["fix", "-q", "-v"], "cannot be used with"],
    [
      "two things on standard output",
      ["fix", "--write", "--format", "json", "-"],
      "--format needs --output-file",
    ],
    ["a missing config", ["fix", "--config", "none.json"], "does not exist"],
    ["an output file in no folder", ["fix", "-o", "none/report"], "can't be written"],
    ["explain without a transform", ["explain"], "missing required argument"],
    ["explain of an unknown one", ["explain", "merge-run"], 'Did you mean "merge-runs"?'],
  ])("%s is exit code 2", async (_name, commandArguments, message) => {
    const { run } = workspace({ Dockerfile: improvable });
    const result = await run(commandArguments);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(message);
  });

  test("no command at all shows the help on standard error", async () => {
    const result = await workspace().run([]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("Usage: dockerslim");
  });
});

test("--help and --version go to standard output with exit code 0", async () => {
  const { run } = workspace();
  const help = await run(["fix", "--help"]);
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toContain("--output-file");
  expect(help.stdout).toContain("130");
  const version = await run(["--version"]);
  expect(version).toMatchObject({ code: 0, stderr: "" });
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe("transforms by name", () => {
  test("--only and --skip choose, separated by commas or repeated", async () => {
    const { run } = workspace({ Dockerfile: improvable });
    expect((await run(["fix", "--only", "merge-runs"])).code).toBe(1);
    expect((await run(["fix", "--skip", "merge-runs"])).code).toBe(0);
    expect((await run(["fix", "--skip", "merge-runs, merge-runs"])).code).toBe(0);
    expect(
      (await run(["fix", "--skip", "merge-runs", "--skip", "merge-runs"])).code,
    ).toBe(0);
  });

  test("list shows all of them, as JSON too", async () => {
    const { run } = workspace();
    const text = await run(["list"]);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/^merge-runs +safe +\S/m);
    const json = JSON.parse((await run(["list", "--format", "json"])).stdout) as {
      transforms: object[];
    };
    expect(json.transforms).toContainEqual(
      expect.objectContaining({ id: "merge-runs", level: "safe" }),
    );
  });

  test("explain says why and how", async () => {
    const result = await workspace().run(["explain", "merge-runs"]);
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^# merge-runs \(safe\)\n[^]*\n## Why\n[^]*\n## How\n/);
  });
});

describe("init", () => {
  test("writes a config that fix accepts and that changes nothing", async () => {
    const { run, read } = workspace({ Dockerfile: improvable });
    const before = await run(["fix"]);
    expect((await run(["init"])).code).toBe(0);
    expect(read(".dockerslim.json")).toContain("//");
    expect(await run(["fix"])).toEqual(before);
  });

  test("never overwrites one", async () => {
    const { run, read } = workspace({ ".dockerslim.json": "{}" });
    const result = await run(["init"]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("exists already");
    expect(read(".dockerslim.json")).toBe("{}");
  });
});
