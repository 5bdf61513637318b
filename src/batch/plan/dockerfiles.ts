import { configName } from "../../files/config.ts";
import { isDockerfileName } from "../../files/dockerfile-names.ts";
import type { IgnoreMatcher } from "../../files/ignore.ts";
import type { TreeEntry } from "../git/read-tree.ts";

/** A file that isn't looked at, and why. */
export interface PassedOver {
  readonly path: string;
  readonly reason: string;
}

export interface Candidates {
  readonly dockerfiles: readonly TreeEntry[];
  /** By the folder that they lie in: `` for the root, else with a slash at its end. */
  readonly configs: ReadonlyMap<string, TreeEntry>;
  readonly passedOver: readonly PassedOver[];
}

/** What is read of a tree. */
export function isWantedName(name: string): boolean {
  return name === configName || isDockerfileName(name);
}

/** Matched against `/` and the path. */
export interface PathFilters {
  /** Undefined where all are wanted. */
  readonly isWanted: IgnoreMatcher | undefined;
  readonly isIgnored: IgnoreMatcher;
}

/** More than any repository has; what makes them up could fill the store. */
const maxDockerfiles = 10_000;

/** Sorts what a tree has; a string says why the tree can't be trusted. */
export function candidatesOf(
  entries: readonly TreeEntry[],
  { isWanted, isIgnored }: PathFilters,
): Candidates | string {
  const configs = new Map<string, TreeEntry>();
  const dockerfiles: TreeEntry[] = [];
  const passedOver: PassedOver[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    const { path } = entry;
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const isConfig = path.slice(folder.length) === configName;
    if (seen.has(path)) return "its tree has a file twice";
    seen.add(path);
    if (isConfig) {
      configs.set(folder, entry);
      continue;
    }
    // As `fix` does it; what is there belongs to others.
    if (`/${folder}`.includes("/node_modules/")) continue;
    if (isIgnored(`/${path}`) || (isWanted !== undefined && !isWanted(`/${path}`))) {
      continue;
    }
    const reason = whyUnfit(entry);
    if (reason === undefined) dockerfiles.push(entry);
    else passedOver.push({ path, reason });
    if (dockerfiles.length > maxDockerfiles) {
      return `it has more than ${maxDockerfiles} Dockerfiles`;
    }
  }
  return { dockerfiles, configs, passedOver };
}

function whyUnfit({ path, mode, isUtf8 }: TreeEntry): string | undefined {
  if (mode === "120000") return "it is a symbolic link";
  if (mode === "160000") return "it is a submodule";
  if (mode !== "100644" && mode !== "100755") return `git gives it the mode ${mode}`;
  if (!isUtf8) return "its name isn't UTF-8";
  const parts = path.split("/");
  if (parts.some((part) => /^(?:\.{0,2}|\.git|git~\d+)$/i.test(part))) {
    return "its path is one that git never writes to a disk";
  }
  return undefined;
}

/** All configs from the root down to a file's folder. */
export function configsAbove(
  path: string,
  configs: Candidates["configs"],
): { readonly folder: string; readonly entry: TreeEntry }[] {
  const parts = path.split("/");
  return parts.flatMap((_, index) => {
    const folder = parts
      .slice(0, index)
      .map((part) => `${part}/`)
      .join("");
    const entry = configs.get(folder);
    return entry === undefined ? [] : [{ folder, entry }];
  });
}
