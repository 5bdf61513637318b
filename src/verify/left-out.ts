import { findFile } from "../images/tree/find-file.ts";
import { walkTree } from "../images/tree/file-tree.ts";
import type { TreeNode } from "../images/tree/types.ts";
import type { Allowance, FileDifference } from "./may-differ.ts";

/** npm's list of what it has installed (npm documentation, package-lock.json, "Hidden Lockfiles"). */
export const moduleLists = /(^|\/)node_modules\/\.package-lock\.json$/;

/**
 * Allows that modules are missing which npm itself lists as needed for development only, with
 * the links to their programs, and that they are missing from npm's list.
 *
 * @param before of an image with all modules, read with the text of `moduleLists`
 * @param after of one in which npm was told to leave them out
 */
export function developmentModules(before: TreeNode, after: TreeNode): Allowance {
  const folders = new Set<string>();
  const links = new Set<string>();
  const lists = new Set<string>();
  for (const { path, node } of walkTree(before)) {
    const list = moduleLists.test(path) ? readList(node) : undefined;
    if (!list) continue;
    const project = path.slice(0, -"/node_modules/.package-lock.json".length);
    const left = Object.entries(list.packages).filter(([, item]) =>
      isForDevelopment(item),
    );
    for (const [name] of left) folders.add(`${project}/${name}`);
    for (const link of programLinks(`${project}/node_modules/.bin`, before, folders))
      links.add(link);
    const now = readList(findFile(after, path));
    if (now && isShortened(list, now)) lists.add(path);
  }
  return (path, { kind }: FileDifference) => {
    // npm compiles packages of the project again; the programs have to be the same.
    if (path.endsWith("/build/config.gypi") && kind === "contents")
      return "node-gyp's note of npm's options";
    if (lists.has(path) && kind === "contents")
      return "npm's list, without what is for development only";
    if (kind !== "missing") return undefined;
    const isListed =
      links.has(path) || [...ancestors(path)].some((item) => folders.has(item));
    return isListed ? "npm lists it as needed for development only" : undefined;
  };
}

/**
 * Allows that pip and what it builds with are those of the final stage's base image, where
 * nothing is installed any more.
 */
export const installers: Allowance = (path) =>
  /\/(site|dist)-packages\/(pip|setuptools|wheel|pkg_resources|_distutils_hack|distutils-precedence\.pth)(-[^/]*\.(dist|egg)-info)?(\/|$)/.test(
    path,
  ) || /\/bin\/(pip|wheel)[\d.]*$/.test(path)
    ? "is for installing, and comes from the base image"
    : undefined;

interface ModuleList {
  readonly packages: Readonly<Record<string, unknown>>;
}

function readList(node: TreeNode | undefined): ModuleList | undefined {
  try {
    const value: unknown = JSON.parse(node?.content?.text ?? "");
    const packages = isRecord(value) ? value["packages"] : undefined;
    return isRecord(packages) ? { packages } : undefined;
  } catch {
    return undefined;
  }
}

function isForDevelopment(item: unknown): boolean {
  return isRecord(item) && item["dev"] === true;
}

/** Whether a list has what another one has, apart from what is for development only. */
function isShortened(before: ModuleList, after: ModuleList): boolean {
  const needed = Object.entries(before.packages).filter(
    ([, item]) => !isForDevelopment(item),
  );
  return (
    Object.entries(after.packages).every(([name]) => name in before.packages) &&
    needed.every(
      ([name, item]) => JSON.stringify(after.packages[name]) === JSON.stringify(item),
    )
  );
}

/** The links in a folder that lead into one of the modules. */
function programLinks(
  folder: string,
  root: TreeNode,
  modules: ReadonlySet<string>,
): readonly string[] {
  return [...(findFile(root, folder)?.children ?? [])].flatMap(
    ([name, { attributes }]) => {
      const target = attributes.linkTarget;
      if (target?.startsWith("../") !== true) return [];
      const path = `${folder.slice(0, folder.lastIndexOf("/"))}/${target.slice(3)}`;
      return [...ancestors(path)].some((item) => modules.has(item))
        ? [`${folder}/${name}`]
        : [];
    },
  );
}

/** A path and the folders that it lies in. */
function* ancestors(path: string): Generator<string> {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1))
    yield path.slice(0, end);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
