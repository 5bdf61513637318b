import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readImage } from "../../src/images/read-image.ts";
import { buildTree } from "../../src/images/tree/file-tree.ts";
import { dockerArchive, dockerEntries, ociEntries } from "./archives.ts";
import {
  file,
  folder,
  hardLink,
  pax,
  symlink,
  tar,
  tarEntry,
  whiteout,
  type Entry,
} from "./tar.ts";

async function problemOf(bytes: Buffer): Promise<string> {
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream of one chunk
  async function* source() {
    yield bytes;
  }
  const image = await readImage(source());
  if ("message" in image) return image.message;
  const tree = buildTree(image.layers);
  return "message" in tree ? tree.message : "";
}

function inLayer(...entries: readonly Entry[]): Buffer {
  return dockerArchive({ layers: [tar(...entries)] });
}

describe("what a layer may not hold", () => {
  test.each<[string, readonly Entry[], string]>([
    ["an absolute path", [file("/etc/passwd")], "an absolute path"],
    ["..", [file("a/../../etc/passwd")], "“..”"],
    ["an absolute PAX path", [pax({ path: "/etc/x" }), file("x")], "an absolute path"],
    [".. as a whiteout", [file("a/.wh...")], "which is no file"],
    ["an empty whiteout", [file("a/.wh.")], "which is no file"],
    [
      "a symbolic link out of the root",
      [symlink("a/b", "../../etc")],
      "outside of the image",
    ],
    ["a symbolic link to nothing", [symlink("a", "")], "no path"],
    ["a hard link out of the root", [hardLink("a", "../../etc/passwd")], "“..”"],
    ["a hard link to nothing", [hardLink("a", "none")], "where no file is"],
    ["a hard link to a folder", [folder("d/"), hardLink("a", "d")], "where no file is"],
    ["a file twice", [file("a", "1"), file("a", "2")], '"a" twice'],
    ["a file in a file", [file("a"), file("a/b")], "leads through the file"],
    ["a file in place of its folder", [file("a/b"), file("a")], '"a" twice'],
    [
      "a circle of links",
      [symlink("a", "b"), symlink("b", "a"), file("a/c")],
      "circle of links",
    ],
    ["a long name", [pax({ path: "n".repeat(300) }), file("x")], "longer than 255 bytes"],
    [
      "a long path",
      [pax({ path: "n/".repeat(3000) }), file("x")],
      "longer than 4096 bytes",
    ],
    ["a sparse file", [{ name: "s", flag: "S" }], "sparse"],
    ["a PAX sparse file", [pax({ "GNU.sparse.major": "1" }), file("x")], "sparse"],
    ["a negative size", [pax({ size: "-1" }), file("x")], "can't be read"],
    ["a size that is no number", [pax({ size: "x" }), file("x")], "can't be read"],
    [
      "an extended attribute beyond any size",
      [pax({ "SCHILY.xattr.user.x": "v".repeat(70_000) }), file("x")],
      'an extended attribute "user.x" that is too long',
    ],
    [
      "a name of an extended attribute beyond any size",
      [pax({ [`SCHILY.xattr.user.${"x".repeat(300)}`]: "v" }), file("x")],
      "that is too long",
    ],
    [
      "a PAX header beyond any size",
      [pax({ comment: "c".repeat(2_000_000) }), file("x")],
      "a header is too large",
    ],
    [
      "a PAX record beyond its header",
      [{ name: "p", flag: "x", content: "99 path=x\n" }, file("x")],
      "a PAX header is broken",
    ],
    [
      "a PAX record without a length",
      [{ name: "p", flag: "x", content: "path=x\n" }, file("x")],
      "a PAX header is broken",
    ],
    ["a wrong checksum", [{ ...file("x"), badChecksum: true }], "checksum is wrong"],
    ["terminal codes", [file("/\u001b[2J\u202e")], '"/\\u001b[2J\\u202e"'],
  ])("%s", async (_name, entries, message) => {
    expect(await problemOf(inLayer(...entries))).toContain(message);
  });

  test("links that pile up folders beyond any depth", async () => {
    const deep = "d/".repeat(2000);
    const entries = Array.from({ length: 5 }, (_, index) => [
      pax({
        path: "l".repeat(index + 1),
        linkpath: `${"l".repeat(index)}/${deep}`.replace(/^\//, ""),
      }),
      symlink("x", "y"),
    ]).flat();
    const message = await problemOf(inLayer(...entries, file("lllll/file")));
    expect(message).toContain("is too deep");
  });

  test("what stands in a lower layer may be replaced and deleted", async () => {
    const lower = tar(file("a", "1"), folder("d/"), file("d/e", "2"), symlink("s", "/d"));
    const upper = tar(
      folder("a/"),
      file("a/b"),
      whiteout("d"),
      file("d", "3"),
      symlink("s", "x"),
    );
    expect(await problemOf(dockerArchive({ layers: [lower, upper] }))).toBe("");
  });
});

describe("a damaged or hostile archive", () => {
  const layer = tar(file("a", "x".repeat(5000)));
  const entries = dockerEntries({ layers: [layer] });
  const whole = tar(...entries);

  test.each([0, 1, 511, 512, 600, 3000, 6500, whole.length - 1500, whole.length - 1025])(
    "cut off after %i bytes",
    async (length) => {
      expect(await problemOf(whole.subarray(0, length))).not.toBe("");
    },
  );

  test.each([20, 100, 200])("gzip, cut off after %i bytes", async (length) => {
    expect(await problemOf(gzipSync(whole).subarray(0, length))).toContain("unpacked");
  });

  test.each<[string, Buffer, string]>([
    ["an entry twice", tar(...entries, file("config.json", "{}")), "twice"],
    ["an absolute path", tar(file("/etc/passwd"), ...entries), "absolute path"],
    ["..", tar(file("../up"), ...entries), "“..”"],
    ["a link out", tar(symlink("x", "../../etc/passwd"), ...entries), "outside"],
    [
      "a layer that leads out",
      tar(
        ...entries.map((entry) =>
          entry.name === "0/layer.tar" ? symlink(entry.name, "/etc/shadow") : entry,
        ),
      ),
      "",
    ],
    [
      "a circle of links",
      tar(
        ...entries.map((entry) =>
          entry.name === "0/layer.tar" ? symlink(entry.name, "layer.tar") : entry,
        ),
      ),
      "circle",
    ],
    [
      "a changed layer",
      tar(
        ...entries.map((entry) =>
          entry.name === "0/layer.tar" ? file(entry.name, tar(file("b"))) : entry,
        ),
      ),
      "checksum of layer",
    ],
    [
      "no layer",
      tar(...entries.filter(({ name }) => name !== "0/layer.tar")),
      "has no 0/layer.tar",
    ],
    [
      "no configuration",
      tar(...entries.filter(({ name }) => name !== "config.json")),
      "has no config.json",
    ],
    [
      "no manifest",
      tar(...entries.filter(({ name }) => name !== "manifest.json")),
      "this is no image",
    ],
    ["a manifest that is no JSON", tar(file("manifest.json", "[{")), "not valid JSON"],
    [
      "a manifest of another shape",
      tar(file("manifest.json", '[{"Config":1}]')),
      "Config",
    ],
    [
      "several images",
      tar(file("manifest.json", '[{"Config":"a"},{"Config":"b"}]')),
      "2 images: a, b",
    ],
    [
      "a manifest that never ends",
      tar(file("manifest.json", `[${" ".repeat(9_000_000)}]`)),
      "larger than 8 MiB",
    ],
    [
      "an index with odd digests",
      tar(file("index.json", '{"manifests":[{"digest":"sha256:../../x"}]}')),
      "digest",
    ],
    [
      "a size that nothing has",
      tarEntry({ ...file("x"), size: 0o77777777777 }),
      "middle of an entry",
    ],
    [
      "no archive at all",
      Buffer.from("FROM debian:12\n".repeat(100)),
      "can't be read as a tar",
    ],
    ["nothing", Buffer.alloc(0), "this is no image"],
  ])("%s", async (_name, bytes, message) => {
    const problem = await problemOf(bytes);
    expect(problem).not.toBe("");
    expect(problem).toContain(message);
  });

  test("a configuration that was changed", async () => {
    const changed = ociEntries({ "linux/amd64": { layers: [layer] } }).map((entry) =>
      String(entry.content).includes("rootfs")
        ? { ...entry, content: `${String(entry.content)} ` }
        : entry,
    );
    expect(await problemOf(tar(...changed))).toContain("checksum of blobs/");
  });

  test("an unreadable layer that no manifest names does no harm", async () => {
    const bad = [file("other/layer.tar", "x".repeat(2000)), file("empty", "")];
    expect(await problemOf(tar(...bad, ...entries))).toBe("");
  });
});
