import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { readImage } from "../../src/images/read-image.ts";
import { buildTree, type FileTree } from "../../src/images/tree/file-tree.ts";
import { compareFiles } from "../../src/verify/compare-files.ts";
import { dockerArchive } from "./archives.ts";
import { file, folder, hardLink, pax, tar, type Entry } from "./tar.ts";

/** CAP_SETUID, in the form of linux/capability.h; its bytes are no text. */
const capability = Buffer.from("010000028000000000000000000000000000ff00", "hex");
const name = "SCHILY.xattr.security.capability";

async function treeOf(...layers: readonly (readonly Entry[])[]): Promise<FileTree> {
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream of one chunk
  async function* source() {
    yield dockerArchive({ layers: layers.map((entries) => tar(...entries)) });
  }
  const image = await readImage(source(), { contentHashes: true });
  if ("message" in image) throw new Error(image.message);
  const tree = buildTree(image.layers);
  if ("message" in tree) throw new Error(tree.message);
  return tree;
}

test("are read as bytes, and belong to all names of a file", async () => {
  const long = Buffer.alloc(64 * 1024, 0xff);
  const { root } = await treeOf([
    pax({ [name]: capability, "SCHILY.xattr.user.a=b": "", "SCHILY.xattr.user.l": long }),
    file("ping"),
    hardLink("again", "ping"),
    file("plain"),
  ]);
  const hash = createHash("sha256").update(long).digest("hex");
  const ping = root.children?.get("ping")?.attributes.extended;
  expect(ping?.get("security.capability")).toBe(`0x${capability.toString("hex")}`);
  expect(ping?.get("user.l")).toBe(`sha256:${hash}`);
  expect(root.children?.get("again")?.attributes.extended).toBe(ping);
  expect(root.children?.get("plain")?.attributes.extended).toBeUndefined();
});

test("go with the file that a later layer writes anew", async () => {
  const { root } = await treeOf(
    [pax({ [name]: capability }), file("ping")],
    [file("ping")],
  );
  expect(root.children?.get("ping")?.attributes.extended).toBeUndefined();
});

test("each difference has a name", async () => {
  const before = await treeOf([
    pax({ [name]: capability }),
    file("lost"),
    pax({ [name]: capability }),
    file("changed"),
    pax({ [name]: capability }),
    file("same"),
    folder("got"),
  ]);
  const other = Buffer.from(capability);
  other[4] = 0x81;
  const after = await treeOf([
    file("lost"),
    pax({ [name]: other }),
    file("changed"),
    pax({ [name]: capability }),
    file("same"),
    pax({ "SCHILY.xattr.user.note": "x" }),
    folder("got"),
  ]);
  const [old, now] = [capability.toString("hex"), other.toString("hex")];
  const what = "the extended attribute security.capability";
  expect(
    compareFiles(before.root, after.root, () => undefined).map(
      ({ subject, message, judgement }) => `${judgement}: ${subject} ${message}`,
    ),
  ).toEqual([
    `differs: /changed has ${what} 0x${now} in place of 0x${old}`,
    "differs: /got has got the extended attribute user.note, 0x78",
    `differs: /lost has lost ${what}, 0x${old}`,
  ]);
});
