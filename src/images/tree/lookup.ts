import { quoted } from "../archive/entry-path.ts";
import { limits } from "../limits.ts";
import { ImageError, refusedHint } from "../problem.ts";
import type { FileAttributes } from "../types.ts";
import type { TreeNode } from "./types.ts";

/** What container engines give a folder that no layer lists. */
const impliedFolder: FileAttributes = {
  type: "directory",
  mode: 0o755,
  uid: 0,
  gid: 0,
  linkTarget: undefined,
  device: undefined,
  extended: undefined,
};

export function emptyFolder(layer: number): TreeNode {
  return {
    attributes: impliedFolder,
    content: undefined,
    children: new Map(),
    layer,
    listed: false,
  };
}

export type Folder = TreeNode & { readonly children: Map<string, TreeNode> };

/**
 * The folder of that path. Symbolic links on the way are followed as inside of the image,
 * where `..` in the root folder stays there.
 *
 * @param layer Folders that are missing are made for it; undefined: none is made.
 * @throws ImageError where something on the way is no folder.
 */
export function findFolder(
  root: TreeNode,
  path: string,
  layer: number | undefined,
): Folder | undefined {
  const way: TreeNode[] = [root];
  const pending = path.split("/").reverse();
  let followed = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      if (way.length > 1) way.pop();
      continue;
    }
    const children = way.at(-1)?.children;
    let next = children?.get(name);
    if (next === undefined) {
      if (layer === undefined) return undefined;
      next = emptyFolder(layer);
      children?.set(name, next);
    }
    const { linkTarget } = next.attributes;
    if (linkTarget !== undefined) {
      followed += 1;
      if (followed > limits.linksFollowed) throw notAFolder(path, "is a circle of links");
      if (linkTarget.startsWith("/")) way.length = 1;
      pending.push(...linkTarget.split("/").reverse());
    } else if (next.children === undefined) {
      throw notAFolder(path, `leads through the file ${quoted(name)}`);
    } else {
      way.push(next);
      if (way.length > limits.depth) throw notAFolder(path, "is too deep");
    }
  }
  const found = way.at(-1);
  return found !== undefined && isFolder(found) ? found : undefined;
}

export function isFolder(node: TreeNode): node is Folder {
  return node.children !== undefined;
}

function notAFolder(path: string, why: string): ImageError {
  return new ImageError(
    `a layer has files in ${quoted(path)}, but that path ${why}`,
    refusedHint,
  );
}
