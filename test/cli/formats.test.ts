import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { cliPath, environment, fine, improvable, workspace } from "./workspace.ts";

describe("--format json", () => {
  test("is exactly what the contract says", async () => {
    const { run } = workspace({
      "a.Dockerfile": improvable,
      "b.Dockerfile": fine,
      "c.Dockerfile": "nonsense\n",
    });
    const result = await run(["fix", "--format", "json", "--quiet"]);
    expect(result.code).toBe(2);
    const report: unknown = JSON.parse(result.stdout);
    const { stdout: diff } = await run(["fix", "a.Dockerfile", "--quiet"]);
    const problem = {
      kind: "invalid-input",
      message: expect.any(String) as string,
      hint: expect.any(String) as string,
      line: 1,
      column: 1,
    };
    expect(report).toEqual({
      version: 1,
      files: [
        {
          path: "a.Dockerfile",
          status: "changed",
          changes: [
            {
              transform: "merge-runs",
              level: "safe",
              message: expect.any(String) as string,
              line: 2,
              column: 1,
              endLine: 3,
              endColumn: 13,
            },
          ],
          proposals: [],
          problems: [],
          diff,
        },
        {
          path: "b.Dockerfile",
          status: "unchanged",
          changes: [],
          proposals: [],
          problems: [],
        },
        {
          path: "c.Dockerfile",
          status: "error",
          changes: [],
          proposals: [],
          problems: expect.arrayContaining([
            expect.objectContaining(problem),
          ]) as object[],
        },
      ],
      summary: expect.objectContaining({
        files: 3,
        unchanged: 1,
        changed: 1,
        written: 0,
        skipped: 0,
        error: 1,
        changes: 1,
        changesByTransform: { "merge-runs": 1 },
        proposals: 0,
        runs: { before: 3, after: 2 },
        savedBytes: 0,
      }) as object,
    });
  });

  test("reports what --write did, on standard output or to a file", async () => {
    const { run, read, write } = workspace({ Dockerfile: improvable });
    const options = ["fix", "--write", "--format", "json"];
    const first = await run(options);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      files: [{ path: "Dockerfile", status: "written" }],
      summary: { written: 1 },
    });
    write("Dockerfile", improvable);
    const second = await run([...options, "--output-file", "report.json"]);
    expect(second.stdout).toBe("");
    expect(read("report.json")).toBe(first.stdout);
  });

  test("is complete also when a path is missing", async () => {
    const { run } = workspace();
    const result = await run(["fix", "--format", "json", "nothing"]);
    expect(result.code).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({
      files: [{ path: "nothing", status: "error", problems: [{ kind: "not-found" }] }],
    });
  });
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly rules: readonly { readonly id: string }[] };
    };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly locations: readonly unknown[];
    }[];
    readonly invocations: readonly unknown[];
  }[];
}

describe("--format sarif", () => {
  test("has a result per change, with its rule and its region", async () => {
    const { run } = workspace({ "my app/Dockerfile": improvable });
    const { stdout } = await run(["fix", "--format", "sarif"]);
    const { version, runs } = JSON.parse(stdout) as Sarif;
    expect(version).toBe("2.1.0");
    const [onlyRun] = runs;
    const [result] = onlyRun?.results ?? [];
    expect(onlyRun?.tool.driver.rules[result?.ruleIndex ?? -1]).toMatchObject({
      id: "merge-runs",
    });
    expect(result).toMatchObject({
      ruleId: "merge-runs",
      level: "warning",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "my%20app/Dockerfile" },
            region: { startLine: 2, startColumn: 1, endLine: 3, endColumn: 13 },
          },
        },
      ],
    });
    expect(onlyRun?.invocations).toEqual([
      { executionSuccessful: true, toolExecutionNotifications: [] },
    ]);
  });

  test("has a notification per problem, and a file without any is complete too", async () => {
    const { run } = workspace({ Dockerfile: Buffer.from("FROM a\n\0") });
    const { stdout } = await run(["fix", "--format", "sarif"]);
    const [onlyRun] = (JSON.parse(stdout) as Sarif).runs;
    expect(onlyRun?.results).toEqual([]);
    expect(onlyRun?.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: "error",
            locations: [
              { physicalLocation: { region: { startLine: 2, startColumn: 1 } } },
            ],
          },
        ],
      },
    ]);
  });
});

describe("a report that can't be delivered", () => {
  test("a reader that goes away is no error", async () => {
    const files = Array.from({ length: 300 }, (_, index) => `${index}.Dockerfile`);
    const { root } = workspace(
      Object.fromEntries(files.map((name) => [name, improvable])),
    );
    const child = spawn(process.execPath, [cliPath, "fix"], {
      cwd: root,
      env: environment(),
    });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toBe("");
    expect(code).toBe(1);
  });

  test.each([[["help", "fix"]], [["--help"]], [["fix", "--frobnicate"]], [["list"]]])(
    "neither is one of %j",
    async (words) => {
      const child = spawn(process.execPath, [cliPath, ...words], { env: environment() });
      child.stdout.destroy();
      child.stderr.destroy();
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect(code).toBe(words.includes("--frobnicate") ? 2 : 0);
    },
  );

  test.skipIf(process.platform !== "linux")("a full disk is one", async () => {
    const { root } = workspace({ Dockerfile: improvable });
    const command = `'${process.execPath}' '${cliPath}' fix > /dev/full`;
    const child = spawn("sh", ["-c", command], { cwd: root, env: environment() });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toContain("standard output can't be written: no space is left");
    expect(code).toBe(2);
  });
});
