/** The files below a runner's root, as a value that can be compared and put back. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

export interface FileTree {
  /** Equal for equal trees. */
  readonly id: string;
  /** Path below the root to content and permissions. */
  readonly files: ReadonlyMap<
    string,
    { readonly content: Buffer; readonly mode: number }
  >;
  readonly folders: readonly string[];
}

export const EMPTY_TREE: FileTree = { id: "", files: new Map(), folders: [] };

export function readTree(root: string): FileTree {
  const files = new Map<string, { content: Buffer; mode: number }>();
  const folders: string[] = [];
  const walk = (path: string): void => {
    for (const name of readdirSync(join(root, path)).sort()) {
      const inner = `${path}/${name}`;
      const info = lstatSync(join(root, inner));
      if (info.isDirectory()) {
        folders.push(inner);
        walk(inner);
      } else if (info.isFile()) {
        files.set(inner, {
          content: readFileSync(join(root, inner)),
          mode: info.mode & 0o7777,
        });
      }
    }
  };
  walk("");
  return { id: identify(files, folders), files, folders };
}

function identify(files: FileTree["files"], folders: readonly string[]): string {
  const hash = createHash("sha1").update(folders.join("\0"));
  for (const [path, file] of files)
    hash.update(`\0${path}\0${file.mode}\0${file.content.length}\0`).update(file.content);
  return hash.digest("hex");
}

/** Makes the root hold exactly this tree. */
export function writeTree(root: string, tree: FileTree): void {
  for (const name of readdirSync(root))
    rmSync(join(root, name), { recursive: true, force: true });
  for (const folder of tree.folders) mkdirSync(join(root, folder), { recursive: true });
  for (const [path, file] of tree.files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), file.content);
    chmodSync(join(root, path), file.mode);
  }
}

/** A tree that holds these files, each with one line, and these folders. */
export function treeOf(paths: readonly string[], folders: readonly string[]): FileTree {
  const files = new Map(
    paths.map((path) => [path, { content: Buffer.from("present\n"), mode: 0o755 }]),
  );
  return { id: identify(files, folders), files, folders };
}
