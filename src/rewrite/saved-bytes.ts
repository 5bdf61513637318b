import type { Instruction, Stage } from "../dockerfile/types.ts";
import { distributionOf } from "../knowledge/base-distributions.ts";
import { cacheSize, type CacheSize } from "../knowledge/sizes.ts";
import { rootImage } from "./root-image.ts";

/**
 * What a clean-up or an option that keeps a manager's package index out of the layer saves,
 * where that was measured for the distribution of the base image. Caches that grow with what
 * is installed have no figure: how much that will be, the Dockerfile doesn't tell.
 */
export function indexSize(
  { stage }: Instruction,
  manager: string,
): CacheSize | undefined {
  const distribution = stage && stageDistribution(stage);
  if (!distribution) return undefined;
  const { family, release } = distribution;
  const size = cacheSize({
    manager,
    kind: "update",
    family,
    ...(release === undefined ? {} : { release }),
  });
  return size?.entry.base.family === family ? size : undefined;
}

function stageDistribution(stage: Stage): ReturnType<typeof distributionOf> {
  const image = rootImage(stage);
  return image && distributionOf(image);
}
