import {
  looksLikeElf,
  parseElf,
  parseElfHeader,
  segmentTypes,
  type ElfFacts,
  type ElfHeader,
  type ReadBytes,
  type Segment,
} from "./parse-elf.ts";

/** A file that goes by as a stream. */
export interface ElfCollector {
  write(chunk: Uint8Array): void;
  /** Undefined where it is no ELF file, or one that can't be read. */
  end(): ElfFacts | undefined;
}

/**
 * Bytes that are kept of a file: so many at its start, where linkers put the names, and so
 * many of the segment with the dynamic section, where tools that change a path put them.
 */
const keptBytes = 32 * 1024 * 1024;

interface Piece {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Reads an ELF file in one pass, with bounded memory. */
export function elfCollector(): ElfCollector {
  let pieces: Piece[] = [];
  let offset = 0;
  let header: ElfHeader | "other" | undefined;
  let dynamicPart: Segment | undefined;
  const read: ReadBytes = (start, length) => readPieces(pieces, start, length);

  const isWanted = (start: number, end: number) =>
    start < keptBytes ||
    (dynamicPart !== undefined &&
      end > dynamicPart.offset &&
      start < dynamicPart.offset + Math.min(dynamicPart.size, keptBytes));

  return {
    write(chunk) {
      const start = offset;
      offset += chunk.length;
      if (header === "other") return;
      if (start === 0 && chunk.length >= 4 && !looksLikeElf(chunk)) {
        header = "other";
        return;
      }
      if (isWanted(start, offset)) {
        pieces.push({ offset: start, bytes: Buffer.from(chunk) });
      }
      if (header !== undefined) return;
      header = parseElfHeader(read);
      if (header === "other") pieces = [];
      else if (header !== undefined) dynamicPart = segmentOfDynamic(header);
    },
    end() {
      if (header === undefined || header === "other") return undefined;
      return parseElf(header, read);
    },
  };
}

/** The loaded segment that holds the dynamic section. */
function segmentOfDynamic({ segments }: ElfHeader): Segment | undefined {
  const dynamic = segments.find(({ type }) => type === segmentTypes.dynamic);
  if (dynamic === undefined) return undefined;
  const around = segments.find(
    ({ type, offset, size }) =>
      type === segmentTypes.load &&
      offset <= dynamic.offset &&
      dynamic.offset < offset + size,
  );
  // In a large segment, what matters is at the section itself.
  return around !== undefined && around.size <= keptBytes ? around : dynamic;
}

function readPieces(
  pieces: readonly Piece[],
  start: number,
  length: number,
): Buffer | undefined {
  const end = start + length;
  // A damaged header may ask for more than any file has.
  if (!Number.isSafeInteger(end) || length > keptBytes) return undefined;
  const found: Buffer[] = [];
  let next = start;
  for (const { offset, bytes } of pieces) {
    if (offset > next) break;
    if (offset + bytes.length <= next) continue;
    found.push(bytes.subarray(next - offset, Math.min(bytes.length, end - offset)));
    next = Math.min(offset + bytes.length, end);
    if (next >= end) break;
  }
  return next >= end ? Buffer.concat(found) : undefined;
}
