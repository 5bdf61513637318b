import { pipeline, Readable } from "node:stream";
import * as zlib from "node:zlib";
import { limits } from "../limits.ts";
import { ImageError } from "../problem.ts";
import type { Compression } from "../types.ts";

type Bytes = AsyncIterable<Uint8Array>;

export interface Unpacked {
  readonly compression: Compression;
  readonly bytes: Bytes;
  /** How many packed bytes have been read so far. */
  readonly packedBytes: () => number;
}

/** Larger than Node's 16 KiB, so that fewer turns of the event loop are needed. */
const chunkSize = 256 * 1024;

/**
 * What a piece unpacks to is held in memory. Four bytes of zstd may stand for a block of
 * 128 KiB (RFC 8878, section 3.1.1.2), so that this many may become 32 MiB.
 */
const zstdPiece = 1024;

/**
 * Unpacks gzip and zstd, told by their first bytes; anything else is passed on as it is.
 * The bytes throw an `ImageError` where the data is damaged or looks like a bomb.
 *
 * @param name What is read, for messages.
 */
export async function unpack(packed: Bytes, name: string): Promise<Unpacked> {
  let packedBytes = 0;
  const source = packed[Symbol.asyncIterator]();
  const { head, chunks } = await firstChunks(source);
  async function* counted(): AsyncGenerator<Uint8Array> {
    try {
      for (const chunk of chunks) {
        packedBytes += chunk.length;
        yield chunk;
      }
      for (;;) {
        const result = await source.next();
        if (result.done) return;
        packedBytes += result.value.length;
        yield result.value;
      }
    } finally {
      await source.return?.();
    }
  }
  const compression = compressionOf(head);
  const bytes =
    compression === "none"
      ? counted()
      : guarded(decompress(compression, copied(counted())), () => packedBytes, name);
  return { compression, bytes, packedBytes: () => packedBytes };
}

/** The first chunks, up to four bytes at least. */
async function firstChunks(source: AsyncIterator<Uint8Array>) {
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < 4) {
    const result = await source.next();
    if (result.done) break;
    const isEnough = chunks.length === 0 && result.value.length >= 4;
    chunks.push(isEnough ? result.value : Buffer.from(result.value));
    length += result.value.length;
  }
  const [first] = chunks;
  return {
    head: chunks.length === 1 && first ? first : Buffer.concat(chunks),
    chunks,
  };
}

/** RFC 1952, section 2.3.1, and RFC 8878, sections 3.1.1 and 3.1.2 (skippable frames). */
function compressionOf(head: Uint8Array): Compression {
  const [a, b, c, d] = head;
  if (a === 0x1f && b === 0x8b) return "gzip";
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return "zstd";
  if (a !== undefined && a >> 4 === 5 && b === 0x2a && c === 0x4d && d === 0x18) {
    return "zstd";
  }
  return "none";
}

/** Decompressors keep what they get for a while; the chunks of a file don't last. */
async function* copied(bytes: Bytes): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) yield Buffer.from(chunk);
}

function decompress(compression: "gzip" | "zstd", packed: Bytes): Bytes {
  if (compression === "gzip") return through(zlib.createGunzip({ chunkSize }), packed);
  // Node has zstd from 22.15 and 23.8 on.
  return "createZstdDecompress" in zlib
    ? through(
        (zlib.createZstdDecompress as typeof zlib.createGunzip)({ chunkSize }),
        packed,
      )
    : unpackZstd(packed);
}

function through(decompressor: zlib.Gunzip, packed: Bytes): Bytes {
  // Whoever reads the decompressor gets its errors, and those of the source.
  pipeline(Readable.from(packed), decompressor, () => undefined);
  return decompressor;
}

async function* unpackZstd(packed: Bytes): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import("fzstd");
  const ready: Uint8Array[] = [];
  const decompressor = new Decompress((chunk) => ready.push(chunk));
  for await (const chunk of packed) {
    for (let start = 0; start < chunk.length; start += zstdPiece) {
      decompressor.push(chunk.subarray(start, start + zstdPiece));
      yield* ready.splice(0);
    }
  }
  decompressor.push(new Uint8Array(0), true);
  yield* ready;
}

async function* guarded(
  bytes: Bytes,
  packedBytes: () => number,
  name: string,
): AsyncGenerator<Uint8Array> {
  let unpackedBytes = 0;
  try {
    for await (const chunk of bytes) {
      unpackedBytes += chunk.length;
      if (
        unpackedBytes > limits.unpackedBytes &&
        unpackedBytes > limits.unpackedRatio * packedBytes()
      ) {
        throw new ImageError(
          `${name} unpacks to more than ${limits.unpackedRatio} times its size, as a bomb does`,
          "Unpack it yourself if you trust it",
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof ImageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImageError(
      `${name} can't be unpacked: ${reason}`,
      "It is damaged or cut short; export or download it again",
    );
  }
}
