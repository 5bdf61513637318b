import { createHash } from "node:crypto";
import { ImageError, refusedHint } from "../problem.ts";
import type { Blobs } from "./blobs.ts";
import {
  dockerManifest,
  ociDocument,
  parseDocument,
  type Descriptor,
} from "./documents.ts";
import { missing } from "./folder.ts";

/** Where the parts of one image are. */
export interface Manifest {
  readonly names: readonly string[];
  readonly config: string;
  /** Bottom layer first. */
  readonly layers: readonly string[];
}

/** Indexes inside of indexes; real images have two. */
const deepestIndex = 4;

/**
 * Finds the image in a folder or archive.
 *
 * @param platform `os/architecture[/variant]` of the image to take where there are several;
 *   undefined: the one that this machine runs.
 * @throws ImageError where there is none, or none can be chosen.
 */
export async function findManifest(
  blobs: Blobs,
  platform: string | undefined,
): Promise<Manifest> {
  const index = await blobs.document("index.json");
  if (index !== undefined) {
    return fromDocument(index, "index.json", blobs, platform, [], deepestIndex);
  }
  const docker = await blobs.document("manifest.json");
  if (docker !== undefined) return fromDocker(docker);
  throw new ImageError(
    "this is no image: it has neither index.json (OCI) nor manifest.json (docker save)",
    "Export one by `docker save`, `podman save` or `buildah push NAME oci-archive:FILE`",
  );
}

function fromDocker(bytes: Uint8Array): Manifest {
  const images = parseDocument(dockerManifest, bytes, "manifest.json");
  const [image, ...others] = images;
  if (image === undefined) throw new ImageError("manifest.json names no image");
  if (others.length > 0) {
    throw severalImages(images.map(({ RepoTags, Config }) => RepoTags?.[0] ?? Config));
  }
  return {
    names: image.RepoTags ?? [],
    config: image.Config,
    layers: image.Layers ?? [],
  };
}

async function fromDocument(
  bytes: Uint8Array,
  name: string,
  blobs: Blobs,
  platform: string | undefined,
  names: readonly string[],
  depth: number,
): Promise<Manifest> {
  const document = parseDocument(ociDocument, bytes, name);
  if ("config" in document) {
    return {
      names,
      config: blobPath(document.config),
      layers: document.layers.map(blobPath),
    };
  }
  if (depth === 0) throw new ImageError("the image's indexes don't come to an end");
  const chosen = choose(document.manifests, platform);
  const path = blobPath(chosen);
  const next = await checkedDocument(blobs, path);
  // containerd's full name is clearer than the tag alone that OCI's annotation holds.
  const tag =
    chosen.annotations?.["io.containerd.image.name"] ??
    chosen.annotations?.["org.opencontainers.image.ref.name"];
  const all = tag === undefined ? names : [...names, tag];
  return fromDocument(next, path, blobs, platform, all, depth - 1);
}

function choose(
  manifests: readonly Descriptor[],
  wanted: string | undefined,
): Descriptor {
  // BuildKit's attestations (provenance, SBOM) are no images.
  const images = manifests.filter(
    ({ annotations, platform }) =>
      annotations?.["vnd.docker.reference.type"] === undefined &&
      platform?.architecture !== "unknown",
  );
  const [image, ...others] = images;
  if (image === undefined) throw new ImageError("the index names no image");
  const platforms = images.map(({ platform }) =>
    platform === undefined ? undefined : platformName(platform),
  );
  const find = (name: string) =>
    images[platforms.findIndex((candidate) => matches(candidate, name))];
  if (wanted !== undefined && platforms.some((name) => name !== undefined)) {
    const found = find(wanted);
    if (found !== undefined) return found;
    throw new ImageError(
      `there is no image for ${wanted} in it, but for ${platforms.join(", ")}`,
    );
  }
  if (others.length === 0) return image;
  if (platforms.includes(undefined) || new Set(platforms).size < platforms.length) {
    throw severalImages(
      images.map(
        ({ annotations, digest }) =>
          annotations?.["io.containerd.image.name"] ??
          annotations?.["org.opencontainers.image.ref.name"] ??
          digest,
      ),
    );
  }
  const own = find(`linux/${ownArchitecture()}`);
  if (own !== undefined) return own;
  throw new ImageError(
    `it holds images for ${platforms.join(", ")}`,
    "Choose one by --platform",
  );
}

export function platformName(platform: {
  readonly os?: string | undefined;
  readonly architecture?: string | undefined;
  readonly variant?: string | undefined;
}): string {
  const { os, architecture, variant } = platform;
  return [os ?? "linux", architecture ?? "unknown", ...(variant ? [variant] : [])].join(
    "/",
  );
}

/** `linux/arm64` also means `linux/arm64/v8`. */
function matches(candidate: string | undefined, wanted: string): boolean {
  return candidate === wanted || candidate?.startsWith(`${wanted}/`) === true;
}

/** This machine's architecture by Go's name. */
function ownArchitecture(): string {
  const names: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
  return names[process.arch] ?? process.arch;
}

function severalImages(names: readonly string[]): ImageError {
  return new ImageError(
    `it holds ${names.length} images: ${names.slice(0, 5).join(", ")}`,
    "Export one image alone",
  );
}

function blobPath({ digest }: Descriptor): string {
  return `blobs/${digest.replace(":", "/")}`;
}

/** A manifest or configuration, held against the checksum that its path is made of. */
export async function checkedDocument(blobs: Blobs, path: string): Promise<Uint8Array> {
  const bytes = await blobs.document(path);
  if (bytes === undefined) throw missing(path);
  const [, algorithm, expected] = /^blobs\/(sha256|sha512)\/(.*)$/.exec(path) ?? [];
  if (
    algorithm !== undefined &&
    createHash(algorithm).update(bytes).digest("hex") !== expected
  ) {
    throw new ImageError(`the checksum of ${path} is wrong`, refusedHint);
  }
  return bytes;
}
