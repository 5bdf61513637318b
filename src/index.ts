export type { BuildContext, FindBuildContext } from "./split/build-context.ts";
export { fix } from "./rewrite/engine.ts";
export type {
  FixOptions,
  FixResult,
  Location,
  Note,
  Problem,
  ReportedChange,
} from "./rewrite/result.ts";
export type { LayoutPreference, Level, TransformSettings } from "./rewrite/types.ts";
