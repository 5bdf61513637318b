import { limits } from "../limits.ts";
import { ImageError } from "../problem.ts";
import { findFolder } from "./lookup.ts";
import type { TreeNode } from "./types.ts";

/**
 * What a path leads to, symbolic links followed as inside of the image.
 *
 * @returns undefined where nothing is there.
 */
export function findFile(root: TreeNode, path: string): TreeNode | undefined {
  let current = path;
  for (let links = 0; links <= limits.linksFollowed; links += 1) {
    const node = findEntry(root, current);
    const target = node?.attributes.linkTarget;
    if (target === undefined) return node;
    const folderPath = current.slice(0, Math.max(current.lastIndexOf("/"), 0));
    current = target.startsWith("/") ? target : `${folderPath}/${target}`;
  }
  return undefined;
}

/** What stands at a path: a symbolic link itself, and not what it leads to. */
export function findEntry(root: TreeNode, path: string): TreeNode | undefined {
  const slash = path.lastIndexOf("/");
  const folder = folderOf(root, path.slice(0, Math.max(slash, 0)));
  return folder?.children?.get(path.slice(slash + 1));
}

function folderOf(root: TreeNode, path: string): TreeNode | undefined {
  try {
    return findFolder(root, path, undefined);
  } catch (error) {
    // The path leads through a file or in a circle, so that nothing is there.
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}
