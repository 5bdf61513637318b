import { globSource } from "../dockerfile/glob.ts";
import type { Building } from "./assemble.ts";
import { isWithin } from "./paths.ts";
import type { Artefact } from "./plan.ts";
import { systemFolders } from "./system-folders.ts";

/** The paths that are known to matter, or not to, at a point of the build. */
export interface Places {
  /** Whether what the build context puts there is looked at file by file, or not needed. */
  readonly holdsCopied: (path: string) => boolean;
  /** Whether what comes from elsewhere is shipped with what is around it, or not needed. */
  readonly holdsOther: (path: string) => boolean;
  /** Part of an artefact. */
  readonly isShipped: (path: string) => boolean;
  /** Where nothing stays that a container needs. */
  readonly isScratch: (path: string) => boolean;
  /** Nothing has to be done for a folder that is there anyway. */
  readonly isServed: (path: string) => boolean;
  /** A folder around artefacts. */
  readonly isAbove: (path: string) => boolean;
  /** False for a folder that also holds something else. */
  readonly add: (path: string, madeAt: number) => boolean;
  /** Takes out what is gone. @returns an artefact that may be gone, or undefined */
  readonly remove: (
    patterns: readonly string[],
    at: number,
    isSure: boolean,
  ) => string | undefined;
  /** Takes out programs of which there is a copy. */
  readonly replace: (paths: readonly string[]) => void;
  readonly artefacts: () => readonly Artefact[];
}

export function placesOf({
  artefacts: named,
  buildFolders,
  sourceFolders = [],
  copiedAgain = [],
}: Building): Places {
  let artefacts = [...named];
  const scratch = [...buildFolders, ...scratchFolders];
  const folders = [...scratch, ...sourceFolders];
  const inside = (path: string, list: readonly string[]): boolean =>
    list.some((folder) => isWithin(path, folder));
  const isShipped = (path: string): boolean =>
    artefacts.some((artefact) => isWithin(path, artefact.path));
  const isAbove = (path: string): boolean =>
    artefacts.some((artefact) => isWithin(artefact.path, path));
  const isScratch = (path: string): boolean => inside(path, scratch);
  return {
    isShipped,
    isScratch,
    isAbove,
    holdsCopied: (path) =>
      (inside(path, folders) && !inside(path, copiedAgain)) || isShipped(path),
    holdsOther: (path) => isScratch(path) || isShipped(path),
    isServed: (path) =>
      inside(path, folders) ||
      isShipped(path) ||
      isAbove(path) ||
      folders.some((folder) => isWithin(folder, path)),
    add(path, madeAt) {
      if (isShipped(path) || isScratch(path)) return true;
      if (systemFolders.has(path)) return false;
      if (folders.some((folder) => isWithin(folder, path))) return false;
      // What is in it is copied along.
      const isInside = (artefact: Artefact): boolean => isWithin(artefact.path, path);
      if (artefacts.some((item) => isInside(item) && isOwn(item))) return false;
      artefacts = [...artefacts.filter((item) => !isInside(item)), { path, madeAt }];
      return true;
    },
    remove(patterns, at, isSure) {
      const expressions = patterns.map(expressionOf);
      const gone = artefacts.filter(({ path }) =>
        expressions.some((expression) => expression.test(path)),
      );
      const unsure = gone.find(({ madeAt }) => madeAt === undefined || !isSure);
      if (unsure) return unsure.path;
      artefacts = artefacts.filter(
        (artefact) => !gone.includes(artefact) || (artefact.madeAt ?? 0) > at,
      );
      return undefined;
    },
    replace(paths) {
      artefacts = artefacts.filter(
        ({ path, isProgram }) => isProgram !== true || !paths.includes(path),
      );
    },
    artefacts: () => artefacts,
  };
}

/** What an ecosystem has named, or a program, which is looked for by its name. */
function isOwn({ madeAt, isProgram }: Artefact): boolean {
  return madeAt === undefined || isProgram === true;
}

/** A pattern of the shell, which matches a path and what is in it. */
function expressionOf(pattern: string): RegExp {
  const source = pattern
    .split(/(\{[^{}]*\})/)
    .map((part, index) =>
      index % 2 === 0
        ? globSource(part)
        : `(${part.slice(1, -1).split(",").map(globSource).join("|")})`,
    )
    .join("");
  return new RegExp(`^${source}(/|$)`);
}

/** Folders that hold nothing which a container starts or reads. */
const scratchFolders: readonly string[] = [
  "/root/.cache",
  "/root/.config",
  "/root/.npm",
  "/tmp",
  "/usr/src",
  "/usr/local/src",
  "/var/cache",
  "/var/lib/apt",
  "/var/tmp",
];
