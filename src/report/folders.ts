/** Bytes at a path, which begins with a slash. */
export interface PathBytes {
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
}

/** A cell of the picture, or a group of cells. */
export interface FolderCell extends PathBytes {
  readonly kind: "group" | "folder" | "file" | "other";
  /** Of a group; else empty. */
  readonly inside: readonly FolderCell[];
}

export interface FolderPicture {
  readonly root: FolderCell;
  /** What is too small for the picture. */
  readonly leftOut: Pick<PathBytes, "bytes" | "files">;
}

const mostCells = 28;
/** Of all bytes: a smaller cell can be neither read nor hit. */
const smallestShare = 0.01;
/** A folder is opened only where cells of their own cover this share of it. */
const coveredShare = 0.5;

interface Node {
  readonly path: string;
  bytes: number;
  files: number;
  readonly inside: Map<string, Node>;
}

/**
 * Chooses the folders to show: always the largest is opened next, until there are enough
 * cells. What is small in a folder is one cell, "other".
 */
export function folderPicture(files: readonly PathBytes[]): FolderPicture {
  const root = treeOf(files);
  const smallest = root.bytes * smallestShare;
  const leftOut = { bytes: 0, files: 0 };
  const opened = new Map<Node, { readonly kept: Node[]; readonly other: PathBytes }>();
  const closed = [root];
  const final = new Set<Node>();
  for (;;) {
    const open = largest(closed.filter((node) => !final.has(node)));
    if (open === undefined) break;
    const children = [...open.inside.values()];
    const kept = children.filter(({ bytes }) => bytes >= smallest);
    const keptBytes = sum(kept, "bytes");
    const isWorthIt =
      kept.length > 0 &&
      keptBytes >= open.bytes * coveredShare &&
      closed.length - 1 + kept.length < mostCells;
    if (!isWorthIt) {
      final.add(open);
      continue;
    }
    const other = {
      path: open.path,
      bytes: open.bytes - keptBytes,
      files: open.files - sum(kept, "files"),
    };
    opened.set(open, { kept, other });
    closed.splice(closed.indexOf(open), 1, ...kept);
  }
  const cellOf = (node: Node): FolderCell => {
    const { path, bytes, files: amount } = node;
    const contents = opened.get(node);
    if (contents === undefined) {
      const kind = node.inside.size > 0 || amount > 1 ? "folder" : "file";
      return { path, bytes, files: amount, kind, inside: [] };
    }
    const { kept, other } = contents;
    const inside = kept.map(cellOf);
    if (other.bytes >= smallest) inside.push({ ...other, kind: "other", inside: [] });
    else {
      leftOut.bytes += other.bytes;
      leftOut.files += other.files;
    }
    const [only, ...more] = inside;
    return only !== undefined && more.length === 0
      ? only
      : { path, bytes, files: amount, kind: "group", inside };
  };
  return { root: cellOf(root), leftOut };
}

function treeOf(files: readonly PathBytes[]): Node {
  const root: Node = { path: "", bytes: 0, files: 0, inside: new Map() };
  for (const file of files) {
    let node = root;
    root.bytes += file.bytes;
    root.files += file.files;
    for (const part of file.path.split("/").slice(1)) {
      let next = node.inside.get(part);
      if (next === undefined) {
        next = { path: `${node.path}/${part}`, bytes: 0, files: 0, inside: new Map() };
        node.inside.set(part, next);
      }
      node = next;
      node.bytes += file.bytes;
      node.files += file.files;
    }
  }
  return root;
}

function largest(nodes: readonly Node[]): Node | undefined {
  return nodes.reduce<Node | undefined>(
    (best, node) => (best === undefined || node.bytes > best.bytes ? node : best),
    undefined,
  );
}

function sum(nodes: readonly Node[], what: "bytes" | "files"): number {
  return nodes.reduce((total, node) => total + node[what], 0);
}
