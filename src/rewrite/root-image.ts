import type { ImageReference, Stage, StageBase } from "../dockerfile/types.ts";

const known = new WeakMap<Stage, StageBase>();

/** What a stage stands on in the end: an image or scratch. */
export function rootBase(stage: Stage): StageBase {
  const above: Stage[] = [];
  let current = stage;
  let base = known.get(current);
  while (!base) {
    above.push(current);
    if (current.base.kind === "stage") {
      current = current.base.stage;
      base = known.get(current);
    } else base = current.base;
  }
  for (const other of above) known.set(other, base);
  return base;
}

/** The image that a stage stands on in the end; undefined for scratch. */
export function rootImage(stage: Stage): ImageReference | undefined {
  const base = rootBase(stage);
  return base.kind === "image" ? base.image : undefined;
}
