import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, systemReason } from "../../files/problem.ts";
import { limits } from "../limits.ts";
import { ImageError, refusedHint } from "../problem.ts";
import type { Blobs } from "./blobs.ts";
import { entryPath } from "./entry-path.ts";
import { fileChunks } from "./file-chunks.ts";
import { readLayer, type LayerOptions } from "./layer.ts";

/** An image as a folder (OCI image layout). */
export function folderBlobs(folder: string, options: LayerOptions): Blobs {
  /** Only regular files: a link might lead anywhere, and a pipe has no end. */
  const size = async (path: string): Promise<number | undefined> => {
    const inside = entryPath(path, folder);
    let status;
    try {
      status = await lstat(join(folder, inside));
    } catch (error) {
      if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR")
        return undefined;
      throw new ImageError(`${path} can't be read: ${systemReason(error)}`);
    }
    if (status.isFile()) return status.size;
    throw new ImageError(`${path} in the image's folder is no regular file`, refusedHint);
  };
  return {
    async document(path) {
      const bytes = await size(path);
      if (bytes === undefined) return undefined;
      if (bytes > limits.documentBytes) throw tooLarge(path);
      try {
        return await readFile(join(folder, path));
      } catch (error) {
        throw new ImageError(`${path} can't be read: ${systemReason(error)}`);
      }
    },
    async layer(path) {
      if ((await size(path)) === undefined) throw missing(path);
      return readLayer(fileChunks(join(folder, path)), `layer ${path}`, options);
    },
  };
}

export function missing(path: string): ImageError {
  return new ImageError(
    `the image has no ${path}, which its manifest names`,
    "It is incomplete; export or download it again",
  );
}

export function tooLarge(path: string): ImageError {
  return new ImageError(
    `${path} is larger than ${limits.documentBytes / 1024 / 1024} MiB, which no manifest or configuration is`,
    refusedHint,
  );
}
