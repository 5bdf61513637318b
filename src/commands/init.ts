import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { configName } from "../files/config.ts";
import { errorCode, systemReason } from "../files/problem.ts";
import { transforms } from "../../transforms/index.ts";

/** Writes a commented config into a folder; a string says why that was impossible. */
export async function initConfig(folder: string): Promise<string | undefined> {
  try {
    await writeFile(resolve(folder, configName), template(), { flag: "wx" });
    return undefined;
  } catch (error) {
    return errorCode(error) === "EEXIST"
      ? `${configName} exists already; it was left as it is.`
      : `${configName} can't be written: ${systemReason(error)}.`;
  }
}

function template(): string {
  const ids = transforms.map(({ id }) => id).join(", ");
  return `{
  // For completion in editors, where the package is installed in this folder.
  // "$schema": "./node_modules/dockerslim/dist/schema.json",

  // Also apply changes that alter behaviour in a way that is usually wanted.
  "unsafe": false,

  // Also apply proposals, which need a person's judgement.
  "propose": false,

  // Run these transforms alone, whatever their level: ${ids}.
  // "only": [],

  // Leave these transforms out.
  "skip": [],

  // Files to leave alone: globs relative to this file, as in .gitignore.
  "ignore": [],

  // How a merged RUN is laid out where the file itself shows no habit. Without these,
  // the .editorconfig or prettier config that applies decides, then 4 and "leading".
  "layout": {
    // "indent": 4, // "tab" or a number of spaces from 1 to 8
    // "operator": "leading" // && at the start of a line; or "trailing"
  },

  // Whether "dockerslim batch" may propose changes here.
  "batch": true,

  "verify": {
    // Files in an image that may differ: globs as in .gitignore, relative to its root.
    "mayDiffer": []
  },

  "transforms": {
    "split-stages": {
      // A split is proposed that is expected to save so many MB, or this share of the image.
      "minimumMegabytes": 50,
      "minimumShare": 0.2
    },
    "merge-runs": {
      // "always", or "when-it-saves": only where the image gets smaller.
      "strategy": "always"
    },
    "clean-package-cache": {
      // "image": stages whose files are part of the final image; or "all".
      "stages": "image",
      // "remove", or "cache-mount": keep them in BuildKit cache mounts where that is safe.
      "strategy": "remove"
    }
  }
}
`;
}
