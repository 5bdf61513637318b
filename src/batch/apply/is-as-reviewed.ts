import type { ObjectStore } from "../git/objects.ts";
import { readTree } from "../git/read-tree.ts";
import type { Outcome } from "../target-state.ts";
import type { ApprovedFile } from "./approved-change.ts";

/** Whether a commit has the files as they were reviewed; others may be as they like. */
export async function isAsReviewed(
  objects: ObjectStore,
  commit: string,
  files: readonly ApprovedFile[],
  signal?: AbortSignal,
): Promise<Outcome<boolean>> {
  const names = new Set(files.map(({ path }) => path.slice(path.lastIndexOf("/") + 1)));
  const tree = await readTree(objects, commit, (name) => names.has(name), signal);
  if ("failure" in tree) return tree;
  const entries = new Map(tree.value.map((entry) => [entry.path, entry]));
  const value = files.every(({ path, mode, blob }) => {
    const entry = entries.get(path);
    return entry?.id === blob && entry.mode === mode;
  });
  return { value };
}
