import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fine, improvable, workspace, type Workspace } from "./workspace.ts";

/** The paths that were looked at, with their status, in the order of the report. */
async function looked(
  { run }: Workspace,
  commandArguments: readonly string[] = [],
  cwd = ".",
): Promise<Record<string, string>> {
  const { stdout } = await run(["fix", "--format", "json", ...commandArguments], { cwd });
  const report = JSON.parse(stdout) as { files: { path: string; status: string }[] };
  return Object.fromEntries(report.files.map(({ path, status }) => [path, status]));
}

function manyFiles(names: readonly string[]): Workspace {
  return workspace(Object.fromEntries(names.map((name) => [name, fine])));
}

describe("in folders", () => {
  test("finds Dockerfiles and Containerfiles in any case, sorted", async () => {
    const found = [
      ".devcontainer/Dockerfile",
      "CONTAINERFILE",
      "Containerfile.dev",
      "DockerFile.Arm64",
      "Dockerfile",
      "api.DOCKERFILE",
      "deep/er/web.dockerfile",
      "dockerfile.test",
    ];
    const files = await looked(
      manyFiles([...found, "Makefile", "Dockerfiles", "adockerfile"]),
    );
    expect(Object.keys(files)).toEqual(found);
  });

  test("leaves out .dockerignore files, templates and editors' copies", async () => {
    const space = manyFiles([
      "Dockerfile",
      "Dockerfile.dockerignore",
      "Dockerfile.j2",
      "Dockerfile.tmpl",
      "Dockerfile.in",
      "Dockerfile.bak",
      "Dockerfile.orig",
      "Dockerfile~",
      "Dockerfile.dev~",
      "Dockerfile.swp",
      ".Dockerfile.swp",
      "#Dockerfile.x#",
      "Dockerfile.3178253341",
    ]);
    expect(await looked(space)).toEqual({ Dockerfile: "unchanged" });
  });

  test("honours .gitignore files above, beside and below, up to the repository's root", async () => {
    const space = manyFiles([
      "team/app/Dockerfile",
      "team/app/out/Dockerfile",
      "team/app/old/Dockerfile",
      "team/app/old/keep/Dockerfile",
      "team/app/Dockerfile.local",
      "team/app/node_modules/x/Dockerfile",
      "team/app/sub/Dockerfile.generated",
    ]);
    space.git("init", "--quiet");
    space.write(".gitignore", "out/\n");
    space.write("team/.gitignore", "*.local\n");
    space.write("team/app/old/.gitignore", "Dockerfile\n!keep/Dockerfile\n");
    space.write("team/app/sub/.gitignore", "*.generated\n");
    const expected = {
      Dockerfile: "unchanged",
      "old/keep/Dockerfile": "unchanged",
    };
    expect(await looked(space, [], "team/app")).toEqual(expected);
    expect(await looked(space, ["team/app"])).toEqual({
      "team/app/Dockerfile": "unchanged",
      "team/app/old/keep/Dockerfile": "unchanged",
    });
  });

  test("follows links to files but not to folders, and takes each file once", async () => {
    const space = manyFiles(["real/Dockerfile", "elsewhere/Dockerfile"]);
    mkdirSync(space.path("search"));
    symlinkSync("../elsewhere/Dockerfile", space.path("search/Dockerfile"));
    symlinkSync("../real", space.path("search/loop"));
    symlinkSync("nothing", space.path("search/Dockerfile.dangling"));
    expect(await looked(space, ["search"])).toEqual({ "search/Dockerfile": "unchanged" });
    expect(await looked(space)).toEqual({
      "elsewhere/Dockerfile": "unchanged",
      "real/Dockerfile": "unchanged",
    });
  });
});

describe("by name and by glob", () => {
  test("a file given by name is taken whatever its name, and even if git ignores it", async () => {
    const space = manyFiles(["images.txt", "Dockerfile.tmpl"]);
    space.git("init", "--quiet");
    space.write(".gitignore", "*\n");
    expect(await looked(space, ["images.txt", "Dockerfile.tmpl"])).toEqual({
      "Dockerfile.tmpl": "unchanged",
      "images.txt": "unchanged",
    });
  });

  test("several names for one file count once", async () => {
    const space = manyFiles(["a/Dockerfile"]);
    const paths = [
      "a/Dockerfile",
      "./a/Dockerfile",
      "a",
      ".",
      space.path("a/Dockerfile"),
    ];
    expect(await looked(space, [...paths, "a/Docker*"])).toEqual({
      "a/Dockerfile": "unchanged",
    });
  });

  test("a glob matches any name, honours .gitignore, and must match something", async () => {
    const space = manyFiles(["one.docker", "sub/two.docker", "gone/three.docker"]);
    space.git("init", "--quiet");
    space.write(".gitignore", "gone\n");
    expect(await looked(space, ["**/*.docker"])).toEqual({
      "one.docker": "unchanged",
      "sub/two.docker": "unchanged",
    });
    expect(await looked(space, ["one.docker", "*.nothing"])).toEqual({
      "*.nothing": "error",
      "one.docker": "unchanged",
    });
  });

  test("a file whose name looks like a glob is a file", async () => {
    const space = manyFiles(["app[1]/Dockerfile", "{x}.Dockerfile"]);
    expect(await looked(space, ["app[1]/Dockerfile", "{x}.Dockerfile"])).toEqual({
      "app[1]/Dockerfile": "unchanged",
      "{x}.Dockerfile": "unchanged",
    });
    expect(await looked(space, ["app[1]"])).toEqual({ "app[1]/Dockerfile": "unchanged" });
  });

  test("paths outside the current folder are shown relative to it", async () => {
    const space = manyFiles(["here/Dockerfile", "there/Dockerfile"]);
    expect(await looked(space, [".", "../there"], "here")).toEqual({
      "../there/Dockerfile": "unchanged",
      Dockerfile: "unchanged",
    });
  });
});

describe("--ignore", () => {
  test("leaves out by name at any depth, by folder and by path; may be repeated", async () => {
    const space = manyFiles([
      "Dockerfile",
      "a/Dockerfile.dev",
      "b/vendor/x/Dockerfile",
      "c/Dockerfile",
      "d/c/Dockerfile",
    ]);
    const ignore = ["*.dev", "vendor", "/c/Dockerfile"].flatMap((glob) => [
      "--ignore",
      glob,
    ]);
    expect(await looked(space, ignore)).toEqual({
      Dockerfile: "unchanged",
      "d/c/Dockerfile": "unchanged",
    });
  });

  test("a file that is named as well is reported as skipped", async () => {
    const space = workspace({ Dockerfile: improvable });
    expect(await looked(space, ["--ignore", "Docker*", "Dockerfile"])).toEqual({
      Dockerfile: "skipped",
    });
  });
});
