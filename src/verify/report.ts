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
  return rows.flatMap(({ layer, bytes, createdBy, line }) =>
    layer === undefined
      ? []
      : [{ diffId: image.layers[layer - 1]?.diffId ?? "", bytes, createdBy, line }],
  );
}

/** The largest of the files that the layers no longer hold, deleted ones included. */
export function goneFiles(before: Image, after: Image): GoneFile[] {
  const bytes = bytesByPath(before);
  for (const [path, size] of bytesByPath(after)) {
    const left = (bytes.get(path) ?? 0) - size;
    bytes.set(path, left);
  }
  return [...bytes]
    .filter(([, size]) => size > 0)
    .map(([path, size]) => ({ path: `/${path}`, bytes: size }))
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
