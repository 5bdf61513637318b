import type { TreeNode, Waste } from "./types.ts";

/** Bytes and files by the layer that holds them. */
type Lost = Map<number, { bytes: number; files: number }>;

/**
 * Takes from `node` and everything in it what layers below `layer` put there.
 *
 * @returns whether something is left, which the layer itself wrote.
 */
export function pruneLower(node: TreeNode, layer: number, lost: Lost): boolean {
  for (const [name, child] of node.children ?? []) {
    if (!pruneLower(child, layer, lost)) node.children?.delete(name);
  }
  if (node.layer === layer || (node.children?.size ?? 0) > 0) return true;
  if (node.content !== undefined) {
    node.content.names -= 1;
    if (node.content.names === 0 && node.content.size > 0) {
      const sum = lost.get(node.content.layer) ?? { bytes: 0, files: 0 };
      sum.bytes += node.content.size;
      sum.files += 1;
      lost.set(node.content.layer, sum);
    }
  }
  return false;
}

/** One record for each layer that lost bytes. */
export function wasteOf(
  lost: Lost,
  path: string,
  removedIn: number,
  kind: Waste["kind"],
): Waste[] {
  return [...lost].map(([writtenIn, { bytes, files }]) => ({
    path: `/${path}`,
    writtenIn,
    removedIn,
    kind,
    bytes,
    files,
  }));
}
