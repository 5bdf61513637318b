/** What `npm run measure-sizes` counts. */
import { expect, test } from "vitest";
import { removableBytes } from "../../scripts/measure-sizes/removable-bytes.ts";
import { readImage } from "../../src/images/read-image.ts";
import { buildTree } from "../../src/images/tree/file-tree.ts";
import { dockerArchive } from "../images/archives.ts";
import { file, hardLink, tar, whiteout } from "../images/tar.ts";

async function removable(layers: readonly Buffer[], folder: string): Promise<number> {
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream of one chunk
  async function* archive() {
    yield dockerArchive({ layers });
  }
  const image = await readImage(archive());
  if ("message" in image) throw new Error(image.message);
  const tree = buildTree(image.layers);
  if ("message" in tree) throw new Error(tree.message);
  return removableBytes(tree.root, [folder]);
}

test("counts what is left in the folder, and nothing beside it", async () => {
  const first = tar(file("cache/a", "123"), file("cached", "1"));
  const second = tar(whiteout("cache/a"), file("cache/b", "45"));
  expect(await removable([first, second], "/cache")).toBe(2);
});

test("doesn't count a file that has another name outside of the folder", async () => {
  const layer = tar(
    file("store/a", "12345678"),
    hardLink("app/a", "store/a"),
    file("store/b", "12"),
    hardLink("store/c", "store/b"),
  );
  expect(await removable([layer], "/store/")).toBe(2);
});
