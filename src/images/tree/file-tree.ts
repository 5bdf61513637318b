import { ImageError, type ImageProblem } from "../problem.ts";
import type { LayerContents } from "../types.ts";
import { applyLayer } from "./apply-layer.ts";
import { emptyFolder } from "./lookup.ts";
import type { TreeNode, Waste } from "./types.ts";

export interface FileTree {
  readonly root: TreeNode;
  /** In the order in which it came to be. */
  readonly waste: readonly Waste[];
}

/**
 * The files that a container sees: the layers on top of each other, with whiteouts applied.
 *
 * @returns a problem where a layer can't be put on the ones below it.
 */
export function buildTree(layers: readonly LayerContents[]): FileTree | ImageProblem {
  const root = emptyFolder(0);
  try {
    const waste = layers.flatMap(({ entries }, index) =>
      applyLayer(root, entries, index),
    );
    return { root, waste };
  } catch (error) {
    if (error instanceof ImageError) return { message: error.message, hint: error.hint };
    throw error;
  }
}

/** Every file with its path, which begins with a slash; a folder before what is in it. */
export function* walkTree(
  root: TreeNode,
): Generator<{ readonly path: string; readonly node: TreeNode }> {
  const pending = [{ path: "", node: root }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.path !== "") yield next;
    const inside = [...(next.node.children ?? [])];
    for (const [name, node] of inside.sort(([a], [b]) => (a < b ? 1 : -1))) {
      pending.push({ path: `${next.path}/${name}`, node });
    }
  }
}
