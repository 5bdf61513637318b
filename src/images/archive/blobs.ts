import type { LayerContents } from "../types.ts";

/** The files of an image, by their path in its folder or archive. */
export interface Blobs {
  /** A small file such as a manifest; undefined where there is none of that name. */
  document(path: string): Promise<Uint8Array | undefined>;
  /** @throws ImageError where the layer is missing or can't be read. */
  layer(path: string): Promise<LayerContents>;
}
