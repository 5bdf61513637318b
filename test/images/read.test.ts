import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { readImage, type ReadOptions } from "../../src/images/read-image.ts";
import { buildTree, walkTree } from "../../src/images/tree/file-tree.ts";
import type { Image } from "../../src/images/types.ts";
import { dockerArchive, dockerEntries, ociEntries, ociFiles } from "./archives.ts";
import { zstdOf } from "./zstd.ts";
import { file, folder, hardLink, pax, symlink, tar } from "./tar.ts";

const base = tar(folder("etc/"), file("etc/name", "base"), symlink("link", "/etc/name"));
const upper = tar(file("etc/other", "upper layer"));
const image = { layers: [base, upper] };

// Ends in the middle of things, as chunks from a pipe do.
async function* inPieces(bytes: Buffer, size = 1000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    await Promise.resolve();
    yield bytes.subarray(start, start + size);
  }
}

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), "dockerslim-test-"));
  onTestFinished(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

async function read(source: string | Buffer, options: ReadOptions = {}): Promise<Image> {
  const result = await readImage(
    typeof source === "string" ? source : inPieces(source),
    options,
  );
  if ("message" in result) throw new Error(result.message);
  return result;
}

describe("kinds of archives", () => {
  test.each([
    ["docker save", dockerArchive(image)],
    ["docker save, packed by gzip", gzipSync(dockerArchive(image))],
    ["docker save, packed by zstd", zstdOf(dockerArchive(image))],
    [
      "docker save with layers packed by gzip",
      dockerArchive({ ...image, pack: gzipSync }),
    ],
    ["OCI", tar(...ociEntries({ "linux/amd64": image }))],
    [
      "OCI with layers packed by gzip",
      tar(...ociEntries({ "linux/amd64": { ...image, pack: gzipSync } })),
    ],
    [
      "OCI with layers packed by zstd",
      tar(...ociEntries({ "linux/amd64": { ...image, pack: zstdOf } })),
    ],
    ["the manifest first", tar(...dockerEntries(image).reverse())],
    [
      "names with ./ in front",
      tar(
        ...dockerEntries(image).map((entry) => ({ ...entry, name: `./${entry.name}` })),
      ),
    ],
  ])("%s", async (_name, bytes) => {
    const { layers, platform, history } = await read(bytes);
    expect(platform).toBe("linux/amd64");
    expect(history.map(({ createdBy }) => createdBy)).toEqual([
      "RUN step-0",
      "RUN step-1",
    ]);
    expect(layers.map(({ tarBytes }) => tarBytes)).toEqual([base.length, upper.length]);
    expect(layers[0]?.entries.map(({ path }) => path)).toEqual([
      "etc",
      "etc/name",
      "link",
    ]);
    expect(layers[1]?.entries).toMatchObject([{ path: "etc/other", size: 11 }]);
  });

  test("a layer that two images share is a link in docker's archives", async () => {
    const twice = { layers: [base, base] };
    const entries = dockerEntries(twice).map((entry) =>
      entry.name === "1/layer.tar" ? symlink(entry.name, "../0/layer.tar") : entry,
    );
    expect((await read(tar(...entries))).layers).toHaveLength(2);
  });

  test("an OCI layout in a folder", async () => {
    const root = temporary();
    for (const [name, bytes] of Object.entries(ociFiles({ "linux/amd64": image }))) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), bytes);
    }
    expect((await read(root)).layers).toHaveLength(2);
    const [blob = ""] = Object.keys(ociFiles({ "linux/amd64": image })).filter((name) =>
      name.startsWith("blobs"),
    );
    rmSync(join(root, blob));
    symlinkSync("/etc/passwd", join(root, blob));
    expect(await readImage(root)).toMatchObject({
      message: expect.stringContaining("no regular file") as string,
    });
  });

  test("one platform of several", async () => {
    const other = { layers: [upper] };
    const bytes = tar(...ociEntries({ "linux/arm64": image, "linux/s390x": other }));
    expect((await read(bytes, { platform: "linux/s390x" })).layers).toHaveLength(1);
    expect((await read(bytes, { platform: "linux/arm64" })).layers).toHaveLength(2);
    expect(await readImage(inPieces(bytes), { platform: "linux/riscv64" })).toMatchObject(
      {
        message:
          "there is no image for linux/riscv64 in it, but for linux/arm64, linux/s390x",
      },
    );
  });
});

test("type, mode, owner, link target, size and content hash of each file", async () => {
  const big = "x".repeat(100_000);
  const layer = tar(
    { ...folder("srv/"), mode: 0o1777 },
    { ...file("srv/big", big), mode: 0o4755, uid: 33, gid: 34 },
    pax({ path: `srv/${"long-".repeat(40)}name`, uid: "3000000000" }),
    file("short", "paxed"),
    symlink("srv/link", "../etc/passwd"),
    hardLink("srv/again", "srv/big"),
    { name: "srv/null", flag: "3" },
    { name: "srv/pipe", flag: "6" },
  );
  const { layers } = await read(dockerArchive({ layers: [layer] }), {
    contentHashes: true,
  });
  const tree = buildTree(layers);
  if ("message" in tree) throw new Error(tree.message);
  const files = new Map([...walkTree(tree.root)].map(({ path, node }) => [path, node]));
  const hash = createHash("sha256").update(big).digest("hex");
  expect(files.get("/srv")?.attributes).toMatchObject({
    type: "directory",
    mode: 0o1777,
  });
  expect(files.get("/srv/big")).toMatchObject({
    attributes: { type: "file", mode: 0o4755, uid: 33, gid: 34 },
    content: { size: 100_000, sha256: hash, names: 2 },
  });
  expect(files.get("/srv/again")?.content).toBe(files.get("/srv/big")?.content);
  expect(files.get(`/srv/${"long-".repeat(40)}name`)?.attributes.uid).toBe(3_000_000_000);
  expect(files.get("/srv/link")?.attributes.linkTarget).toBe("../etc/passwd");
  expect(files.get("/srv/null")?.attributes).toMatchObject({
    type: "character-device",
    device: "0:0",
  });
  expect(files.get("/srv/pipe")?.attributes.type).toBe("fifo");
});
