/**
 * Takes from a stream what is asked for, whatever its chunks are. What it gives may lie in a
 * chunk, and is good until the next call; `exactly` gives a copy.
 */
export interface ByteReader {
  /** So many bytes, if they are there already. */
  ready(count: number): Buffer | undefined;
  /** Undefined where the stream has ended; throws where it ends in the middle. */
  exactly(count: number): Promise<Buffer | undefined>;
  /** At least one byte, and so many at most; undefined where the stream has ended. */
  some(most: number): Promise<Buffer | undefined>;
  /** Throws where there are less. */
  skip(count: number): Promise<void>;
  cutShort(): Error;
  /** Tells the stream that nobody reads on. */
  close(): Promise<void>;
}

/** @param cutShort Makes the error for a stream that ends too early. */
export function byteReader(
  bytes: AsyncIterable<Uint8Array>,
  cutShort: () => Error,
): ByteReader {
  const source = bytes[Symbol.asyncIterator]();
  let chunk: Buffer = Buffer.alloc(0);
  let offset = 0;
  const take = (count: number): Buffer => {
    offset += count;
    return chunk.subarray(offset - count, offset);
  };
  let failure: Error | undefined;
  /** What ended the stream ends whatever is tried afterwards, too. */
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    if (failure !== undefined) throw failure;
    try {
      return await source.next();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw failure;
    }
  };
  /** False at the end of the stream. */
  const fill = async (): Promise<boolean> => {
    while (offset === chunk.length) {
      const result = await next();
      if (result.done) return false;
      const { buffer, byteOffset, byteLength } = result.value;
      chunk = Buffer.from(buffer, byteOffset, byteLength);
      offset = 0;
    }
    return true;
  };
  const reader: ByteReader = {
    ready: (count) => (chunk.length - offset >= count ? take(count) : undefined),
    async exactly(count) {
      // They have to outlast the chunks that they come from.
      const pieces: Buffer[] = [];
      let missing = count;
      while (missing > 0) {
        const piece = await reader.some(missing);
        if (piece === undefined) {
          if (missing === count) return undefined;
          throw cutShort();
        }
        pieces.push(Buffer.from(piece));
        missing -= piece.length;
      }
      return Buffer.concat(pieces);
    },
    async some(most) {
      if (offset === chunk.length && !(await fill())) return undefined;
      return take(Math.min(most, chunk.length - offset));
    },
    async skip(count) {
      let left = count;
      while (left > 0) {
        const piece = await reader.some(left);
        if (piece === undefined) throw cutShort();
        left -= piece.length;
      }
    },
    cutShort,
    async close() {
      await source.return?.();
    },
  };
  return reader;
}
