import type { Difference } from "./types.ts";

/** A difference that nothing allows, in something other than the files themselves. */
export function forbiddenDifference(
  kind: Exclude<Difference["kind"], "file">,
  subject: string,
  message: string,
): Difference {
  return {
    kind,
    subject,
    message,
    files: 1,
    bytes: 0,
    judgement: "differs",
    reason: "",
  };
}
