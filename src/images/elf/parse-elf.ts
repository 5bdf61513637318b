/** What the dynamic loader reads in an ELF file. */
export interface ElfFacts {
  readonly bits: 32 | 64;
  /** `e_machine`; a program needs libraries for the same one. */
  readonly machine: number;
  /** PT_INTERP: the loader that the kernel starts; undefined in libraries. */
  readonly interpreter: string | undefined;
  /** DT_NEEDED. */
  readonly needed: readonly string[];
  /** DT_RUNPATH, or DT_RPATH where there is none; variables such as `$ORIGIN` as written. */
  readonly searchPath: readonly string[];
}

/** Reads bytes of the file; undefined where they weren't kept. */
export type ReadBytes = (offset: number, length: number) => Buffer | undefined;

/** Where a part of the file lies, and where it comes to lie in memory. */
export interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

export interface ElfHeader {
  readonly bits: 32 | 64;
  readonly machine: number;
  readonly isLittleEndian: boolean;
  readonly segments: readonly Segment[];
}

/*
 * Numbers and layouts: System V Application Binary Interface (gABI), chapter 4 "ELF Header",
 * chapter 5 "Program Header" and "Dynamic Section".
 */
const magic = Buffer.from("\x7fELF", "latin1");
export const segmentTypes = { load: 1, dynamic: 2, interpreter: 3 } as const;
const tags = { needed: 1, stringTable: 5, stringTableSize: 10, rpath: 15, runpath: 29 };

/** Real files have about ten; more are not worth reading. */
const mostSegments = 4096;
const longestString = 4096;

export function looksLikeElf(head: Uint8Array): boolean {
  return magic.equals(head.subarray(0, magic.length));
}

/**
 * The header and the program headers.
 *
 * @returns undefined where they aren't there (yet), "other" where this is no ELF file that a
 *   loader would take.
 */
export function parseElfHeader(read: ReadBytes): ElfHeader | "other" | undefined {
  const head = read(0, 64);
  if (head === undefined) return undefined;
  const bits = head[4] === 1 ? 32 : 64;
  if (!looksLikeElf(head) || (head[4] !== 1 && head[4] !== 2)) return "other";
  if (head[5] !== 1 && head[5] !== 2) return "other";
  const isLittleEndian = head[5] === 1;
  const number = numberReader(isLittleEndian);
  const is64 = bits === 64;
  const tableOffset = is64 ? number(head, 32, 8) : number(head, 28, 4);
  const entrySize = number(head, is64 ? 54 : 42, 2);
  const count = number(head, is64 ? 56 : 44, 2);
  if (entrySize < (is64 ? 56 : 32) || count > mostSegments) return "other";
  const table = read(tableOffset, entrySize * count);
  if (table === undefined) return undefined;
  const segments = Array.from({ length: count }, (_, index): Segment => {
    const at = (offset: number) => index * entrySize + offset;
    return {
      type: number(table, at(0), 4),
      offset: is64 ? number(table, at(8), 8) : number(table, at(4), 4),
      address: is64 ? number(table, at(16), 8) : number(table, at(8), 4),
      size: is64 ? number(table, at(32), 8) : number(table, at(16), 4),
    };
  });
  return { bits, machine: number(head, 18, 2), isLittleEndian, segments };
}

/** @returns undefined where a part that is needed is missing or makes no sense. */
export function parseElf(header: ElfHeader, read: ReadBytes): ElfFacts | undefined {
  const { bits, machine, segments } = header;
  const find = (type: number) => segments.find((segment) => segment.type === type);
  const interpreter = find(segmentTypes.interpreter);
  const interpreterText =
    interpreter === undefined
      ? undefined
      : read(interpreter.offset, Math.min(interpreter.size, longestString));
  if (interpreter !== undefined && interpreterText === undefined) return undefined;
  const facts = {
    bits,
    machine,
    interpreter: interpreterText && textUpToZero(interpreterText, 0),
  };
  const dynamic = find(segmentTypes.dynamic);
  if (dynamic === undefined) return { ...facts, needed: [], searchPath: [] };

  const entries = dynamicEntries(header, read(dynamic.offset, dynamic.size));
  const table = entries.find(({ tag }) => tag === tags.stringTable);
  const size = entries.find(({ tag }) => tag === tags.stringTableSize);
  if (table === undefined || size === undefined) return undefined;
  const offset = fileOffset(segments, table.value);
  if (offset === undefined) return undefined;
  const names = (tag: number): string[] | undefined => {
    const found: string[] = [];
    for (const entry of entries.filter((candidate) => candidate.tag === tag)) {
      if (entry.value >= size.value) return undefined;
      const length = Math.min(size.value - entry.value, longestString);
      const bytes = read(offset + entry.value, length);
      if (bytes === undefined) return undefined;
      found.push(textUpToZero(bytes, 0));
    }
    return found;
  };
  const [needed, runpath, rpath] = [tags.needed, tags.runpath, tags.rpath].map(names);
  if (needed === undefined || runpath === undefined || rpath === undefined) {
    return undefined;
  }
  // ld.so(8): DT_RPATH counts only where there is no DT_RUNPATH.
  const searchPath = runpath.length > 0 ? runpath : rpath;
  return {
    ...facts,
    needed,
    searchPath: searchPath.flatMap((path) => path.split(":")).filter(Boolean),
  };
}

interface DynamicEntry {
  readonly tag: number;
  readonly value: number;
}

function dynamicEntries(
  { bits, isLittleEndian }: ElfHeader,
  bytes: Buffer | undefined,
): DynamicEntry[] {
  if (bytes === undefined) return [];
  const number = numberReader(isLittleEndian);
  const half = bits / 8;
  const entries: DynamicEntry[] = [];
  for (let offset = 0; offset + 2 * half <= bytes.length; offset += 2 * half) {
    const tag = number(bytes, offset, half);
    if (tag === 0) break;
    entries.push({ tag, value: number(bytes, offset + half, half) });
  }
  return entries;
}

function fileOffset(segments: readonly Segment[], address: number): number | undefined {
  const segment = segments.find(
    ({ type, address: start, size }) =>
      type === segmentTypes.load && address >= start && address < start + size,
  );
  return segment && segment.offset + (address - segment.address);
}

/** Numbers above 2^53 lose digits, but nothing lies that far back in a file. */
function numberReader(isLittleEndian: boolean) {
  return (bytes: Buffer, offset: number, length: number): number => {
    if (length === 8) {
      const value = isLittleEndian
        ? bytes.readBigUInt64LE(offset)
        : bytes.readBigUInt64BE(offset);
      return Number(value);
    }
    return isLittleEndian
      ? bytes.readUIntLE(offset, length)
      : bytes.readUIntBE(offset, length);
  };
}

function textUpToZero(bytes: Buffer, start: number): string {
  const zero = bytes.indexOf(0, start);
  return bytes.toString("utf8", start, zero === -1 ? bytes.length : zero);
}
