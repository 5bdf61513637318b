/** Whether two images are the same but for caches, and where they aren't. */
import { fileTree, type Image, type LayerFile } from "./image.ts";
import { isVolatile } from "./volatile.ts";

/** Settings of an image that a rewrite must not change. */
const settings = [
  "Cmd",
  "Entrypoint",
  "Env",
  "ExposedPorts",
  "Healthcheck",
  "Labels",
  "OnBuild",
  "Shell",
  "StopSignal",
  "User",
  "Volumes",
  "WorkingDir",
] as const;

/**
 * @param caches paths, without a slash in front, of what may be missing afterwards.
 * @returns one line for each difference that isn't allowed.
 */
export function differences(
  before: Image,
  after: Image,
  caches: readonly string[],
): string[] {
  return [
    ...settingDifferences(before, after),
    ...fileDifferences(before, after, caches),
  ];
}

function settingDifferences(before: Image, after: Image): string[] {
  return settings.flatMap((name) => {
    const [old, now] = [before, after].map(({ config }) => JSON.stringify(config[name]));
    return old === now ? [] : [`${name}: ${String(old)} before, ${String(now)} after`];
  });
}

function fileDifferences(
  before: Image,
  after: Image,
  caches: readonly string[],
): string[] {
  const [old, now] = [fileTree(before), fileTree(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path) => {
    if (isVolatile(path)) return [];
    const [was, is] = [old.get(path), now.get(path)];
    if (was === undefined) return [`/${path}: only after`];
    if (is === undefined) return isInside(path, caches) ? [] : [`/${path}: only before`];
    const changed = changedParts(was, is);
    return changed.length === 0 ? [] : [`/${path}: other ${changed.join(", ")}`];
  });
}

function changedParts(was: LayerFile, is: LayerFile): string[] {
  const parts = ["type", "mode", "uid", "gid", "size", "digest", "target"] as const;
  return parts.filter((part) => was[part] !== is[part]);
}

export function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** Bytes that the image's layers hold in these folders, whether or not a later one hides them. */
export function layerBytesInside(image: Image, folders: readonly string[]): number {
  const sizes = image.layers.flatMap(({ files }) =>
    [...files].map(([path, { size }]) => (isInside(path, folders) ? size : 0)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Bytes that an image loses if these folders are emptied in the layer that fills them. A
 * file that has a further name elsewhere stays.
 */
export function removableBytes(image: Image, folders: readonly string[]): number {
  const names = new Map<LayerFile, string[]>();
  for (const [path, file] of fileTree(image)) {
    names.set(file, [...(names.get(file) ?? []), path]);
  }
  let sum = 0;
  for (const [{ size }, paths] of names) {
    if (paths.every((path) => isInside(path, folders))) sum += size;
  }
  return sum;
}
