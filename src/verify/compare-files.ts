import type { TreeNode } from "../images/tree/types.ts";
import type { ExtendedAttributes, FileType } from "../images/types.ts";
import type { Allowance, FileDifference } from "./may-differ.ts";
import type { Difference } from "./types.ts";

const typeNames: Readonly<Record<FileType, string>> = {
  file: "a file",
  directory: "a folder",
  "symbolic-link": "a symbolic link",
  "character-device": "a character device",
  "block-device": "a block device",
  fifo: "a pipe",
};

/**
 * What differs between two trees of files: paths, types, modes, owners, targets of links,
 * devices, extended attributes and contents. Times aren't compared.
 *
 * @param path where the two nodes stand, absolute
 */
export function compareFiles(
  before: TreeNode,
  after: TreeNode,
  allowed: Allowance,
  path = "/",
): Difference[] {
  return [
    ...compareNode(path, before, after, allowed),
    ...compareChildren(path === "/" ? "" : path, before, after, allowed),
  ];
}

/**
 * The same for what may be on one side only.
 *
 * @param path where the nodes stand, absolute
 */
export function compareEntries(
  before: TreeNode | undefined,
  after: TreeNode | undefined,
  allowed: Allowance,
  path: string,
): Difference[] {
  if (before && after) return compareFiles(before, after, allowed, path);
  if (before) return onOneSide(path, before, "missing", allowed);
  return after ? onOneSide(path, after, "added", allowed) : [];
}

function compareChildren(
  path: string,
  before: TreeNode,
  after: TreeNode,
  allowed: Allowance,
): Difference[] {
  const [old, now] = [before.children, after.children];
  const names = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...names].sort().flatMap((name) => {
    const child = `${path}/${name}`;
    const [was, is] = [old?.get(name), now?.get(name)];
    if (was === undefined)
      return is === undefined ? [] : onOneSide(child, is, "added", allowed);
    if (is === undefined) return onOneSide(child, was, "missing", allowed);
    return [
      ...compareNode(child, was, is, allowed),
      ...(was.attributes.type === is.attributes.type
        ? compareChildren(child, was, is, allowed)
        : []),
    ];
  });
}

function compareNode(
  path: string,
  before: TreeNode,
  after: TreeNode,
  allowed: Allowance,
): Difference[] {
  const [old, now] = [before.attributes, after.attributes];
  const changes: { kind: FileDifference["kind"]; message: string }[] = [];
  const changed = (message: string) => changes.push({ kind: "attributes", message });
  if (old.type !== now.type) {
    changed(`was ${typeNames[old.type]} and is ${typeNames[now.type]}`);
  } else {
    // The mode of a link counts nowhere.
    if (old.mode !== now.mode && old.type !== "symbolic-link") {
      changed(`has the mode ${octal(now.mode)} in place of ${octal(old.mode)}`);
    }
    if (old.uid !== now.uid || old.gid !== now.gid) {
      changed(`has the owner ${now.uid}:${now.gid} in place of ${old.uid}:${old.gid}`);
    }
    if (old.linkTarget !== now.linkTarget) {
      changed(`links to ${now.linkTarget ?? ""} in place of ${old.linkTarget ?? ""}`);
    }
    if (old.device !== now.device) {
      changed(`is the device ${now.device ?? ""} in place of ${old.device ?? ""}`);
    }
    for (const message of extendedChanges(old.extended, now.extended)) changed(message);
    if (before.content?.sha256 !== after.content?.sha256) {
      const [was, is] = [before.content?.size ?? 0, after.content?.size ?? 0];
      const sizes = was === is ? `${is} bytes` : `${is} bytes in place of ${was}`;
      changes.push({ kind: "contents", message: `has other contents: ${sizes}` });
    }
  }
  return changes.map(({ kind, message }) => ({
    kind: "file",
    subject: path,
    message,
    files: 1,
    bytes: after.content?.size ?? 0,
    ...judge(path, after, kind, allowed),
  }));
}

/** One clause for each extended attribute; a file's capabilities are one of them. */
function extendedChanges(
  old: ExtendedAttributes = new Map(),
  now: ExtendedAttributes = new Map(),
): string[] {
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (was === is) return [];
    const what = `the extended attribute ${name}`;
    if (is === undefined) return [`has lost ${what}, ${was ?? ""}`];
    return was === undefined
      ? [`has got ${what}, ${is}`]
      : [`has ${what} ${is} in place of ${was}`];
  });
}

/** A path that only one side has; differences that a whole folder shares are one. */
function onOneSide(
  path: string,
  node: TreeNode,
  kind: "missing" | "added",
  allowed: Allowance,
): Difference[] {
  const own: Difference = {
    kind: "file",
    subject: path,
    message: kind === "missing" ? "is missing" : "was added",
    files: 1,
    bytes: node.content?.size ?? 0,
    ...judge(path, node, kind, allowed),
  };
  const inside = [...(node.children ?? [])]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, child]) => onOneSide(`${path}/${name}`, child, kind, allowed));
  const [first] = inside;
  if (first === undefined) return [own];
  // A folder that held nothing but caches may go with them.
  const judgement =
    own.judgement === "differs" && inside.every((one) => one.judgement === "allowed")
      ? { judgement: first.judgement, reason: first.reason }
      : { judgement: own.judgement, reason: own.reason };
  const isShared = inside.every(
    (one) => one.judgement === judgement.judgement && one.reason === judgement.reason,
  );
  if (!isShared) return [{ ...own, ...judgement }, ...inside];
  const sum = (count: (one: Difference) => number) =>
    inside.reduce((total, one) => total + count(one), 0);
  return [
    {
      ...own,
      ...judgement,
      files: 1 + sum(({ files }) => files),
      bytes: own.bytes + sum(({ bytes }) => bytes),
    },
  ];
}

function judge(
  path: string,
  { attributes }: TreeNode,
  kind: FileDifference["kind"],
  allowed: Allowance,
): Pick<Difference, "judgement" | "reason"> {
  const reason = allowed(path, {
    kind,
    isFolder: attributes.type === "directory",
    isRegularFile: attributes.type === "file",
  });
  return reason === undefined
    ? { judgement: "differs", reason: "" }
    : { judgement: "allowed", reason };
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
