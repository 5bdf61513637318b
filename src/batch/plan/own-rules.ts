import { fixOptions } from "../../commands/fix-options.ts";
import type { ConfigSettings } from "../../files/config-schema.ts";
import { parseConfig } from "../../files/config-parse.ts";
import { configName } from "../../files/config.ts";
import { ignoreMatcher, type IgnoreMatcher } from "../../files/ignore.ts";
import { decode } from "../../files/read.ts";
import type { FixOptions } from "../../index.ts";
import type { Transform } from "../../engine/types.ts";
import { tightened } from "../campaign/policy.ts";
import type { CampaignRules } from "../campaign/settings.ts";
import type { Blob } from "../git/read-blobs.ts";
import type { TreeEntry } from "../git/read-tree.ts";
import type { StepFailure } from "../target-state.ts";
import { configsAbove, type Candidates } from "./dockerfiles.ts";
import { rulesDigest } from "./digest.ts";

/** Under what a Dockerfile is rewritten. */
export interface FileRules {
  readonly options: FixOptions;
  readonly digest: string;
}

export interface OwnRules {
  /** Undefined where the repository's own config leaves the file alone. */
  readonly rulesOf: (path: string) => FileRules | undefined;
  /** The repository says that no campaign may propose changes. */
  readonly optedOut: (path: string) => boolean;
}

interface Config {
  readonly settings: ConfigSettings;
  readonly isIgnored: IgnoreMatcher;
}

/**
 * The campaign's rules as the configs of one repository tighten them.
 *
 * @param blobs The configs' texts.
 * @returns Why a config can't be used: the repository is left alone then.
 */
export async function ownRules(
  campaign: CampaignRules,
  { configs }: Candidates,
  blobs: ReadonlyMap<string, Blob>,
  transforms: readonly Transform[],
): Promise<OwnRules | StepFailure> {
  const ids = transforms.map(({ id }) => id);
  const read = new Map<string, Config>();
  for (const [folder, entry] of configs) {
    const settings = settingsOf(entry, blobs.get(entry.id), ids);
    if ("class" in settings) return settings;
    const isIgnored = await ignoreMatcher(`/${folder}`, settings.ignore ?? []);
    read.set(folder, { settings, isIgnored });
  }
  const byFolder = new Map<string, FileRules>();
  const rulesIn = (folder: string, own: ConfigSettings) => {
    const known = byFolder.get(folder);
    if (known !== undefined) return known;
    const settings = tightened(campaign, own, transforms);
    const options = fixOptions(noChoice, { settings, isIgnored: () => false }, {});
    const rules = { options, digest: rulesDigest(options) };
    byFolder.set(folder, rules);
    return rules;
  };
  const configsOf = (path: string) =>
    configsAbove(path, configs).flatMap(({ folder }) => {
      const config = read.get(folder);
      return config === undefined ? [] : [{ folder, ...config }];
    });
  return {
    optedOut: (path) => configsOf(path).some(({ settings }) => settings.batch === false),
    rulesOf(path) {
      const config = configsOf(path).at(-1);
      if (config?.isIgnored(`/${path}`)) return undefined;
      return rulesIn(config?.folder ?? "none", config?.settings ?? {});
    },
  };
}

/** Nothing comes from the command line: the campaign has it already. */
const noChoice = {
  unsafe: undefined,
  propose: undefined,
  only: undefined,
  skip: undefined,
  cleanup: undefined,
};

function settingsOf(
  { path, mode }: TreeEntry,
  blob: Blob | undefined,
  ids: readonly string[],
): ConfigSettings | StepFailure {
  if (mode !== "100644" && mode !== "100755")
    return broken(path, "it is no regular file");
  if (blob === undefined || "missing" in blob) return broken(path, "it can't be read");
  if ("tooLarge" in blob) return broken(path, "it is too large");
  const content = decode(blob.bytes);
  if ("kind" in content) return broken(path, content.message);
  try {
    const settings = parseConfig(content.text, ids);
    if (!("kind" in settings)) return settings;
    const place = `${path}:${settings.line ?? 1}:${settings.column ?? 1}`;
    return broken(place, settings.message, settings.hint);
  } catch {
    // Nested so deeply that reading it exceeds the stack.
    return broken(path, "it can't be read");
  }
}

function broken(place: string, reason: string, hint = ""): StepFailure {
  return {
    class: "left-out",
    step: "plan",
    message: `the repository's own ${configName} is broken: ${place}: ${reason}`,
    hint: hint === "" ? "Its owners have to put it right" : hint,
  };
}
