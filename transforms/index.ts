import type { Transform } from "../src/engine/types.ts";
import { cleanPackageCache } from "./clean-package-cache.ts";
import { mergeRuns } from "./merge-runs.ts";
import { noCacheFlags } from "./no-cache-flags.ts";
import { noRecommends } from "./no-recommends.ts";
import { productionDependencies } from "./production-dependencies.ts";
import { removeBuildDependencies } from "./remove-build-dependencies.ts";
import { splitStages } from "./split-stages.ts";

/** The passes, in the order in which they run. */
export const transforms: readonly Transform[] = [
  splitStages,
  noCacheFlags,
  noRecommends,
  productionDependencies,
  mergeRuns,
  removeBuildDependencies,
  cleanPackageCache,
];
