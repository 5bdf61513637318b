/** The reader of images and the comparison that `npm run builds` relies on. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  differences,
  layerBytesInside,
  removableBytes,
} from "../../scripts/builds/compare.ts";
import { fileTree, readImage, type Image } from "../../scripts/builds/image.ts";

let scratch = "";
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "dockerslim-image-"));
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
});

/** Text of a file; `->` a symbolic link, `=` a hard link; a path with `/` a folder. */
type Files = Readonly<Record<string, string>>;

interface Options {
  readonly config?: Record<string, unknown>;
  readonly isPacked?: boolean;
  readonly format?: "gnu" | "pax" | "ustar";
}

/** An archive as `docker save` writes it, by the system's tar. */
function image(layers: readonly Files[], options: Options = {}): Image {
  const root = mkdtempSync(join(scratch, "archive-"));
  const paths = layers.map((files, index) => {
    const folder = mkdtempSync(join(scratch, "layer-"));
    for (const [path, text] of Object.entries(files)) {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      if (path.endsWith("/")) mkdirSync(target, { recursive: true });
      else if (text.startsWith("->")) symlinkSync(text.slice(2), target);
      else if (text.startsWith("=")) linkSync(join(folder, text.slice(1)), target);
      else writeFileSync(target, text);
    }
    const path = join(root, `${index}.tar`);
    tar(["-cf", path, `--format=${options.format ?? "gnu"}`, "-C", folder, "."]);
    if (options.isPacked === true) writeFileSync(path, gzipSync(readFileSync(path)));
    return path;
  });
  const diffIds = paths.map((path) =>
    createHash("sha256").update(readFileSync(path)).digest("hex"),
  );
  const history = paths.map((_, index) => ({ created_by: `step ${index}` }));
  const config = {
    config: options.config ?? {},
    history: [...history, { created_by: "CMD", empty_layer: true }],
    rootfs: { diff_ids: diffIds },
  };
  writeFileSync(join(root, "config.json"), JSON.stringify(config));
  const names = paths.map((_, index) => `${index}.tar`);
  const manifest = [{ Config: "config.json", Layers: names }];
  writeFileSync(join(root, "manifest.json"), JSON.stringify(manifest));
  const archive = `${root}.tar`;
  tar(["-cf", archive, "-C", root, "."]);
  return readImage(archive, new Map());
}

function tar(words: readonly string[]): void {
  const { status, stderr } = spawnSync("tar", words, { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
}

describe("reading", () => {
  test.each([
    { format: "gnu" },
    { format: "pax" },
    { format: "gnu", isPacked: true },
  ] as const)("finds each file, however long its name: %j", (options) => {
    const long = `opt/${"folder/".repeat(30)}${"name".repeat(30)}`;
    const { layers } = image([{ [long]: "text", "opt/täglich": "12345" }], options);
    const files = layers[0]?.files;
    expect(files?.get(long)?.size).toBe(4);
    expect(files?.get("opt/täglich")?.digest).toBe(
      createHash("sha256").update("12345").digest("hex"),
    );
    expect(layers[0]?.bytes).toBe(9);
    expect(layers[0]?.createdBy).toBe("step 0");
  });

  test("follows hard links and counts them once", () => {
    const { layers } = image([
      { "a/one": "12345678", "b/two": "=a/one", "b/three": "->two" },
    ]);
    expect(layers[0]?.bytes).toBe(8);
    expect(layers[0]?.files.get("b/two")?.size).toBe(8);
    expect(layers[0]?.files.get("b/three")?.target).toBe("two");
  });

  test("hides what later layers delete", () => {
    const tree = fileTree(
      image([
        { "gone/a": "1", "kept/b": "2", "emptied/c": "3", "folder/d": "4" },
        {
          ".wh.gone": "",
          "kept/.wh.b": "",
          "kept/e": "5",
          "emptied/.wh..wh..opq": "",
          "emptied/f": "6",
        },
        { folder: "now a file" },
      ]),
    );
    const files = [...tree].filter(([, { type }]) => type === "0").map(([path]) => path);
    expect(files.sort()).toEqual(["emptied/f", "folder", "kept/e"]);
  });

  test("refuses what is no image", () => {
    const path = join(scratch, "broken.tar");
    writeFileSync(path, "nothing of the kind".repeat(100));
    expect(() => readImage(path, new Map())).toThrow("no tar header");
  });
});

describe("comparing", () => {
  const before = { "etc/conf": "a", "var/cache/x/index": "12345" };

  test("allows a cache to be missing, and nothing else", () => {
    const [old, now] = [image([before]), image([{ "etc/conf": "a", "var/cache/": "" }])];
    expect(differences(old, now, ["var/cache/x"])).toEqual([]);
    expect(differences(old, now, ["var/cache/y"])).toEqual([
      "/var/cache/x: only before",
      "/var/cache/x/index: only before",
    ]);
  });

  test("allows nothing to be added or changed, in a cache either", () => {
    const now = image([
      { ...before, "var/cache/x/index": "54321", "var/cache/x/more": "" },
    ]);
    expect(differences(image([before]), now, ["var/cache/x"])).toEqual([
      "/var/cache/x/index: other digest",
      "/var/cache/x/more: only after",
    ]);
  });

  test("sees another kind of file and other settings", () => {
    const config = { User: "app", Cmd: ["a"] };
    const old = image([{ file: "x", "bin/tool": "->a" }], { config });
    const now = image([{ "file/x": "", "bin/tool": "->b" }], { config: { Cmd: ["a"] } });
    expect(differences(old, now, [])).toEqual([
      'User: "app" before, undefined after',
      "/bin/tool: other target",
      expect.stringMatching(/^\/file: other type, mode, size, digest$/),
      "/file/x: only after",
    ]);
  });

  test("passes over what differs between any two builds", () => {
    const old = image([{ "etc/hosts": "a", "var/log/dpkg.log": "a", "lib/m.pyc": "a" }]);
    const now = image([{ "etc/hosts": "b", "var/log/": "", "lib/": "" }]);
    expect(differences(old, now, [])).toEqual([]);
  });
});

describe("counting", () => {
  test("counts in layers what a later one deletes", () => {
    const built = image([{ "cache/a": "123" }, { "cache/.wh.a": "", "cache/b": "45" }]);
    expect(layerBytesInside(built, ["cache"])).toBe(5);
    expect(removableBytes(built, ["cache"])).toBe(2);
  });

  test("doesn't count a file that has another name outside of the cache", () => {
    const built = image([
      {
        "store/a": "12345678",
        "app/a": "=store/a",
        "store/b": "12",
        "store/c": "=store/b",
      },
    ]);
    expect(removableBytes(built, ["store"])).toBe(2);
  });
});
