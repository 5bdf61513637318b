import type { HistoryReport } from "../images/history/report.ts";
import type { RunOutcome } from "../images/builders/run-output.ts";
import type { Image } from "../images/types.ts";
import type { Difference } from "./types.ts";

/** One of the two images. */
export interface VerifiedSide {
  /** The Dockerfile, for people. */
  readonly name: string;
  /** The image's name where it was kept. */
  readonly image: string | undefined;
  readonly buildMilliseconds: number;
  /** Bytes of all files in all layers. */
  readonly bytes: number;
  /** Bottom layer first. */
  readonly layers: readonly VerifiedLayer[];
  readonly run: RunOutcome | undefined;
}

export interface VerifiedLayer {
  /** `sha256:…` */
  readonly diffId: string;
  readonly bytes: number;
  /** As it is stored; undefined where the builder hands it out uncompressed. */
  readonly compressedBytes: number | undefined;
  /** As in the image's history. */
  readonly createdBy: string;
  /** 1-based line of the instruction; undefined in layers of the base image. */
  readonly line: number | undefined;
}

/** Bytes that the layers held at a path before and don't hold there any more. */
export interface GoneFile {
  readonly path: string;
  readonly bytes: number;
}

export interface VerifyReport {
  /** For people. */
  readonly builder: string;
  readonly before: VerifiedSide;
  readonly after: VerifiedSide;
  /** Largest first. */
  readonly gone: readonly GoneFile[];
  /** Those that aren't allowed first. */
  readonly differences: readonly Difference[];
  /** The second Dockerfile is the first one, split in two stages: see split.ts. */
  readonly isSplit: boolean;
  /** Whether every difference is allowed. */
  readonly isSame: boolean;
}

const mostGone = 10;

export function layersOf(image: Image, { rows }: HistoryReport): VerifiedLayer[] {
  return rows.flatMap(({ layer, bytes, packedBytes, createdBy, line }) => {
    if (layer === undefined) return [];
    const { diffId = "", compression = "none" } = image.layers[layer - 1] ?? {};
    const compressedBytes = compression === "none" ? undefined : packedBytes;
    return [{ diffId, bytes, compressedBytes, createdBy, line }];
  });
}

/** Bytes of one layer at a path, which the layers of another image don't hold there. */
export interface UnmatchedBytes extends GoneFile {
  /** Position in the image's layers. */
  readonly layer: number;
}

/**
 * What the layers of an image hold beyond those of another one, deleted files included.
 * Where several layers hold a path, layers that both images share are matched first, then
 * the upper before the lower, so that what a later layer deletes or overwrites is unmatched.
 */
export function unmatchedBytes(image: Image, other: Image): UnmatchedBytes[] {
  const left = bytesByPath(other);
  const shared = new Set(other.layers.map(({ diffId }) => diffId));
  const order = image.layers
    .map(({ diffId, entries }, layer) => ({
      layer,
      entries,
      isShared: shared.has(diffId),
    }))
    .sort((a, b) => Number(b.isShared) - Number(a.isShared) || b.layer - a.layer);
  return order.flatMap(({ layer, entries }) =>
    entries.flatMap((entry) => {
      if (entry.kind !== "file" || entry.size === 0) return [];
      const there = left.get(entry.path) ?? 0;
      const matched = Math.min(there, entry.size);
      left.set(entry.path, there - matched);
      return matched === entry.size
        ? []
        : [{ path: `/${entry.path}`, bytes: entry.size - matched, layer }];
    }),
  );
}

/** The largest of the files that the layers no longer hold. */
export function goneFiles(unmatched: readonly UnmatchedBytes[]): GoneFile[] {
  const bytes = new Map<string, number>();
  for (const one of unmatched) {
    bytes.set(one.path, (bytes.get(one.path) ?? 0) + one.bytes);
  }
  return [...bytes]
    .map(([path, size]) => ({ path, bytes: size }))
    .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1))
    .slice(0, mostGone);
}

function bytesByPath({ layers }: Image): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const { entries } of layers) {
    for (const entry of entries) {
      if (entry.kind !== "file" || entry.size === 0) continue;
      bytes.set(entry.path, (bytes.get(entry.path) ?? 0) + entry.size);
    }
  }
  return bytes;
}
