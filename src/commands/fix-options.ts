import type { Config } from "../files/config.ts";
import type { FixOptions, LayoutPreference } from "../index.ts";
import type { TransformSettings } from "../engine/types.ts";

/** Options of the command line; undefined ones are taken from the config. */
export interface ChosenTransforms {
  readonly unsafe: boolean | undefined;
  readonly propose: boolean | undefined;
  readonly only: readonly string[] | undefined;
  readonly skip: readonly string[] | undefined;
  /** The strategy of `clean-package-cache`. */
  readonly cleanup: TransformSettings["clean-package-cache"]["strategy"] | undefined;
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
  const merging = settings.transforms?.["merge-runs"]?.strategy;
  const cleanup =
    chosen.cleanup ?? settings.transforms?.["clean-package-cache"]?.strategy;
  const stages = settings.transforms?.["clean-package-cache"]?.stages;
  const { minimumMegabytes, minimumShare } = settings.transforms?.["split-stages"] ?? {};
  return {
    unsafe: chosen.unsafe ?? settings.unsafe ?? false,
    propose: chosen.propose ?? settings.propose ?? false,
    ...(only === undefined ? {} : { only }),
    ...(skip === undefined ? {} : { skip }),
    settings: {
      ...(merging === undefined ? {} : { "merge-runs": { strategy: merging } }),
      "split-stages": {
        ...(minimumMegabytes === undefined ? {} : { minimumMegabytes }),
        ...(minimumShare === undefined ? {} : { minimumShare }),
      },
      "clean-package-cache": {
        ...(stages === undefined ? {} : { stages }),
        ...(cleanup === undefined ? {} : { strategy: cleanup }),
      },
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
