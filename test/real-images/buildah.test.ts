import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workspace } from "../cli/workspace.ts";
import { makeStore, mayBuild } from "./store.ts";

const image = "dockerslim-test:1";
const store = makeStore();
const { env, buildah } = store;

/** Commits what `change` does to the files of the image so far. */
function layer(from: string, change: (files: string) => void): void {
  const container = buildah("from", "--pull-never", from);
  change(buildah("mount", container));
  buildah("commit", "--quiet", "--rm", container, image);
}

describe.skipIf(!mayBuild)("an image of buildah", () => {
  beforeAll(() => {
    layer("scratch", (files) => {
      mkdirSync(join(files, "cache"));
      for (const name of ["a", "b"]) {
        writeFileSync(join(files, "cache", name), Buffer.alloc(700_000, name));
      }
      writeFileSync(join(files, "kept"), Buffer.alloc(100_000, "k"));
    });
    layer(`localhost/${image}`, (files) => {
      rmSync(join(files, "cache"), { recursive: true });
      writeFileSync(join(files, "kept"), Buffer.alloc(200_000, "n"));
    });
  });
  afterAll(() => {
    store.remove();
  });

  const expected = [
    { path: "/cache", kind: "deleted", bytes: 1_400_000, files: 2 },
    { path: "/kept", kind: "overwritten", bytes: 100_000, files: 1 },
  ];

  test.each(["oci-archive", "docker-archive", "oci", "zstd"])(
    "%s shows what is wasted",
    async (kind) => {
      const space = workspace();
      const target = kind === "zstd" ? "oci" : kind;
      const words = kind === "zstd" ? ["--compression-format", "zstd"] : [];
      buildah("push", "--quiet", ...words, image, `${target}:${space.path("image")}`);
      const { code, stdout, stderr } = await space.run([
        ...["history", "image", "--format", "json"],
      ]);
      expect(stderr).toBe("");
      expect(code).toBe(0);
      const { waste } = JSON.parse(stdout) as { waste: unknown };
      expect(waste).toMatchObject(expected);
    },
  );

  test("by its name, with nothing left of the archive", async () => {
    const { root: folder, run } = workspace();
    const options = { env: { ...env, TMPDIR: folder } };
    const words = ["history", image, "--builder", "buildah", "--format", "json"];
    const { code, stdout, stderr } = await run(words, options);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ waste: expected });
    expect(readdirSync(folder)).toEqual([]);
    const unknown = await run(["history", "none:1", "--builder", "buildah"], options);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("neither a file nor an image of that name");
    expect(readdirSync(folder)).toEqual([]);
  });
});
