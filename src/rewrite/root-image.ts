import type { ImageReference, Stage } from "../dockerfile/types.ts";

/** The image that a stage stands on in the end; undefined for scratch. */
export function rootImage(stage: Stage): ImageReference | undefined {
  let { base } = stage;
  while (base.kind === "stage") ({ base } = base.stage);
  return base.kind === "image" ? base.image : undefined;
}
