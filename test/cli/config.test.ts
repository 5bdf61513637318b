import { describe, expect, test } from "vitest";
import { fine, improvable, improved, workspace } from "./workspace.ts";

const withTab = improved.replace("    &&", "\t&&");

describe(".dockerslim.json", () => {
  test("the nearest one upwards from each Dockerfile applies", async () => {
    const { run } = workspace({
      ".dockerslim.json": '{ "skip": ["merge-runs"] }',
      "a/Dockerfile": improvable,
      "b/.dockerslim.json": "{}",
      "b/c/Dockerfile": improvable,
    });
    const { stdout } = await run(["fix"]);
    expect(stdout).not.toContain("a/a/Dockerfile");
    expect(stdout).toContain("--- a/b/c/Dockerfile");
    expect((await run(["fix", "--no-config", "a"])).code).toBe(1);
    expect((await run(["fix", "--config", "b/.dockerslim.json", "a"])).code).toBe(1);
  });

  test("may have comments and trailing commas", async () => {
    const { run } = workspace({
      ".dockerslim.json": '\uFEFF// why\n{ "skip": ["merge-runs",], /* so */ }\n',
      Dockerfile: improvable,
    });
    expect((await run(["fix"])).code).toBe(0);
  });

  test("the command line wins", async () => {
    const { run } = workspace({
      ".dockerslim.json": '{ "skip": ["merge-runs"] }',
      Dockerfile: improvable,
    });
    expect((await run(["fix", "--only", "merge-runs"])).code).toBe(1);
  });

  test("ignore is relative to the config; a named file is reported as skipped", async () => {
    const { run } = workspace({
      "sub/.dockerslim.json": '{ "ignore": ["/old", "*.dev"] }',
      "sub/old/Dockerfile": improvable,
      "sub/new/old/Dockerfile": improvable,
      "sub/Dockerfile.dev": improvable,
      "old/Dockerfile": improvable,
    });
    const { stdout } = await run(["fix", "--format", "json"]);
    const { files } = JSON.parse(stdout) as { files: { path: string; status: string }[] };
    expect(files.map(({ path, status }) => `${path} ${status}`)).toEqual([
      "old/Dockerfile changed",
      "sub/Dockerfile.dev skipped",
      "sub/new/old/Dockerfile changed",
      "sub/old/Dockerfile skipped",
    ]);
  });

  test("standard input that is ignored comes out as it went in", async () => {
    const { run } = workspace({ ".dockerslim.json": '{ "ignore": ["Dockerfile"] }' });
    const result = await run(["fix", "--write", "-"], { input: improvable });
    expect(result).toMatchObject({ code: 0, stdout: improvable });
  });

  test("settings of a transform reach it", async () => {
    const { run } = workspace({
      ".dockerslim.json":
        '{ "transforms": { "merge-runs": { "strategy": "when-it-saves" } } }',
      Dockerfile: improvable,
    });
    expect((await run(["fix"])).code).toBe(0);
  });

  test("clean-package-cache reaches stages outside of the image if the config says so", async () => {
    const files = {
      Dockerfile:
        "FROM debian:12 AS build\nRUN apt-get update && apt-get install -y gcc\nFROM debian:12\n",
    };
    expect((await workspace(files).run(["fix", "--check"])).code).toBe(0);
    const { run } = workspace({
      ...files,
      ".dockerslim.json":
        '{ "transforms": { "clean-package-cache": { "stages": "all" } } }',
    });
    expect((await run(["fix", "--check"])).code).toBe(1);
  });
});

