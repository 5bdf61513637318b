import type { FileAttributes, Linking } from "../types.ts";

/** The bytes of a regular file; its hard links share them. */
export interface Content {
  readonly size: number;
  /** In hexadecimal, where content hashes were asked for. */
  readonly sha256: string | undefined;
  /** What the dynamic loader reads in it, where that was asked for. */
  readonly linking: Linking | undefined;
  /** As UTF-8, where that was asked for. */
  readonly text: string | undefined;
  /** Position in `Image.layers` of the layer that holds the bytes. */
  readonly layer: number;
  /** How many names lead to it. */
  names: number;
}

export interface TreeNode {
  attributes: FileAttributes;
  /** Of a regular file; undefined for everything else. */
  readonly content: Content | undefined;
  /** Of a folder; undefined for everything else. */
  readonly children: Map<string, TreeNode> | undefined;
  /** The layer that wrote it last. */
  layer: number;
  /** That layer has an entry for it; else it is a folder that only had to be there. */
  listed: boolean;
}

/** Bytes that a layer holds and that no file of the image shows any more. */
export interface Waste {
  /** What was removed: a file, or a folder with everything in it. Begins with a slash. */
  readonly path: string;
  /** Layer that holds the bytes. */
  readonly writtenIn: number;
  /** Layer that deleted or overwrote them. */
  readonly removedIn: number;
  readonly kind: "deleted" | "overwritten";
  readonly bytes: number;
  /** Regular files, at least one. */
  readonly files: number;
}
