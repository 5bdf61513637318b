import { readSync } from "node:fs";

/** Bytes that can be read from any place: a file, a part of one, or memory. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Fewer bytes than asked for only at the end. */
  read(offset: number, length: number): Buffer;
}

/** One member of a tar archive, in the terms of POSIX pax and of GNU tar. */
export interface TarMember {
  /** As it is in the archive, but without `./` in front and `/` at the end. */
  readonly path: string;
  /** POSIX typeflag: "0" file, "1" hard link, "2" symbolic link, "5" directory … */
  readonly type: string;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Target of a link, else empty. */
  readonly link: string;
  /** Bytes of content; 0 for what has none. */
  readonly size: number;
  /** Where the content starts in the source. */
  readonly offset: number;
}

const block = 512;

export function fileSource(descriptor: number, start: number, size: number): ByteSource {
  return {
    size,
    read(offset, length) {
      const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < buffer.length) {
        const count = readSync(
          descriptor,
          buffer,
          filled,
          buffer.length - filled,
          start + offset + filled,
        );
        if (count === 0) break;
        filled += count;
      }
      return buffer.subarray(0, filled);
    },
  };
}

export function memorySource(buffer: Buffer): ByteSource {
  return {
    size: buffer.length,
    read: (offset, length) => buffer.subarray(offset, offset + length),
  };
}

/**
 * The members of an uncompressed archive, in their order.
 * @throws Error where the archive is cut off or no archive at all.
 */
export function* tarMembers(source: ByteSource): Generator<TarMember> {
  let position = 0;
  let extended = new Map<string, string>();
  for (;;) {
    const header = source.read(position, block);
    if (header.length === 0 || header.every((byte) => byte === 0)) return;
    if (header.length < block || !hasChecksum(header)) {
      throw new Error(`no tar header at byte ${position}`);
    }
    const type = header.toString("latin1", 156, 157).replace("\0", "0");
    const size = Number(extended.get("size") ?? numberIn(header, 124, 12));
    const offset = position + block;
    position = offset + Math.ceil(size / block) * block;

    if (type === "x") {
      extended = new Map([...extended, ...paxRecords(source.read(offset, size))]);
    } else if (type === "L" || type === "K") {
      const key = type === "L" ? "path" : "linkpath";
      extended.set(key, textOf(source.read(offset, size)));
    } else if (type !== "g") {
      yield {
        path: plainPath(extended.get("path") ?? nameIn(header)),
        type,
        mode: numberIn(header, 100, 8) & 0o7777,
        uid: Number(extended.get("uid") ?? numberIn(header, 108, 8)),
        gid: Number(extended.get("gid") ?? numberIn(header, 116, 8)),
        link: extended.get("linkpath") ?? textOf(header.subarray(157, 257)),
        size: type === "0" || type === "7" ? size : 0,
        offset,
      };
      extended = new Map();
    }
  }
}

/** The form in which paths of different archives can be compared. */
export function plainPath(path: string): string {
  return path.replace(/^(\.?\/+)+/, "").replace(/\/+$/, "");
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end === -1 ? bytes.length : end);
}

function nameIn(header: Buffer): string {
  const name = textOf(header.subarray(0, 100));
  const isUstar = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isUstar ? textOf(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Octal digits, or GNU's base 256 where the first bit is set. */
function numberIn(header: Buffer, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  if (((field[0] ?? 0) & 0x80) === 0) {
    return Number.parseInt(field.toString("latin1").replace(/[\0 ]/g, "") || "0", 8);
  }
  return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Records are "LENGTH key=value\n"; the length counts bytes and includes itself. */
function* paxRecords(bytes: Buffer): Generator<[string, string]> {
  let start = 0;
  while (start < bytes.length) {
    const space = bytes.indexOf(" ", start);
    const length = Number.parseInt(bytes.toString("latin1", start, space), 10);
    if (space === -1 || !(length > 0)) throw new Error("broken pax header");
    const record = bytes.toString("utf8", space + 1, start + length - 1);
    const equals = record.indexOf("=");
    yield [record.slice(0, equals), record.slice(equals + 1)];
    start += length;
  }
}

function hasChecksum(header: Buffer): boolean {
  const sum = header.reduce(
    (total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte),
    0,
  );
  return sum === numberIn(header, 148, 8);
}
