import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { applyPatch } from "diff";
import { describe, expect, test } from "vitest";
import { unifiedDiff } from "../../src/output/diff.ts";
import { cliPath, environment, fine, improvable, workspace } from "./workspace.ts";

describe("the diff", () => {
  test("is what git apply needs to do the same as --write", async () => {
    const files = {
      Dockerfile: improvable,
      "crlf/Dockerfile": improvable.replaceAll("\n", "\r\n"),
      "no end/Dockerfile": improvable.trimEnd(),
      "no end/Dockerfile.crlf": improvable.trimEnd().replaceAll("\n", "\r\n"),
      "größe/Dockerfile": `# Grüße\n${improvable}`,
      'quo"te/Dockerfile': improvable,
      "far/Dockerfile": `FROM alpine:3.20\n${"ENV A=1\n".repeat(20)}RUN echo one\nRUN echo two\n${"ENV B=1\n".repeat(20)}RUN echo three\nRUN echo four\nENV C=1\n`,
    };
    const diffed = workspace(files);
    diffed.commitAll();
    const { stdout } = await diffed.run(["fix"]);
    diffed.write(".git/fix.diff", stdout);
    diffed.git("apply", ".git/fix.diff");

    const written = workspace(files);
    expect((await written.run(["fix", "--write"])).code).toBe(0);
    for (const [name, before] of Object.entries(files)) {
      expect(diffed.read(name)).toBe(written.read(name));
      expect(diffed.read(name)).not.toBe(before);
    }
  });

  test("is relative to the current folder", async () => {
    const { run } = workspace({ "a/b/Dockerfile": improvable });
    const { stdout } = await run(["fix", "../a/b/Dockerfile"], { cwd: "a" });
    expect(stdout).toContain("--- a/b/Dockerfile\n+++ b/b/Dockerfile\n@@ -1,3 +1,3 @@\n");
  });

  test("of any two texts leads from one to the other", () => {
    const line = fc.constantFrom("RUN a\n", "RUN b\n", "  && c\n", "\n", "ENV d=1\r\n");
    const text = fc
      .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom("", "no end", "RUN a"))
      .map(([lines, end]) => lines.join("") + end);
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        expect(applyPatch(before, unifiedDiff("Dockerfile", before, after))).toBe(after);
      }),
      { numRuns: 300 },
    );
  });

  test("of a very long file in which every line changes takes no time to speak of", () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `echo ${index % 700}`);
    const before = `FROM a\n${lines.map((line) => `RUN ${line}\n`).join("")}`;
    const after = `FROM a\nRUN ${lines.join(" \\\n    && ")}\n`;
    const start = performance.now();
    const diff = unifiedDiff("Dockerfile", before, after);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(diff.split("\n").length).toBeGreaterThan(40_000);
  });

  test("shows a change between unchanged parts as just that", () => {
    const before = Array.from({ length: 5000 }, (_, index) => `ENV A${index}=1\n`).join(
      "",
    );
    const after = before.replace("ENV A100=1\n", "").replace("A4000=1", "A4000=2");
    expect(unifiedDiff("f", before, after).match(/^[+-](?![+-]).*$/gm)).toEqual([
      "-ENV A100=1",
      "-ENV A4000=1",
      "+ENV A4000=2",
    ]);
  });
});

