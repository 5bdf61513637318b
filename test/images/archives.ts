import { createHash } from "node:crypto";
import { file, folder, tar, type Entry } from "./tar.ts";

export interface HistoryLine {
  readonly created_by: string;
  readonly empty_layer?: boolean;
}

export interface MadeUpImage {
  /** Tar archives, bottom layer first. */
  readonly layers: readonly Buffer[];
  /** How a layer is stored; default: as it is. */
  readonly pack?: (layer: Buffer) => Buffer;
  readonly history?: readonly HistoryLine[];
  readonly config?: object;
  /** The tag in an archive of Docker's; default: `app:1`. */
  readonly tag?: string;
}

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function configOf({ layers, history, config }: MadeUpImage): Buffer {
  return Buffer.from(
    JSON.stringify({
      os: "linux",
      architecture: "amd64",
      config,
      rootfs: {
        type: "layers",
        diff_ids: layers.map((bytes) => `sha256:${digestOf(bytes)}`),
      },
      history: history ?? layers.map((_, index) => ({ created_by: `RUN step-${index}` })),
    }),
  );
}

/** The entries of what `docker save` wrote up to version 24. */
export function dockerEntries(image: MadeUpImage): Entry[] {
  const stored = image.layers.map(image.pack ?? ((layer) => layer));
  const manifest = [
    {
      Config: "config.json",
      RepoTags: [image.tag ?? "app:1"],
      Layers: stored.map((_, index) => `${index}/layer.tar`),
    },
  ];
  return [
    ...stored.flatMap((bytes, index) => [
      folder(`${index}/`),
      file(`${index}/VERSION`, "1.0"),
      file(`${index}/layer.tar`, bytes),
    ]),
    file("config.json", configOf(image)),
    file("manifest.json", JSON.stringify(manifest)),
  ];
}

/** The files of an OCI layout with one image for each platform. */
export function ociFiles(
  images: Readonly<Record<string, MadeUpImage>>,
): Record<string, Buffer> {
  const files: Record<string, Buffer> = {
    "oci-layout": Buffer.from('{"imageLayoutVersion":"1.0.0"}'),
  };
  const blob = (bytes: Buffer) => {
    const digest = digestOf(bytes);
    files[`blobs/sha256/${digest}`] = bytes;
    return { digest: `sha256:${digest}`, size: bytes.length };
  };
  const manifests = Object.entries(images).map(([platform, image]) => {
    const [os, architecture] = platform.split("/");
    const manifest = {
      schemaVersion: 2,
      config: blob(configOf(image)),
      layers: image.layers.map(image.pack ?? ((layer) => layer)).map(blob),
    };
    return {
      ...blob(Buffer.from(JSON.stringify(manifest))),
      platform: { os, architecture },
    };
  });
  files["index.json"] = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
  return files;
}

export function ociEntries(images: Readonly<Record<string, MadeUpImage>>): Entry[] {
  return Object.entries(ociFiles(images)).map(([name, content]) => file(name, content));
}

export function dockerArchive(image: MadeUpImage): Buffer {
  return tar(...dockerEntries(image));
}
