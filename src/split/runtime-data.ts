import type { CopyStep } from "./copies.ts";
import { absolutePath, folderOf, isWithin } from "./paths.ts";
import type { SplitSubject } from "./subject.ts";
import { systemFolders } from "./system-folders.ts";

/**
 * Files that projects hold for those who develop them, by path in the build context; no
 * program reads them.
 */
const forDevelopers =
  /(^|\/)(\.[^/]+|Dockerfile[^/]*|Containerfile[^/]*|docker-compose[^/]*|compose\.ya?ml|Makefile|GNUmakefile|Taskfile\.ya?ml|Jenkinsfile|LICENSE[^/]*|COPYING[^/]*|NOTICE[^/]*|AUTHORS|CODEOWNERS|[^/]*\.md|[^/]*\.dockerfile)$|(^|\/)(\.[^/]+|docs?|tests?|testdata|__tests__|spec|node_modules)\//i;

/**
 * What of the copied files has to be in the final stage: whole folders where all of what a
 * build puts there is needed, single files otherwise. What goes right into a folder of the
 * system isn't named: it is copied from the build context again.
 *
 * @param isNeeded of a path in the image and the file's path in the build context
 */
export function neededData(
  subject: SplitSubject,
  isNeeded: (path: string, file: string) => boolean,
): readonly string[] {
  const { files, copies } = subject;
  const named = namedAtStart(subject);
  const needed = new Set(
    [...files].flatMap(([path, file]) =>
      !forDevelopers.test(file) &&
      !systemFolders.has(destinationOf(path, copies)) &&
      (named.some((other) => isWithin(path, other)) || isNeeded(path, file))
        ? [path]
        : [],
    ),
  );
  const found: string[] = [];
  for (const path of needed) {
    if (found.some((other) => isWithin(path, other))) continue;
    found.push(widest(path, needed, files));
  }
  return found;
}

/** Paths that the arguments of what starts may stand for, such as a file of settings. */
function namedAtStart({ start }: SplitSubject): readonly string[] {
  return (start?.commands ?? []).flatMap(({ args, folder }) =>
    args.flatMap((word) => {
      const value = word?.replace(/^-[^=]*=/, "") ?? "";
      const path = /^$|^-|^\.?\/?$/.test(value) ? undefined : absolutePath(value, folder);
      return path === undefined || systemFolders.has(folderOf(path)) ? [] : [path];
    }),
  );
}

/** Where the COPY that brings a file goes to: of several the innermost. */
function destinationOf(path: string, copies: readonly CopyStep[]): string {
  return copies.reduce(
    (found, { destination = "", from }) =>
      from === undefined &&
      isWithin(path, destination) &&
      destination.length > found.length
        ? destination
        : found,
    "",
  );
}

/** The outermost folder around a file of which everything is needed; not a root folder. */
function widest(
  path: string,
  needed: ReadonlySet<string>,
  files: ReadonlyMap<string, string>,
): string {
  let best = path;
  for (;;) {
    const parent = best.slice(0, best.lastIndexOf("/"));
    if (parent.split("/").length < 3 || systemFolders.has(parent)) return best;
    const inside = [...files.keys()].filter((other) => isWithin(other, parent));
    if (!inside.every((other) => needed.has(other))) return best;
    best = parent;
  }
}
