import { open } from "node:fs/promises";

/** Large, so that few turns of the event loop are needed. */
const chunkBytes = 1024 * 1024;

/**
 * Reads a file from front to back. A chunk is overwritten when the one after it has been
 * asked for: memory that is new for each of them would keep the garbage collector busy for
 * as long as half of the reading takes.
 */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  const buffers = [
    Buffer.allocUnsafeSlow(chunkBytes),
    Buffer.allocUnsafeSlow(chunkBytes),
  ];
  const readNext = (number: number) => {
    const buffer = buffers[number % 2] ?? Buffer.alloc(0);
    const reading = file
      .read(buffer, 0, buffer.length, null)
      .then(({ bytesRead }) => buffer.subarray(0, bytesRead));
    // It is awaited only when the chunk before it has been dealt with.
    reading.catch(() => undefined);
    return reading;
  };
  let pending = readNext(0);
  try {
    for (let number = 1; ; number += 1) {
      const chunk = await pending;
      if (chunk.length === 0) return;
      pending = readNext(number);
      yield chunk;
    }
  } finally {
    await pending.catch(() => undefined);
    await file.close();
  }
}
