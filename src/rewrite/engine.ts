import type { FixOptions, FixResult } from "./result.ts";

export function fix(text: string, options: FixOptions = {}): FixResult {
  return {
    output: text,
    changes: [],
    proposals: [],
    problems: [],
    notes: options.only ? [] : [],
    runCount: { before: 0, after: 0 },
  };
}
