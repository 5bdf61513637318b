import type { ConfigSettings } from "../../files/config-schema.ts";
import { defaultSettings } from "../../engine/default-settings.ts";
import type { Level } from "../../engine/types.ts";
import type { CampaignRules } from "./settings.ts";

interface KnownTransform {
  readonly id: string;
  readonly level: Level;
}

/**
 * What holds for a Dockerfile: the campaign's rules, tightened by the repository's own
 * config. No own setting makes a change possible that the campaign doesn't ask for; where a
 * setting says how and not whether, such as the layout, the own one counts if the campaign
 * leaves it open.
 *
 * @param transforms All there are.
 */
export function tightened(
  rules: CampaignRules,
  own: ConfigSettings,
  transforms: readonly KnownTransform[],
): CampaignRules {
  const settings = [rules.transforms ?? {}, own.transforms ?? {}];
  const defaults = defaultSettings["split-stages"];
  const clean = settings.map((each) => each["clean-package-cache"] ?? {});
  const split = settings.map((each) => each["split-stages"] ?? {});
  const refused = transforms.filter(
    ({ id, level }) =>
      // As `skip`, since `only` would run them whatever their level.
      (own.only !== undefined && !own.only.includes(id)) ||
      (level === "unsafe" && own.unsafe === false) ||
      (level === "proposal" && own.propose === false),
  );
  const skip = new Set([
    ...(rules.skip ?? []),
    ...(own.skip ?? []),
    ...refused.map(({ id }) => id),
  ]);
  const merge = settings.some((each) => each["merge-runs"]?.strategy === "when-it-saves")
    ? ("when-it-saves" as const)
    : rules.transforms?.["merge-runs"]?.strategy;
  const stages = clean.some((each) => each.stages === "image")
    ? ("image" as const)
    : clean[0]?.stages;
  const strategy = clean[0]?.strategy ?? clean[1]?.strategy;
  const megabytes = higher(
    split.map((each) => each.minimumMegabytes),
    defaults.minimumMegabytes,
  );
  const share = higher(
    split.map((each) => each.minimumShare),
    defaults.minimumShare,
  );
  return {
    unsafe: (rules.unsafe ?? false) && own.unsafe !== false,
    propose: (rules.propose ?? false) && own.propose !== false,
    ...(rules.only === undefined ? {} : { only: rules.only }),
    skip: [...skip].sort(),
    layout: { ...rules.layout, ...own.layout },
    transforms: {
      "merge-runs": { ...(merge === undefined ? {} : { strategy: merge }) },
      "clean-package-cache": {
        ...(stages === undefined ? {} : { stages }),
        ...(strategy === undefined ? {} : { strategy }),
      },
      "split-stages": {
        ...(megabytes === undefined ? {} : { minimumMegabytes: megabytes }),
        ...(share === undefined ? {} : { minimumShare: share }),
      },
    },
  };
}

/** Undefined where neither sets it; the campaign's default counts against the own value. */
function higher(
  [campaign, own]: readonly (number | undefined)[],
  byDefault: number,
): number | undefined {
  return own === undefined ? campaign : Math.max(campaign ?? byDefault, own);
}