describe("colours", () => {
  const red = "\u001B[31m";

  test("are not in a pipe, whatever CI says", async () => {
    const { run } = workspace({ Dockerfile: improvable });
    const result = await run(["fix"], { env: { CI: "true" } });
    expect(result.stdout + result.stderr).not.toContain("\u001B");
  });

  test("are there with FORCE_COLOR, and not with NO_COLOR or --no-color", async () => {
    const { run } = workspace({ Dockerfile: improvable });
    const force = { FORCE_COLOR: "1" };
    expect((await run(["fix"], { env: force })).stdout).toContain(red);
    expect(
      (await run(["fix"], { env: { ...force, NO_COLOR: "1" } })).stdout,
    ).not.toContain(red);
    expect((await run(["fix", "--no-color"], { env: force })).stdout).not.toContain(red);
  });

  test("are never in a file", async () => {
    const { run, read } = workspace({ Dockerfile: improvable });
    await run(["fix", "-o", "fix.diff"], { env: { FORCE_COLOR: "1" } });
    expect(read("fix.diff")).not.toContain("\u001B");
  });

  test.skipIf(process.platform !== "linux")("are there on a terminal", () => {
    const { root } = workspace({ Dockerfile: improvable });
    const onTerminal = (options: string) =>
      execFileSync(
        "script",
        [
          "-qc",
          `'${process.execPath}' '${cliPath}' fix --exit-zero ${options}`,
          "/dev/null",
        ],
        { cwd: root, env: environment({ TERM: "xterm" }), encoding: "utf8" },
      );
    expect(onTerminal("")).toContain(red);
    expect(onTerminal("--no-color")).not.toContain("\u001B[");
  });
});

describe("--check", () => {
  test("names the files on standard error and prints no diff", async () => {
    const { run } = workspace({ "a/Dockerfile": improvable, "b/Dockerfile": fine });
    const result = await run(["fix", "--check"]);
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toContain("a/Dockerfile: would change (1 merge-runs)\n");
    expect(result.stderr).not.toContain("b/Dockerfile");
  });

  test("still reports in a format that was asked for", async () => {
    const { run } = workspace({ Dockerfile: improvable });
    expect((await run(["fix", "--check", "--format", "diff"])).stdout).toContain(
      "+++ b/",
    );
  });
});

describe("the summary", () => {
  test("tells figures and has its grammar right", async () => {
    const one = await workspace({ Dockerfile: improvable }).run(["fix"]);
    expect(one.stderr).toBe(
      [
        "1 file looked at: 1 would change.",
        "1 change: 1 merge-runs.",
        "RUN instructions: 2 -> 1.",
        "Nothing was written: add --write.\n",
      ].join("\n"),
    );
    const two = await workspace({
      "a.Dockerfile": improvable,
      "b.Dockerfile": improvable,
      "c.Dockerfile": fine,
    }).run(["fix", "--write"]);
    expect(two.stderr).toContain(
      "3 files looked at: 2 changed, 1 unchanged.\n2 changes: ",
    );
    expect(two.stderr).toContain("RUN instructions: 5 -> 3.");
  });

  test("goes to standard output as a format, and is kept back by --quiet", async () => {
    const { run } = workspace({ Dockerfile: improvable });
    const summary = await run(["fix", "--format", "summary"]);
    expect(summary.stdout).toMatch(/^Dockerfile: would change .*\n1 file looked at/);
    expect(summary.stderr).toBe("");
    const quiet = await run(["fix", "--quiet"]);
    expect(quiet.stdout).toContain("+++ b/Dockerfile");
    expect(quiet.stderr).toBe("");
  });

  test("--quiet keeps errors", async () => {
    const result = await workspace({ Dockerfile: "nonsense\n" }).run(["fix", "--quiet"]);
    expect(result.stderr).toContain("Dockerfile:1:1: error: ");
    expect(result.stderr).not.toContain("looked at");
  });

  test("--verbose says what was left alone, where and why", async () => {
    const { run } = workspace({
      Dockerfile: "FROM a\nRUN server &\nRUN echo two\n",
    });
    const result = await run(["fix", "--verbose"]);
    expect(result.stderr).toMatch(/^Dockerfile:\d+:\d+ merge-runs: \S.*$/m);
  });

  test("--verbose says where changes are that were not asked for", async () => {
    const { run } = workspace({
      Dockerfile: [
        "FROM debian:12",
        "RUN apt-get update && apt-get install -y curl",
        "COPY install.sh /",
        "RUN /install.sh",
        "",
      ].join("\n"),
    });
    const result = await run(["fix", "--verbose"]);
    expect(result.stderr).toMatch(
      /^Dockerfile:2:1 clean-package-cache: Removes .*install\.sh.* \(unsafe, not applied\)$/m,
    );
    const asked = await run(["fix", "--verbose", "--unsafe"]);
    expect(asked.stderr).not.toContain("not applied");
  });
});
