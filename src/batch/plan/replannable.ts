import type { TargetState } from "../target-state.ts";

/** What planning looks at; the others have a branch or a request, or have opted out. */
export const replannableStates = [
  "discovered",
  "unchanged",
  "planned",
  "skipped",
  "failed",
] as const satisfies readonly TargetState[];
