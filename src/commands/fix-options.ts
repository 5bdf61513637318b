import type { Config } from "../files/config.ts";
import type { FixOptions, LayoutPreference } from "../index.ts";

/** Options of the command line; undefined ones are taken from the config. */
export interface ChosenTransforms {
  readonly unsafe: boolean | undefined;
  readonly propose: boolean | undefined;
  readonly only: readonly string[] | undefined;
  readonly skip: readonly string[] | undefined;
}

/** The command line wins over the config, and both over prettier and .editorconfig. */
export function fixOptions(
  chosen: ChosenTransforms,
  { settings }: Config,
  applyingLayout: Partial<LayoutPreference>,
): FixOptions {
  const { only = settings.only } = chosen;
  // A transform that the command line names is not skipped because the config says so.
  const skip =
    chosen.skip ?? settings.skip?.filter((id) => !(chosen.only?.includes(id) ?? false));
  const { indent, operator } = settings.layout ?? {};
  const strategy = settings.transforms?.["merge-runs"]?.strategy;
  const stages = settings.transforms?.["clean-package-cache"]?.stages;
  return {
    unsafe: chosen.unsafe ?? settings.unsafe ?? false,
    propose: chosen.propose ?? settings.propose ?? false,
    ...(only === undefined ? {} : { only }),
    ...(skip === undefined ? {} : { skip }),
    settings: {
      ...(strategy === undefined ? {} : { "merge-runs": { strategy } }),
      ...(stages === undefined ? {} : { "clean-package-cache": { stages } }),
    },
    layout: {
      ...applyingLayout,
      ...(indent === undefined
        ? {}
        : { indent: indent === "tab" ? "\t" : " ".repeat(indent) }),
      ...(operator === undefined ? {} : { operator }),
    },
  };
}
