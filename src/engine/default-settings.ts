import type { TransformSettings } from "./types.ts";

export const defaultSettings: TransformSettings = {
  "merge-runs": { strategy: "always" },
  "clean-package-cache": { stages: "image", strategy: "remove" },
  "split-stages": { minimumMegabytes: 50, minimumShare: 0.2 },
};
