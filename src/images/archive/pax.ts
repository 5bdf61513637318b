/** Records of a PAX header, by keyword; values are bytes, since file attributes are no text. */
export type PaxRecords = ReadonlyMap<string, Buffer>;

/**
 * POSIX, pax, "pax Extended Header": `length keyword=value\n`, the length with itself.
 *
 * @returns undefined where the header is damaged.
 */
export function parsePax(bytes: Buffer): PaxRecords | undefined {
  const records = new Map<string, Buffer>();
  let start = 0;
  while (start < bytes.length) {
    const blank = bytes.indexOf(0x20, start);
    const digits = blank === -1 ? "" : bytes.toString("latin1", start, blank);
    // Some writers fill up with NUL.
    if (digits === "" && bytes.subarray(start).every((byte) => byte === 0)) break;
    const end = start + (/^\d{1,10}$/.test(digits) ? Number(digits) : 0);
    const equals = bytes.indexOf(0x3d, blank);
    if (end > bytes.length || equals === -1 || equals >= end || bytes[end - 1] !== 0x0a) {
      return undefined;
    }
    records.set(
      bytes.toString("utf8", blank + 1, equals),
      bytes.subarray(equals + 1, end - 1),
    );
    start = end;
  }
  return records;
}
