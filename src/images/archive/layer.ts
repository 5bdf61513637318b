import { createHash } from "node:crypto";
import { linkingCollector } from "../elf/collect-linking.ts";
import { limits } from "../limits.ts";
import { ImageError, refusedHint } from "../problem.ts";
import type { FileAttributes, LayerContents, LayerEntry } from "../types.ts";
import { checkLinkTarget, entryPath, quoted } from "./entry-path.ts";
import { extendedAttributes } from "./extended-attributes.ts";
import { entryType, readTar, type Headers } from "./tar.ts";
import { unpack } from "./unpack.ts";

export interface LayerOptions {
  /** Also hash the content of each regular file. */
  readonly contentHashes: boolean;
  /** Also read ELF files and the dynamic loader's configuration. */
  readonly linking: boolean;
  /** Also keep the text of files with such a path, as far as the limits go. */
  readonly texts: RegExp | undefined;
  /** Counts the entries of all layers of an image. */
  readonly counter: EntryCounter;
}

export interface EntryCounter {
  entries: number;
  /** Bytes of kept texts. */
  texts: number;
}

/**
 * Reads a layer, packed or not, to its end.
 *
 * @param name The layer, for messages.
 * @throws ImageError for a layer that is damaged, or that reaches out of the image.
 */
export async function readLayer(
  packed: AsyncIterable<Uint8Array>,
  name: string,
  { contentHashes, linking, texts, counter }: LayerOptions,
): Promise<LayerContents> {
  const { compression, bytes, packedBytes } = await unpack(packed, name);
  const hash = createHash("sha256");
  let tarBytes = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      tarBytes += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
  }
  const entries: LayerEntry[] = [];
  const count = () => {
    counter.entries += 1;
    if (counter.entries <= limits.entries) return;
    throw new ImageError(
      `the image has more than ${limits.entries} files, which is too many to read`,
    );
  };
  await readTar(measured(), name, async (header, body) => {
    count();
    const make = entryMaker(header, name, count);
    const isFile = entryType(header) === "file";
    const contentHash = contentHashes && isFile ? createHash("sha256") : undefined;
    const links = linking && isFile ? linkingCollector(header.name) : undefined;
    const isText =
      isFile &&
      texts?.test(header.name) === true &&
      header.size <= limits.textBytes &&
      counter.texts + header.size <= limits.allTextBytes;
    if (isText) counter.texts += header.size;
    const kept: Buffer[] = [];
    if (contentHash !== undefined || links !== undefined || isText) {
      for await (const chunk of body) {
        contentHash?.update(chunk);
        links?.write(chunk);
        if (isText) kept.push(Buffer.from(chunk));
      }
    }
    entries.push(
      make({
        sha256: contentHash?.digest("hex"),
        linking: links?.end(),
        text: isText ? Buffer.concat(kept).toString("utf8") : undefined,
      }),
    );
  });
  return {
    compression,
    packedBytes: packedBytes(),
    tarBytes,
    diffId: `sha256:${hash.digest("hex")}`,
    entries,
  };
}

type MakeEntry = (
  content: Pick<LayerEntry & { kind: "file" }, "sha256" | "linking" | "text">,
) => LayerEntry;

/**
 * Checks a header; what it returns needs only what the content shows to be complete.
 *
 * @param count Called for each thing that is kept besides.
 */
function entryMaker(header: Headers, where: string, count: () => void): MakeEntry {
  const path = entryPath(header.name, where);
  const type = entryType(header);
  if (type === "hard-link") {
    const target = entryPath(header.linkname.replace(/^\//, ""), where);
    return () => ({ kind: "hard-link", path, target });
  }
  const isSparse = [...(header.pax?.keys() ?? [])].some((key) =>
    key.startsWith("GNU.sparse."),
  );
  if (type === undefined || isSparse) {
    throw new ImageError(
      `${where} has an entry ${quoted(header.name)} of a kind that layers don't hold, such as a sparse file`,
      refusedHint,
    );
  }
  const isDevice = type === "character-device" || type === "block-device";
  const attributes: FileAttributes = {
    type,
    mode: header.mode & 0o7777,
    uid: header.uid,
    gid: header.gid,
    linkTarget: type === "symbolic-link" ? header.linkname : undefined,
    device: isDevice ? `${header.devmajor}:${header.devminor}` : undefined,
    extended: extendedAttributes(header.pax, path, where, count),
  };
  if (attributes.linkTarget !== undefined) {
    checkLinkTarget(path, attributes.linkTarget, where);
  }
  const size = type === "file" ? header.size : 0;
  return (content) => ({ kind: "file", path, attributes, size, ...content });
}
