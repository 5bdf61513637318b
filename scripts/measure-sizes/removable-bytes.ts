import { walkTree } from "../../src/images/tree/file-tree.ts";
import type { Content, TreeNode } from "../../src/images/tree/types.ts";

/** @param folders Absolute paths. */
export function isInside(path: string, folders: readonly string[]): boolean {
  return folders
    .map((folder) => folder.replace(/\/+$/, ""))
    .some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/**
 * Bytes that an image loses if these folders are emptied in the layer that fills them. A
 * file that has a further name elsewhere stays.
 */
export function removableBytes(root: TreeNode, folders: readonly string[]): number {
  const stays = new Map<Content, boolean>();
  for (const { path, node } of walkTree(root)) {
    if (node.content === undefined) continue;
    const isOutside = !isInside(path, folders);
    stays.set(node.content, (stays.get(node.content) ?? false) || isOutside);
  }
  return [...stays].reduce((sum, [{ size }, isKept]) => sum + (isKept ? 0 : size), 0);
}
