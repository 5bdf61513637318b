import { ImageError } from "../problem.ts";
import type { FileType } from "../types.ts";
import { byteReader, type ByteReader } from "./byte-reader.ts";
import { parsePax, type PaxRecords } from "./pax.ts";
import { parseTarHeader, type TarHeader } from "./tar-header.ts";

/** An entry's header, with what its PAX header and GNU's long names say of it. */
export interface Headers extends TarHeader {
  readonly pax: PaxRecords | undefined;
}

/**
 * What happens to an entry's content. It gets all of it before the next entry comes.
 *
 * @param body The content; what isn't read of it is skipped.
 */
type Visit = (header: Headers, body: Body) => Promise<void> | void;

export type Body = AsyncGenerator<Uint8Array, void, undefined>;

const block = 512;

/** PAX headers and long names are held in memory; attributes of a file have up to 64 KiB each. */
const longestExtension = 1024 * 1024;

/** Types whose size, if they have one, says nothing about the archive. */
const withoutContent = /^[1-6]$/;

/**
 * Reads a tar archive: own code, since libraries take the values of PAX records for text,
 * which those of extended attributes aren't. As with the container engines, whose library
 * is Go's, the archive ends at its first empty block, and global PAX headers don't count.
 *
 * @param name What is read, for messages.
 * @throws ImageError where the archive is damaged or cut short, and whatever `visit` throws.
 */
export async function readTar(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  visit: Visit,
): Promise<void> {
  const damaged = (why: string) =>
    new ImageError(
      `${name} can't be read as a tar archive: ${why}`,
      "It is damaged or cut short; export or download it again",
    );
  const reader = byteReader(bytes, () => damaged("it ends in the middle of an entry"));
  let extension: Extension = {};
  try {
    for (;;) {
      const head = reader.ready(block) ?? (await reader.exactly(block));
      if (head === undefined || head.every((byte) => byte === 0)) break;
      const header = parseTarHeader(head);
      if (header === undefined) throw damaged("a header's checksum is wrong");
      const kind = extensionKind(header.flag);
      if (kind !== undefined) {
        if (header.size > longestExtension) throw damaged("a header is too large");
        const content = await padded(reader, header.size);
        const read = readExtension(kind, content);
        if (read === undefined) throw damaged("a PAX header is broken");
        extension = { ...extension, ...read };
        continue;
      }
      const complete = withExtension(header, extension);
      extension = {};
      if (!Number.isSafeInteger(complete.size) || complete.size < 0) {
        throw damaged("an entry has no proper size");
      }
      await visitEntry(reader, complete, visit);
    }
    // Whoever hashes the archive has to see all of it.
    while ((await reader.some(Infinity)) !== undefined);
  } finally {
    await reader.close();
  }
}

async function visitEntry(
  reader: ByteReader,
  header: Headers,
  visit: Visit,
): Promise<void> {
  let left = header.size;
  async function* contentOf(): Body {
    while (left > 0) {
      const chunk = await reader.some(left);
      if (chunk === undefined) throw reader.cutShort();
      left -= chunk.length;
      yield chunk;
    }
  }
  const body = contentOf();
  await visit(header, body);
  // A decompressor that has failed may still be about to get its next piece.
  await body.return();
  await reader.skip(left + (-header.size & (block - 1)));
}

const types: Readonly<Record<string, FileType | "hard-link" | undefined>> = {
  0: "file",
  1: "hard-link",
  2: "symbolic-link",
  3: "character-device",
  4: "block-device",
  5: "directory",
  6: "fifo",
  // A file that was to lie in one piece, which nobody minds any more.
  7: "file",
};

/** Undefined for what images don't hold, such as sparse files. */
export function entryType({ flag }: Headers): FileType | "hard-link" | undefined {
  return types[flag];
}

interface Extension {
  readonly pax?: PaxRecords;
  readonly name?: string;
  readonly linkname?: string;
}

type ExtensionKind = "pax" | "global" | "name" | "linkname";

function extensionKind(flag: string): ExtensionKind | undefined {
  switch (flag) {
    case "x":
      return "pax";
    case "g":
      return "global";
    case "L":
      return "name";
    case "K":
      return "linkname";
    default:
      return undefined;
  }
}

function readExtension(kind: ExtensionKind, content: Buffer): Extension | undefined {
  switch (kind) {
    case "pax": {
      const pax = parsePax(content);
      return pax && { pax };
    }
    case "global":
      return {};
    case "name":
    case "linkname": {
      const end = content.indexOf(0);
      return { [kind]: content.toString("utf8", 0, end === -1 ? content.length : end) };
    }
  }
}

function withExtension(header: TarHeader, { pax, name, linkname }: Extension): Headers {
  const text = (key: string) => {
    const value = pax?.get(key);
    return value === undefined || value.length === 0 ? undefined : value.toString("utf8");
  };
  const size = text("size");
  return {
    ...header,
    name: text("path") ?? name ?? header.name,
    linkname: text("linkpath") ?? linkname ?? header.linkname,
    size: withoutContent.test(header.flag)
      ? 0
      : size === undefined
        ? header.size
        : numberOf(size),
    uid: numberOf(text("uid"), header.uid),
    gid: numberOf(text("gid"), header.gid),
    pax,
  };
}

/** A number too large for the header. */
function numberOf(text: string | undefined, otherwise = NaN): number {
  if (text === undefined) return otherwise;
  return /^\d+$/.test(text) ? Number(text) : NaN;
}

/** Content with the rest of its last block, which isn't returned. */
async function padded(reader: ByteReader, size: number): Promise<Buffer> {
  const content = await reader.exactly(size);
  if (content === undefined) throw reader.cutShort();
  await reader.skip(-size & (block - 1));
  return content;
}
