import { constants, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readImage } from "../../src/images/read-image.ts";
import { dockerArchive } from "../images/archives.ts";
import { file, tar, tarEntry } from "../images/tar.ts";
import { zstdOf, zstdZeros } from "../images/zstd.ts";

const zeros = Buffer.alloc(64 * 1024 * 1024);
const header = tarEntry({ ...file("zeros"), size: 7_500_000_000 });
const gzip = (bytes: Buffer) => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });

/** What follows one another unpacks to contents that follow one another. */
const inGzip = Buffer.concat([gzip(header), ...Array<Buffer>(20).fill(gzip(zeros))]);
const inZstd = Buffer.concat([zstdOf(header), zstdZeros(9000)]);

test.each([
  ["an archive in gzip", inGzip],
  ["an archive in zstd", inZstd],
  ["a layer", dockerArchive({ layers: [tar(file("a"))], pack: () => inGzip })],
])("%s that unpacks to more than a GiB from little is refused", async (_name, bytes) => {
  expect(bytes.length).toBeLessThan(2_000_000);
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream of one chunk
  async function* source() {
    yield bytes;
  }
  expect(await readImage(source())).toMatchObject({
    message: expect.stringContaining("as a bomb does") as string,
  });
});
