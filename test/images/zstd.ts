/** RFC 8878: a frame that tells no size, with a window of 128 KiB. */
const frameHeader = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
const largestBlock = 128 * 1024;
const blockTypes = { raw: 0, repeated: 1 };

/** A zstd frame made by hand, of which nothing is compressed. Node 20 can't write any. */
export function zstdOf(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += largestBlock) {
    const content = bytes.subarray(start, start + largestBlock);
    blocks.push(blockHeader("raw", content.length, false), content);
  }
  return Buffer.concat([frameHeader, ...blocks, blockHeader("raw", 0, true)]);
}

/** A frame that stands for so many times 128 KiB of zeros, in four bytes each. */
export function zstdZeros(blocks: number): Buffer {
  const block = Buffer.concat([
    blockHeader("repeated", largestBlock, false),
    Buffer.alloc(1),
  ]);
  const all = Array.from({ length: blocks }, () => block);
  return Buffer.concat([frameHeader, ...all, blockHeader("raw", 0, true)]);
}

function blockHeader(type: keyof typeof blockTypes, size: number, last: boolean): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((last ? 1 : 0) | (blockTypes[type] << 1) | (size << 3), 0, 3);
  return header;
}
