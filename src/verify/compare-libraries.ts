import type { TreeNode } from "../images/tree/types.ts";
import type { Image } from "../images/types.ts";
import { forbiddenDifference } from "./forbidden-difference.ts";
import { missingLibraries } from "./missing-libraries.ts";
import type { Difference } from "./types.ts";

/** An image with the files that a container of it sees. */
export interface ImageTree {
  readonly image: Image;
  readonly root: TreeNode;
}

/** Files that lack a library which, before, they found. */
export function compareLibraries(before: ImageTree, after: ImageTree): Difference[] {
  const old = missingLibraries(before.root, before.image);
  return [...missingLibraries(after.root, after.image)].flatMap(([path, names]) => {
    const fresh = names.filter((name) => !(old.get(path)?.includes(name) ?? false));
    if (fresh.length === 0) return [];
    const message = `needs ${fresh.join(", ")}, which can't be found any more`;
    return [forbiddenDifference("library", path, message)];
  });
}
