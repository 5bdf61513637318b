import { quoted } from "../archive/entry-path.ts";
import { ImageError, refusedHint } from "../problem.ts";
import type { LayerEntry } from "../types.ts";
import { findFolder, isFolder, type Folder } from "./lookup.ts";
import { pruneLower, wasteOf } from "./removal.ts";
import type { TreeNode, Waste } from "./types.ts";

/** OCI image specification, layer.md, "Whiteouts". */
const whiteoutPrefix = ".wh.";
const opaqueName = ".wh..wh..opq";

/**
 * Puts the entries of a layer on top of the tree of the layers below it.
 *
 * @param layer Its position in `Image.layers`.
 * @returns the bytes of lower layers that it deletes or overwrites.
 * @throws ImageError where an entry stands twice, or can't be put where it belongs.
 */
export function applyLayer(
  root: TreeNode,
  entries: readonly LayerEntry[],
  layer: number,
): Waste[] {
  return entries.flatMap((entry) => {
    if (entry.path === "") {
      if (entry.kind === "file" && entry.attributes.type === "directory") {
        root.attributes = entry.attributes;
      }
      return [];
    }
    const slash = entry.path.lastIndexOf("/");
    const parentPath = entry.path.slice(0, Math.max(slash, 0));
    const name = entry.path.slice(slash + 1);
    if (name.startsWith(whiteoutPrefix)) {
      return applyWhiteout(root, parentPath, name, layer);
    }
    const parent = findFolder(root, parentPath, layer);
    return parent === undefined ? [] : place(root, parent, name, entry, layer);
  });
}

function applyWhiteout(
  root: TreeNode,
  parentPath: string,
  name: string,
  layer: number,
): Waste[] {
  const parent = findFolder(root, parentPath, undefined);
  if (name === opaqueName) {
    return [...(parent?.children ?? [])].flatMap(([child]) =>
      parent === undefined ? [] : remove(parent, parentPath, child, layer, "deleted"),
    );
  }
  // Notes that AUFS made for itself, such as `.wh..wh.plnk`.
  if (name.startsWith(".wh..wh.")) return [];
  const hidden = name.slice(whiteoutPrefix.length);
  if (hidden === "" || hidden === "." || hidden === "..") {
    throw new ImageError(
      `a layer deletes ${quoted(`${parentPath}/${hidden}`)}, which is no file`,
      refusedHint,
    );
  }
  return parent === undefined ? [] : remove(parent, parentPath, hidden, layer, "deleted");
}

/** Takes away what the layers below have there; what this one wrote stays. */
function remove(
  parent: Folder,
  parentPath: string,
  name: string,
  layer: number,
  kind: Waste["kind"],
): Waste[] {
  const node = parent.children.get(name);
  if (node === undefined) return [];
  const lost = new Map<number, { bytes: number; files: number }>();
  if (!pruneLower(node, layer, lost)) parent.children.delete(name);
  const path = parentPath === "" ? name : `${parentPath}/${name}`;
  return wasteOf(lost, path, layer, kind);
}

function place(
  root: TreeNode,
  parent: Folder,
  name: string,
  entry: LayerEntry,
  layer: number,
): Waste[] {
  const slash = entry.path.lastIndexOf("/");
  const parentPath = entry.path.slice(0, Math.max(slash, 0));
  const existing = parent.children.get(name);
  if (
    existing !== undefined &&
    isFolder(existing) &&
    entry.kind === "file" &&
    entry.attributes.type === "directory"
  ) {
    // Some tools list a folder twice; the last entry counts, as when it is unpacked.
    existing.attributes = entry.attributes;
    existing.layer = layer;
    existing.listed = true;
    return [];
  }
  // Names are read as UTF-8; two others may come out as the same replacements.
  const isGarbled = name.includes("\uFFFD");
  if (existing?.layer === layer && existing.listed && !isGarbled) throw twice(entry.path);
  // The link's target may be what it replaces.
  const node = nodeOf(root, entry, layer);
  const waste = remove(parent, parentPath, name, layer, "overwritten");
  // Files that this layer put into a folder of that name.
  if (parent.children.has(name) && !isGarbled) throw twice(entry.path);
  parent.children.set(name, node);
  return waste;
}

function nodeOf(root: TreeNode, entry: LayerEntry, layer: number): TreeNode {
  if (entry.kind === "hard-link") {
    const slash = entry.target.lastIndexOf("/");
    const folder = findFolder(root, entry.target.slice(0, Math.max(slash, 0)), undefined);
    const target = folder?.children.get(entry.target.slice(slash + 1));
    if (target === undefined || isFolder(target)) {
      throw new ImageError(
        `a layer has a hard link ${quoted(entry.path)} to ${quoted(entry.target)}, where no file is`,
        refusedHint,
      );
    }
    const { attributes, content } = target;
    if (content !== undefined) content.names += 1;
    return { attributes, content, children: undefined, layer, listed: true };
  }
  const { attributes, size, sha256, linking, text } = entry;
  return {
    attributes,
    content:
      attributes.type === "file"
        ? { size, sha256, linking, text, layer, names: 1 }
        : undefined,
    children: attributes.type === "directory" ? new Map() : undefined,
    layer,
    listed: true,
  };
}

function twice(path: string): ImageError {
  return new ImageError(`a layer holds ${quoted(path)} twice`, refusedHint);
}
