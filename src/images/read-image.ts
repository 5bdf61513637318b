import { stat } from "node:fs/promises";
import { systemReason } from "../files/problem.ts";
import { archiveBlobs } from "./archive/archive.ts";
import type { Blobs } from "./archive/blobs.ts";
import { imageConfig, parseDocument } from "./archive/documents.ts";
import { fileChunks } from "./archive/file-chunks.ts";
import { folderBlobs } from "./archive/folder.ts";
import type { LayerOptions } from "./archive/layer.ts";
import { checkedDocument, findManifest, platformName } from "./archive/manifest.ts";
import { ImageError, refusedHint, type ImageProblem } from "./problem.ts";
import type { Image } from "./types.ts";

export interface ReadOptions {
  /** `os/architecture[/variant]`; undefined: this machine's, if there are several. */
  readonly platform?: string | undefined;
  /** Also hash the content of each file. */
  readonly contentHashes?: boolean;
  /** Also read what the dynamic loader needs to know: ELF files and its configuration. */
  readonly linking?: boolean;
  /** Also keep the text of files with such a path, without slash in front. */
  readonly texts?: RegExp | undefined;
}

/**
 * Reads an image from an OCI layout (a folder), an OCI archive or an archive of
 * `docker save`; archives and layers may be packed by gzip or zstd. Everything is read as a
 * stream, and nothing is written. An archive is gone through once, from front to back.
 *
 * @param source A path, or the bytes of an archive.
 * @returns The image, or why it can't be read. Layers are held against their checksums.
 */
export async function readImage(
  source: string | AsyncIterable<Uint8Array>,
  { platform, contentHashes = false, linking = false, texts }: ReadOptions = {},
): Promise<Image | ImageProblem> {
  try {
    const counter = { entries: 0, texts: 0 };
    const blobs = await openBlobs(source, { contentHashes, linking, texts, counter });
    return await readBlobs(blobs, platform);
  } catch (error) {
    if (error instanceof ImageError) return { message: error.message, hint: error.hint };
    return { message: `it can't be read: ${systemReason(error)}`, hint: "" };
  }
}

async function openBlobs(
  source: string | AsyncIterable<Uint8Array>,
  options: LayerOptions,
): Promise<Blobs> {
  if (typeof source !== "string") return archiveBlobs(source, options);
  if ((await stat(source)).isDirectory()) return folderBlobs(source, options);
  return archiveBlobs(fileChunks(source), options);
}

async function readBlobs(blobs: Blobs, platform: string | undefined): Promise<Image> {
  const manifest = await findManifest(blobs, platform);
  const configBytes = await checkedDocument(blobs, manifest.config);
  const config = parseDocument(imageConfig, configBytes, manifest.config);
  const diffIds = config.rootfs.diff_ids ?? [];
  if (diffIds.length !== manifest.layers.length) {
    throw new ImageError(
      `the manifest names ${manifest.layers.length} layers, and the configuration ${diffIds.length}`,
      refusedHint,
    );
  }
  const layers = [];
  for (const [index, path] of manifest.layers.entries()) {
    const layer = await blobs.layer(path);
    if (layer.diffId !== diffIds[index]) {
      throw new ImageError(
        `the checksum of layer ${path} is wrong: it is ${layer.diffId}, and should be ${diffIds[index] ?? ""}`,
        "It was damaged, cut short or changed; export or download the image again",
      );
    }
    layers.push(layer);
  }
  return {
    names: manifest.names,
    platform: platformName(config),
    config: config.config ?? {},
    history: (config.history ?? []).map((entry) => ({
      created: entry.created,
      createdBy: entry.created_by ?? "",
      comment: entry.comment,
      emptyLayer: entry.empty_layer ?? false,
    })),
    layers,
  };
}
