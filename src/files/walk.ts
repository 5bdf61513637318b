import fs, { type Dirent } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { globby } from "globby";
import { isLookalike } from "./dockerfile-names.ts";
import { systemReason, type FileProblem } from "./problem.ts";

interface Found {
  /** Relative to the folder that was searched. */
  readonly path: string;
  readonly realPath: string;
}

export interface WalkResult {
  readonly files: readonly Found[];
  /** Folders below that could not be listed, by absolute path. */
  readonly problems: ReadonlyMap<string, FileProblem>;
}

/**
 * Files below a folder that match the patterns, without what .gitignore excludes (those
 * of the folders above, up to the repository's root, included), .git and node_modules.
 * Links to files are followed, links to folders are not.
 */
export async function walk(
  folder: string,
  patterns: readonly string[],
  caseSensitive: boolean,
): Promise<WalkResult> {
  const problems = new Map<string, FileProblem>();
  const entries = await globby([...patterns], {
    cwd: folder,
    gitignore: true,
    ignore: ["**/.git", "**/node_modules"],
    dot: true,
    expandDirectories: false,
    caseSensitiveMatch: caseSensitive,
    followSymbolicLinks: false,
    // With onlyFiles, links to files would be left out.
    onlyFiles: false,
    objectMode: true,
    fs: { ...fs, readdir: forgivingReaddir(problems) as typeof fs.readdir },
  });
  const root = await realpath(folder);
  const files: Found[] = [];
  for (const { path, dirent } of entries) {
    if (isLookalike(basename(path))) continue;
    const absolute = join(root, path);
    if (dirent.isFile()) {
      files.push({ path, realPath: absolute });
    } else if (dirent.isSymbolicLink() && (await isFile(absolute))) {
      files.push({ path, realPath: await realpath(absolute) });
    }
  }
  return { files, problems };
}

type ReaddirCallback = (error: Error | null, entries: Dirent[]) => void;

/** Lists a folder; one that can't be listed is noted and counts as empty. */
function forgivingReaddir(problems: Map<string, FileProblem>) {
  return (
    path: string,
    options: { withFileTypes: true },
    callback: ReaddirCallback,
  ): void => {
    fs.readdir(path, options, (error, entries) => {
      if (error === null) {
        callback(null, entries);
        return;
      }
      problems.set(path, {
        kind: "unreadable",
        message: `the folder can't be read: ${systemReason(error)}`,
        hint: "Leave it out with --ignore, or change its permissions",
      });
      callback(null, []);
    });
  };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    // A link to nothing is no Dockerfile.
    return false;
  }
}
