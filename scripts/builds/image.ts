/** Reads what `docker save` writes: podman and buildah call it docker-archive. */
import { createHash } from "node:crypto";
import { closeSync, openSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  fileSource,
  memorySource,
  plainPath,
  tarMembers,
  type ByteSource,
  type TarMember,
} from "./tar.ts";

export interface LayerFile {
  /** POSIX typeflag, with "0" for hard links too. */
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content. */
  readonly size: number;
  /** SHA-256 of the content; empty where there is none. */
  readonly digest: string;
  /** Target of a symbolic link. */
  readonly target: string;
  /** Equal for the names of one file in a layer: the first of them. */
  readonly inode: string;
}

export interface Layer {
  /** SHA-256 of the uncompressed layer. */
  readonly diffId: string;
  /** The instruction, as the image's history has it. */
  readonly createdBy: string;
  /** Bytes of regular files; hard links count once. */
  readonly bytes: number;
  /** Paths have no slash in front. Includes whiteouts (`.wh.…`). */
  readonly files: ReadonlyMap<string, LayerFile>;
}

export interface Image {
  readonly layers: readonly Layer[];
  readonly config: ImageConfig;
}

export interface ImageConfig {
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly [key: string]: unknown;
}

interface Manifest {
  readonly Config: string;
  readonly Layers: readonly string[];
}

interface ConfigFile {
  readonly config?: ImageConfig;
  readonly history?: readonly { created_by?: string; empty_layer?: boolean }[];
  readonly rootfs: { readonly diff_ids: readonly string[] };
}

/**
 * @param known layers that were read before, by diff id; new ones are added. Images built
 *   from the same base image share most of theirs.
 * @throws Error where the file is no such archive.
 */
export function readImage(archive: string, known: Map<string, Layer>): Image {
  const descriptor = openSync(archive, "r");
  try {
    const whole = fileSource(descriptor, 0, statSync(archive).size);
    const members = new Map(
      [...tarMembers(whole)].map((member) => [member.path, member]),
    );
    const part = (path: string): ByteSource => {
      const member = followLinks(members, plainPath(path));
      if (member === undefined) throw new Error(`${archive} has no ${path}`);
      return fileSource(descriptor, member.offset, member.size);
    };
    const [manifest] = json(part("manifest.json")) as Manifest[];
    if (manifest === undefined) throw new Error(`${archive} holds no image`);
    const { config, history, rootfs } = json(part(manifest.Config)) as ConfigFile;
    const steps = (history ?? []).filter(({ empty_layer }) => empty_layer !== true);
    const layers = manifest.Layers.map((path, index) => {
      const diffId = rootfs.diff_ids[index] ?? path;
      const createdBy = steps[index]?.created_by ?? "";
      const layer = known.get(diffId) ?? readLayer(diffId, part(path));
      known.set(diffId, layer);
      return { ...layer, createdBy };
    });
    return { layers, config: config ?? {} };
  } finally {
    closeSync(descriptor);
  }
}

/** The files that a container of the image starts with. */
export function fileTree(image: Image): ReadonlyMap<string, LayerFile> {
  const tree = new Map<string, LayerFile>();
  for (const { files } of image.layers) {
    // Whiteouts hide what lower layers have, never the files beside them.
    for (const path of files.keys()) {
      const { folder, name } = splitPath(path);
      if (name === ".wh..wh..opq") removeBelow(tree, folder);
      else if (name.startsWith(".wh.")) {
        const hidden = folder + name.slice(".wh.".length);
        tree.delete(hidden);
        removeBelow(tree, `${hidden}/`);
      }
    }
    for (const [path, file] of files) {
      if (splitPath(path).name.startsWith(".wh.")) continue;
      if (file.type !== "5" && tree.get(path)?.type === "5")
        removeBelow(tree, `${path}/`);
      tree.set(path, file);
    }
  }
  return tree;
}

/** @param folder ends with a slash, or is empty for the root. */
function removeBelow(tree: Map<string, LayerFile>, folder: string): void {
  for (const path of tree.keys()) if (path.startsWith(folder)) tree.delete(path);
}

function splitPath(path: string): { folder: string; name: string } {
  const slash = path.lastIndexOf("/") + 1;
  return { folder: path.slice(0, slash), name: path.slice(slash) };
}

/** Docker's older archives hold a layer once and link to it. */
function followLinks(
  members: ReadonlyMap<string, TarMember>,
  path: string,
): TarMember | undefined {
  const member = members.get(path);
  if (member?.type === "2") {
    const target = new URL(member.link, `file:///${path}`).pathname;
    return members.get(plainPath(decodeURIComponent(target)));
  }
  return member?.type === "1" ? members.get(plainPath(member.link)) : member;
}

function readLayer(diffId: string, packed: ByteSource): Layer {
  const magic = packed.read(0, 2);
  const source =
    magic[0] === 0x1f && magic[1] === 0x8b
      ? memorySource(gunzipSync(packed.read(0, packed.size)))
      : packed;
  const files = new Map<string, LayerFile>();
  let bytes = 0;
  for (const member of tarMembers(source)) {
    const { path, type, mode, uid, gid, size, link } = member;
    const linked = type === "1" ? files.get(plainPath(link)) : undefined;
    if (linked !== undefined) {
      files.set(path, linked);
      continue;
    }
    bytes += size;
    files.set(path, {
      type: type === "7" ? "0" : type,
      mode,
      uid,
      gid,
      size,
      digest: type === "0" || type === "7" ? digestOf(source, member) : "",
      target: type === "2" ? link : "",
      inode: path,
    });
  }
  return { diffId, createdBy: "", bytes, files };
}

function digestOf(source: ByteSource, { offset, size }: TarMember): string {
  const hash = createHash("sha256");
  const step = 1 << 20;
  for (let done = 0; done < size; done += step) {
    hash.update(source.read(offset + done, Math.min(step, size - done)));
  }
  return hash.digest("hex");
}

function json(source: ByteSource): unknown {
  return JSON.parse(source.read(0, source.size).toString("utf8"));
}
