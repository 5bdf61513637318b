import type { Transform } from "../src/rewrite/types.ts";
import { cleanPackageCache } from "./clean-package-cache.ts";
import { mergeRuns } from "./merge-runs.ts";

/** The passes, in the order in which they run. */
export const transforms: readonly Transform[] = [mergeRuns, cleanPackageCache];
