/**
 * One header of a tar archive. The format is that of POSIX (pax, "ustar Interchange
 * Format") with what GNU tar and old archives do in another way.
 */

const blockBytes = 512;

/** As in the block: what PAX records say of the entry isn't in it. */
export interface TarHeader {
  readonly name: string;
  /** Bytes of content. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** POSIX typeflag, of which old archives and new ones write a NUL or `0` for a file. */
  readonly flag: string;
  readonly linkname: string;
  readonly devmajor: number;
  readonly devminor: number;
}

/** @returns undefined for a block that is no header. */
export function parseTarHeader(block: Buffer): TarHeader | undefined {
  if (numberAt(block, 148, 8) !== checksumOf(block)) return undefined;
  const name = textAt(block, 0, 100);
  // GNU has other things where POSIX has the beginning of a long name.
  const isPosix = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isPosix ? textAt(block, 345, 155) : "";
  const flag = block[156] === 0 ? "0" : block.toString("latin1", 156, 157);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: numberAt(block, 124, 12),
    mode: numberAt(block, 100, 8),
    uid: numberAt(block, 108, 8),
    gid: numberAt(block, 116, 8),
    // Before POSIX, a folder was a file whose name ends in a slash.
    flag: flag === "0" && name.endsWith("/") ? "5" : flag,
    linkname: textAt(block, 157, 100),
    devmajor: numberAt(block, 329, 8),
    devminor: numberAt(block, 337, 8),
  };
}

/** The sum of all bytes, with those of the checksum itself taken for blanks. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 32;
  for (let index = 0; index < 148; index += 1) sum += block[index] ?? 0;
  for (let index = 156; index < blockBytes; index += 1) sum += block[index] ?? 0;
  return sum;
}

function textAt(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  const limit = start + length;
  return block.toString("utf8", start, end === -1 || end > limit ? limit : end);
}

/** Octal digits, or, with the first bit set, a number of two's complement as GNU writes it. */
function numberAt(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if ((first & 0x80) === 0) {
    const digits = block.toString("latin1", start, start + length);
    return Number.parseInt(/[0-7]+/.exec(digits)?.[0] ?? "0", 8);
  }
  let value = first === 0xff ? -1 : first & 0x7f;
  for (let index = start + 1; index < start + length; index += 1) {
    value = value * 256 + (block[index] ?? 0);
  }
  return value;
}
