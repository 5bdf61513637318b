import { compareConfiguration } from "./compare-configuration.ts";
import { compareFiles } from "./compare-files.ts";
import { compareLibraries, type ImageTree } from "./compare-libraries.ts";
import type { Allowance } from "./may-differ.ts";
import type { Difference } from "./types.ts";

/** Everything in which two images differ, allowed or not. */
export function compareImages(
  before: ImageTree,
  after: ImageTree,
  allowed: Allowance,
): Difference[] {
  return [
    ...compareConfiguration(before.image, after.image),
    ...compareFiles(before.root, after.root, allowed),
    ...compareLibraries(before, after),
  ];
}
