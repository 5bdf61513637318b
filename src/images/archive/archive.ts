import { posix } from "node:path";
import { limits } from "../limits.ts";
import { ImageError, refusedHint } from "../problem.ts";
import type { LayerContents } from "../types.ts";
import type { Blobs } from "./blobs.ts";
import { checkLinkTarget, entryPath, quoted } from "./entry-path.ts";
import { missing, tooLarge } from "./folder.ts";
import { readLayer, type LayerOptions } from "./layer.ts";
import { entryType, readTar, type Body, type Headers } from "./tar.ts";
import { unpack } from "./unpack.ts";

type Member =
  | { readonly kind: "document"; readonly bytes: Uint8Array }
  | { readonly kind: "layer"; readonly contents: LayerContents }
  /** Whether it matters shows only when the manifest, which may come last, is known. */
  | { readonly kind: "unreadable"; readonly error: ImageError }
  | { readonly kind: "link"; readonly target: string };

/**
 * Reads an image's archive in one pass, since it may be compressed or come from a pipe: what
 * looks like JSON is kept, everything else is read as a layer at once.
 *
 * @throws ImageError where the archive itself is damaged or hostile.
 */
export async function archiveBlobs(
  packed: AsyncIterable<Uint8Array>,
  options: LayerOptions,
): Promise<Blobs> {
  const where = "the archive";
  const { bytes } = await unpack(packed, where);
  const members = new Map<string, Member>();
  let documentBytes = 0;
  const add = (path: string, member: Member) => {
    if (members.has(path)) {
      throw new ImageError(`${where} holds ${quoted(path)} twice`, refusedHint);
    }
    members.set(path, member);
    if (member.kind === "document") documentBytes += member.bytes.length;
    if (members.size > limits.entries || documentBytes > limits.allDocumentBytes) {
      throw new ImageError(`${where} holds more files than an image has`, refusedHint);
    }
  };
  await readTar(bytes, where, async (header, body) => {
    const found = await readMember(header, body, where, options);
    if (found !== undefined) add(...found);
  });
  return blobsOf(members);
}

async function readMember(
  header: Headers,
  body: Body,
  where: string,
  options: LayerOptions,
): Promise<[string, Member] | undefined> {
  const path = entryPath(header.name, where);
  const type = entryType(header);
  if (type === "symbolic-link" || type === "hard-link") {
    const target = header.linkname;
    // `docker save` up to version 24 names a layer that two images share by a link.
    const written =
      type === "hard-link" ? target : posix.join(posix.dirname(path), target);
    if (type === "symbolic-link") checkLinkTarget(path, target, where);
    return [path, { kind: "link", target: entryPath(written, where) }];
  }
  if (type !== "file" || header.size === 0) return undefined;
  return [path, await readFileMember(path, header.size, body, options)];
}

async function readFileMember(
  path: string,
  size: number,
  body: Body,
  options: LayerOptions,
): Promise<Member> {
  const first = await body.next();
  const head = first.done ? new Uint8Array(0) : first.value;
  async function* all(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* body;
  }
  try {
    if (!looksLikeJson(head)) {
      const contents = await readLayer(all(), `layer ${path}`, options);
      return { kind: "layer", contents };
    }
    if (size > limits.documentBytes) throw tooLarge(path);
    const chunks: Uint8Array[] = [];
    for await (const chunk of all()) chunks.push(Buffer.from(chunk));
    return { kind: "document", bytes: Buffer.concat(chunks) };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { kind: "unreadable", error };
  }
}

/** A tar archive may begin with the same character, as the name of its first entry. */
function looksLikeJson(head: Uint8Array): boolean {
  const isTar =
    Buffer.from(head.subarray(257, 262)).toString("latin1") === "ustar" || head[0] === 0;
  return !isTar && /^\s*[[{]/.test(Buffer.from(head.subarray(0, 64)).toString("latin1"));
}

function blobsOf(members: ReadonlyMap<string, Member>): Blobs {
  const find = (path: string): Exclude<Member, { kind: "link" }> | undefined => {
    let member = members.get(entryPath(path, "the manifest"));
    for (let links = 0; member?.kind === "link"; links += 1) {
      if (links > limits.linksFollowed) {
        throw new ImageError(
          `${quoted(path)} is a link that leads in a circle`,
          refusedHint,
        );
      }
      member = members.get(member.target);
    }
    return member;
  };
  return {
    document(path) {
      const member = find(path);
      if (member?.kind === "unreadable") return Promise.reject(member.error);
      return Promise.resolve(member?.kind === "document" ? member.bytes : undefined);
    },
    layer(path) {
      const member = find(path);
      if (member?.kind === "unreadable") return Promise.reject(member.error);
      if (member?.kind !== "layer") return Promise.reject(missing(path));
      return Promise.resolve(member.contents);
    },
  };
}
