import { isWithin } from "../paths.ts";
import type { SplitSubject } from "../subject.ts";
import { systemFolders } from "../system-folders.ts";

/** Folders that files of the build context are copied to. */
export function copiedFolders({ copies }: SplitSubject): readonly string[] {
  return outermost(
    copies.flatMap(({ destination, isFolder, from, sources }) =>
      destination !== undefined &&
      from === undefined &&
      (isFolder || sources.some((source) => !/\.\w+$/.test(source)))
        ? [destination]
        : [],
    ),
  );
}

/** Those that lie in none of the others. */
export function outermost(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].filter(
    (path) => !paths.some((other) => other !== path && isWithin(path, other)),
  );
}

/** Folders that every image has for itself can't be copied as a whole. */
export function shippable(path: string): boolean {
  return !systemFolders.has(path) && path !== "/tmp" && path !== "/usr/src";
}
