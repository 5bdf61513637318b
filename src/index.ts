export type { BuildContext, FindBuildContext } from "./split/build-context.ts";
export { fix } from "./engine/engine.ts";
export type {
  FixOptions,
  FixResult,
  Location,
  Note,
  Problem,
  ReportedChange,
} from "./engine/result.ts";
export type { LayoutPreference, Level, TransformSettings } from "./engine/types.ts";
