/** Tar archives made by hand, so that they can be as wrong as nobody's tools make them. */
export interface Entry {
  readonly name: string;
  /** POSIX type flag; default `0`, a regular file. */
  readonly flag?: string;
  readonly content?: string | Buffer;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly link?: string;
  /** The header's size, where it is to differ from the content's. */
  readonly size?: number;
  readonly badChecksum?: boolean;
}

export const file = (name: string, content: string | Buffer = ""): Entry => ({
  name,
  content,
});
export const folder = (name: string): Entry => ({ name, flag: "5", mode: 0o755 });
export const symlink = (name: string, link: string): Entry => ({ name, flag: "2", link });
export const hardLink = (name: string, link: string): Entry => ({
  name,
  flag: "1",
  link,
});
export const whiteout = (name: string): Entry => {
  const slash = name.lastIndexOf("/") + 1;
  return { name: `${name.slice(0, slash)}.wh.${name.slice(slash)}` };
};
export const opaque = (name: string): Entry => ({ name: `${name}/.wh..wh..opq` });

/** A PAX header for the entry that follows it. */
export function pax(records: Readonly<Record<string, string | Buffer>>): Entry {
  const content = Object.entries(records).map(([key, value]) => {
    const record = Buffer.concat([
      Buffer.from(` ${key}=`),
      Buffer.from(value),
      Buffer.from("\n"),
    ]);
    const digits = String(record.length + String(record.length + 1).length).length;
    return Buffer.concat([Buffer.from(String(record.length + digits)), record]);
  });
  return { name: "PaxHeader", flag: "x", content: Buffer.concat(content) };
}

export function tar(...entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), Buffer.alloc(1024)]);
}

export function tarEntry(entry: Entry): Buffer {
  const content = Buffer.from(entry.content ?? "");
  const header = Buffer.alloc(512);
  const octal = (value: number, digits: number) =>
    `${value.toString(8).padStart(digits, "0")}\0`;
  header.write(entry.name, 0, 100);
  header.write(octal(entry.mode ?? 0o644, 7), 100);
  header.write(octal(entry.uid ?? 0, 7), 108);
  header.write(octal(entry.gid ?? 0, 7), 116);
  header.write(octal(entry.size ?? content.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(" ".repeat(8), 148);
  header.write(entry.flag ?? "0", 156);
  header.write(entry.link ?? "", 157, 100);
  header.write("ustar\u000000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, entry.badChecksum ? 1 : 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc(-content.length & 511)]);
}
