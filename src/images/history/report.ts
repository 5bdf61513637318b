import type { HistoryEntry, Image } from "../types.ts";
import type { FileTree } from "../tree/file-tree.ts";
import { dockerfileFacts, type DockerfileFacts } from "./dockerfile-facts.ts";
import { groupWaste } from "./group-waste.ts";
import { remedyFor, type Remedy } from "./remedy.ts";

/** One entry of the image's history; oldest first. */
export interface HistoryRow {
  /** RFC 3339. */
  readonly created: string | undefined;
  /** As in the image's history; empty for a layer that it doesn't mention. */
  readonly createdBy: string;
  /** 1-based number of the layer; undefined where only the configuration changed. */
  readonly layer: number | undefined;
  /** Bytes of all files in the layer. */
  readonly bytes: number;
  /** Bytes of the layer as it is stored, compressed or not. */
  readonly packedBytes: number;
  /** Of `bytes`: what a later layer deletes or overwrites. */
  readonly wastedBytes: number;
  /** 1-based line of the instruction, where the Dockerfile is given and has it. */
  readonly line: number | undefined;
}

/** Wasted bytes of one place that one layer wrote and another removed. */
export interface WasteRow {
  readonly path: string;
  readonly kind: "deleted" | "overwritten";
  readonly bytes: number;
  readonly files: number;
  /** 1-based numbers of layers. */
  readonly writtenIn: number;
  readonly removedIn: number;
  readonly remedy: Remedy;
}

export interface HistoryReport {
  readonly names: readonly string[];
  readonly platform: string;
  /** Bytes of all files in all layers. */
  readonly bytes: number;
  readonly packedBytes: number;
  readonly wastedBytes: number;
  /**
   * The part of `bytes` that a container sees: 1 - wastedBytes / bytes; 1 for an image
   * without files.
   */
  readonly efficiency: number;
  readonly rows: readonly HistoryRow[];
  /** Largest first. */
  readonly waste: readonly WasteRow[];
}

/**
 * What `dockerslim history` shows.
 *
 * @param dockerfile Text of the Dockerfile that the image was built from, and the name of
 *   the stage that was built where that isn't the last one.
 */
export function historyReport(
  image: Image,
  tree: FileTree,
  dockerfile?: { readonly text: string; readonly target: string | undefined },
): HistoryReport {
  const steps = stepsOf(image);
  const facts =
    dockerfile === undefined
      ? undefined
      : dockerfileFacts(
          steps.map(({ entry }) => entry),
          dockerfile.text,
          dockerfile.target,
        );
  const wasted = image.layers.map(() => 0);
  for (const { writtenIn, bytes } of tree.waste) {
    wasted[writtenIn] = (wasted[writtenIn] ?? 0) + bytes;
  }
  const sizes = image.layers.map(({ entries }) =>
    entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0),
  );
  const bytes = sum(sizes);
  const wastedBytes = sum(wasted);
  return {
    names: image.names,
    platform: image.platform,
    bytes,
    packedBytes: sum(image.layers.map(({ packedBytes }) => packedBytes)),
    wastedBytes,
    efficiency: bytes === 0 ? 1 : 1 - wastedBytes / bytes,
    rows: steps.map(({ entry, layer }, index) => ({
      created: entry.created,
      createdBy: entry.createdBy,
      layer: layer === undefined ? undefined : layer + 1,
      bytes: sizes[layer ?? -1] ?? 0,
      packedBytes: image.layers[layer ?? -1]?.packedBytes ?? 0,
      wastedBytes: wasted[layer ?? -1] ?? 0,
      line: facts?.lineOf(index),
    })),
    waste: wasteRows(tree, steps, facts),
  };
}

interface Step {
  readonly entry: HistoryEntry;
  /** Position in `Image.layers`. */
  readonly layer: number | undefined;
}

/** History entries with their layers; layers that the history doesn't mention come last. */
function stepsOf({ history, layers }: Image): Step[] {
  let layer = 0;
  const steps: Step[] = history.map((entry) => ({
    entry,
    layer: entry.emptyLayer || layer >= layers.length ? undefined : layer++,
  }));
  while (layer < layers.length) {
    const entry = {
      created: undefined,
      createdBy: "",
      comment: undefined,
      emptyLayer: false,
    };
    steps.push({ entry, layer: layer++ });
  }
  return steps;
}

function wasteRows(
  tree: FileTree,
  steps: readonly Step[],
  facts: DockerfileFacts | undefined,
): WasteRow[] {
  const entries = steps.map(({ entry }) => entry);
  const stepOfLayer = new Map(steps.map(({ layer }, index) => [layer, index]));
  return groupWaste(tree.waste)
    .map((group) => ({
      path: group.path,
      kind: group.kind,
      bytes: group.bytes,
      files: group.files,
      writtenIn: group.writtenIn + 1,
      removedIn: group.removedIn + 1,
      remedy: remedyFor(
        {
          path: group.path,
          writtenIn: stepOfLayer.get(group.writtenIn) ?? 0,
          removedIn: stepOfLayer.get(group.removedIn) ?? 0,
        },
        entries,
        facts,
      ),
    }))
    .sort((a, b) => b.bytes - a.bytes);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
