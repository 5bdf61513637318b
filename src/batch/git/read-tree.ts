import { isUtf8 } from "node:buffer";
import type { Outcome } from "../target-state.ts";
import { stepFailure } from "./git-failure.ts";
import { objectEnvironment, type ObjectStore } from "./objects.ts";
import { runGit } from "./run-git.ts";

export interface TreeEntry {
  /** From the root, with forward slashes. Whatever the repository's authors made up. */
  readonly path: string;
  /** As git has it: 100644, 100755, 120000 for a link, 160000 for a submodule. */
  readonly mode: string;
  readonly id: string;
  /** Whether the path is UTF-8; else it has been decoded with replacements. */
  readonly isUtf8: boolean;
}

/**
 * The entries of a commit's tree that are wanted. The sizes are not asked for: of blobs
 * that aren't here, git would fetch each.
 *
 * @param wanted Takes the last part of the path.
 */
export async function readTree(
  objects: ObjectStore,
  commit: string,
  wanted: (name: string) => boolean,
  signal?: AbortSignal,
): Promise<Outcome<readonly TreeEntry[]>> {
  const entries: TreeEntry[] = [];
  const take = (record: Buffer) => {
    const entry = parseRecord(record);
    if (entry !== undefined && wanted(entry.path.slice(entry.path.lastIndexOf("/") + 1)))
      entries.push(entry);
  };
  let rest: Buffer = Buffer.alloc(0);
  const result = await runGit({
    words: ["ls-tree", "-r", "-z", "--full-tree", commit],
    environment: objectEnvironment(objects),
    signal,
    onOutput(piece) {
      let start = 0;
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, start)) {
        take(bytes.subarray(start, end));
        start = end + 1;
      }
      rest = bytes.subarray(start);
    },
  });
  if ("gitFailure" in result) return { failure: stepFailure("list", result.gitFailure) };
  return { value: entries };
}

/** `100644 blob <id>\t<path>` */
function parseRecord(record: Buffer): TreeEntry | undefined {
  const tab = record.indexOf(9);
  const [mode, , id] = record.subarray(0, tab).toString("latin1").split(" ");
  if (tab === -1 || mode === undefined || id === undefined) return undefined;
  const path = record.subarray(tab + 1);
  return { path: path.toString("utf8"), mode, id, isUtf8: isUtf8(path) };
}