describe("a broken config", () => {
  test.each([
    ['{\n  "unsafe": "yes"\n}', "2:13", '"unsafe" is "yes"; expected true or false'],
    ['{\n  "skipp": []\n}', "2:3", '"skipp" is not a known key. Did you mean "skip"?'],
    ['{ "colour": 1 }', "1:3", "Known keys: $schema, unsafe, propose"],
    ['{ "only": ["merge-run"] }', "1:12", 'Did you mean "merge-runs"?'],
    ['{ "only": "merge-runs" }', "1:11", "expected a list"],
    ['{ "layout": { "indent": 9 } }', "1:25", '"tab" or a whole number from 1 to 8'],
    ['{ "layout": { "operator": "middle" } }', "1:27", '"leading" or "trailing"'],
    ['{ "layout": { "indnt": 2 } }', "1:15", 'Did you mean "indent"?'],
    [
      '{ "transforms": { "merge-runs": { "strategy": "never" } } }',
      "1:47",
      '"transforms.merge-runs.strategy" is "never"; expected "always" or "when-it-saves"',
    ],
    [
      '{ "transforms": { "clean-package-cache": { "stages": "some" } } }',
      "1:54",
      '"transforms.clean-package-cache.stages" is "some"; expected "image" or "all"',
    ],
    ['{ "skip": [], "skip": [] }', "1:15", '"skip" is set twice'],
    ['{ "skip": [', "1:12", "not valid JSON"],
    ["[]", "1:1", "expected an object"],
    ['{ "layout": [] }', "1:13", '"layout" is a list; expected an object'],
    ["", "1:1", "not valid JSON"],
  ])("%j is an error that says where and what", async (config, place, message) => {
    const { run } = workspace({ ".dockerslim.json": config, Dockerfile: fine });
    const result = await run(["fix"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(`.dockerslim.json:${place}: error: `);
    expect(result.stderr).toContain(message);
    const explicit = await run(["fix", "--config", ".dockerslim.json"]);
    expect(explicit.code).toBe(2);
    expect(explicit.stderr).toContain(message);
  });

  test("stops its own Dockerfiles only, and is told once", async () => {
    const { run } = workspace({
      "a/.dockerslim.json": "{",
      "a/Dockerfile": improvable,
      "a/Dockerfile.dev": improvable,
      "b/Dockerfile": improvable,
    });
    const result = await run(["fix"]);
    expect(result.code).toBe(2);
    expect(result.stderr.match(/error: /g)).toHaveLength(1);
    expect(result.stdout.match(/^\+\+\+ .*$/gm)).toEqual(["+++ b/b/Dockerfile"]);
  });
});

describe("the layout where the file shows no habit", () => {
  test.each([
    ["the config", { ".dockerslim.json": '{ "layout": { "indent": "tab" } }' }],
    [
      ".editorconfig",
      { ".editorconfig": "root = true\n[Dockerfile]\nindent_style = tab\n" },
    ],
    [".prettierrc", { ".prettierrc": "# ours\nuseTabs: true\n" }],
    ["package.json", { "package.json": '{ "prettier": { "useTabs": true } }' }],
    [
      "an override",
      {
        ".prettierrc.json":
          '{ "overrides": [{ "files": "Dockerfile", "options": { "useTabs": true } }] }',
      },
    ],
    [
      "the section of .editorconfig that comes last",
      {
        ".editorconfig":
          "[*]\nindent_style = space\nindent_size = 2\n[{Docker,Container}file]\nindent_style = tab\n",
      },
    ],
    [
      "prettier before .editorconfig",
      {
        ".editorconfig": "[*]\nindent_style = space\nindent_size = 2\n",
        ".prettierrc.json": '{ "useTabs": true }',
      },
    ],
    [
      ".editorconfig where prettier's config says nothing of it",
      {
        ".editorconfig": "[*]\nindent_style = tab\n",
        ".prettierrc.json": '{ "printWidth": 90 }',
      },
    ],
    [
      "the config before prettier",
      {
        ".dockerslim.json": '{ "layout": { "indent": "tab" } }',
        ".prettierrc.json": '{ "tabWidth": 2 }',
      },
    ],
  ])("comes from %s", async (_name, files: Record<string, string>) => {
    const { run, read } = workspace({ ...files, Dockerfile: improvable });
    expect((await run(["fix", "--write"])).code).toBe(0);
    expect(read("Dockerfile")).toBe(withTab);
  });

  test("a number of spaces and a trailing operator", async () => {
    const { run, read } = workspace({
      ".dockerslim.json": '{ "layout": { "indent": 2, "operator": "trailing" } }',
      Dockerfile: improvable,
    });
    await run(["fix", "--write"]);
    expect(read("Dockerfile")).toBe("FROM alpine:3.20\nRUN echo one && \\\n  echo two\n");
  });

  test("a broken prettier config is a warning, and the default stands in", async () => {
    const { run, read } = workspace({ ".prettierrc.json": "{", Dockerfile: improvable });
    const result = await run(["fix", "--write"]);
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("Dockerfile: warning: the prettier or editor config");
    expect(read("Dockerfile")).toBe(improved);
  });

  test("a config that is a program is not run", async () => {
    const program = 'require("fs").writeFileSync("ran", "");\n';
    const { run, names } = workspace({
      "prettier.config.cjs": program,
      "sub/.prettierrc": '"../evil.cjs"\n',
      "evil.cjs": program,
      Dockerfile: improvable,
      "sub/Dockerfile": improvable,
    });
    expect((await run(["fix"])).code).toBe(1);
    expect(names()).not.toContain("ran");
    expect(names("sub")).not.toContain("ran");
  });

  test("package caches become mounts by config or option; the option wins", async () => {
    const strategy = (name: string): string =>
      `{ "transforms": { "clean-package-cache": { "strategy": "${name}" } } }`;
    const { run } = workspace({
      ".dockerslim.json": strategy("cache-mount"),
      "other.json": strategy("delete"),
      Dockerfile: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
    });
    const mounted = "+RUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked";
    const removed = "+    && rm -rf /var/lib/apt/lists/*";
    expect((await run(["fix"])).stdout).toContain(mounted);
    expect((await run(["fix", "--cleanup", "remove"])).stdout).toContain(removed);
    const alone = await run(["fix", "--no-config", "--cleanup", "cache-mount"]);
    expect(alone.stdout).toContain(mounted);
    const unknown = await run(["fix", "--cleanup", "delete"]);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.stderr).toContain("Allowed choices are remove, cache-mount");
    const broken = await run(["fix", "--config", "other.json"]);
    expect(broken).toMatchObject({ code: 2 });
    expect(broken.stderr).toContain('expected "remove" or "cache-mount"');
  });
});
