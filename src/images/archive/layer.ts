import { createHash } from "node:crypto";
import { linkingCollector } from "../elf/collect-linking.ts";
import { limits } from "../limits.ts";
import { ImageError, refusedHint } from "../problem.ts";
import type { FileAttributes, FileType, LayerContents, LayerEntry } from "../types.ts";
import { checkLinkTarget, entryPath, quoted } from "./entry-path.ts";
import { readTar, type Headers } from "./tar.ts";
import { unpack } from "./unpack.ts";

export interface LayerOptions {
  /** Also hash the content of each regular file. */
  readonly contentHashes: boolean;
  /** Also read ELF files and the dynamic loader's configuration. */
  readonly linking: boolean;
  /** Counts the entries of all layers of an image. */
  readonly counter: EntryCounter;
}

export interface EntryCounter {
  entries: number;
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
  { contentHashes, linking, counter }: LayerOptions,
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
  await readTar(measured(), name, (header, body, next) => {
    counter.entries += 1;
    let make: MakeEntry;
    try {
      if (counter.entries > limits.entries) {
        throw new ImageError(
          `the image has more than ${limits.entries} files, which is too many to read`,
        );
      }
      make = entryMaker(header, name);
    } catch (error) {
      next(error);
      return;
    }
    const isFile = header.type === "file";
    const contentHash = contentHashes && isFile ? createHash("sha256") : undefined;
    const links = linking && isFile ? linkingCollector(header.name) : undefined;
    body.on("data", (chunk: Uint8Array) => {
      contentHash?.update(chunk);
      links?.write(chunk);
    });
    body.on("end", () => {
      entries.push(make({ sha256: contentHash?.digest("hex"), linking: links?.end() }));
      next();
    });
  });
  return {
    compression,
    packedBytes: packedBytes(),
    tarBytes,
    diffId: `sha256:${hash.digest("hex")}`,
    entries,
  };
}

const fileTypes: Readonly<Record<string, FileType | undefined>> = {
  file: "file",
  "contiguous-file": "file",
  directory: "directory",
  symlink: "symbolic-link",
  "character-device": "character-device",
  "block-device": "block-device",
  fifo: "fifo",
};

type MakeEntry = (
  content: Pick<LayerEntry & { kind: "file" }, "sha256" | "linking">,
) => LayerEntry;

/** Checks a header; what it returns needs only what the content shows to be complete. */
function entryMaker(header: Headers, where: string): MakeEntry {
  const path = entryPath(header.name, where);
  if (header.type === "link") {
    const target = entryPath((header.linkname ?? "").replace(/^\//, ""), where);
    return () => ({ kind: "hard-link", path, target });
  }
  const type = fileTypes[header.type ?? ""];
  const isSparse = Object.keys(header.pax ?? {}).some((key) =>
    key.startsWith("GNU.sparse."),
  );
  if (type === undefined || isSparse) {
    throw new ImageError(
      `${where} has an entry ${quoted(header.name)} of a kind that layers don't hold, such as a sparse file`,
      refusedHint,
    );
  }
  const attributes = attributesOf(header, type);
  if (attributes.linkTarget !== undefined) {
    checkLinkTarget(path, attributes.linkTarget, where);
  }
  const size = type === "file" ? header.size : 0;
  return (content) => ({ kind: "file", path, attributes, size, ...content });
}

function attributesOf(header: Headers, type: FileType): FileAttributes {
  const isDevice = type === "character-device" || type === "block-device";
  return {
    type,
    mode: header.mode & 0o7777,
    uid: numberOf(header.pax?.["uid"], header.uid),
    gid: numberOf(header.pax?.["gid"], header.gid),
    linkTarget: type === "symbolic-link" ? (header.linkname ?? "") : undefined,
    device: isDevice ? `${header.devmajor}:${header.devminor}` : undefined,
  };
}

/** An id too large for the header stands in a PAX record. */
function numberOf(record: string | undefined, inHeader: number): number {
  const value = record === undefined ? inHeader : Number(record);
  return Number.isSafeInteger(value) ? value : 0;
}
