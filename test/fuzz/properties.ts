/** What has to hold of `fix` for any text, as far as it shows without running a shell. */
import { isDeepStrictEqual } from "node:util";
import { keepsUntouchedLines } from "../../scripts/regress/untouched-lines.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { fix as dockerslimFix, type FixResult } from "../../src/index.ts";
import type { FuzzCase } from "./dockerfiles.ts";

export type Fix = typeof dockerslimFix;

export type Outcome =
  | { readonly kind: "unchanged" }
  | { readonly kind: "changed"; readonly output: string }
  /** Docker would refuse the text. */
  | { readonly kind: "invalid"; readonly reason: string }
  | Defect;

export interface Defect {
  readonly kind: "defect";
  /** What doesn't hold, the same words for each case. */
  readonly property: string;
  readonly detail: string;
  readonly output: string;
}

export function checkFix(
  { text, options, ids }: FuzzCase,
  fix: Fix = dockerslimFix,
): Outcome {
  let result: FixResult;
  try {
    result = fix(text, options);
  } catch (error) {
    const detail =
      error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: "defect", property: "fix doesn't throw", detail, output: text };
  }
  const { output, changes, problems } = result;
  const defect = (property: string, detail = ""): Defect => ({
    kind: "defect",
    property,
    detail,
    output,
  });
  const invalid = problems.find(({ kind }) => kind === "invalid-input");
  if (invalid && output !== text) return defect("bad input stays as it is");
  if (invalid) return { kind: "invalid", reason: invalid.message };
  const [internal] = problems;
  if (internal) return defect("there is no internal error", internal.message);
  const parsed = parseDockerfile(output).problems[0];
  if (parsed) return defect("the output is a Dockerfile", parsed.message);
  if ((output !== text) !== changes.length > 0)
    return defect("a change is reported where there is one");
  if (!keepsUntouchedLines(text, output, changes))
    return defect("lines outside of the changes stay as they are");
  const again = fix(output, options);
  if (again.output !== output || again.changes.length > 0)
    return defect("a second run changes nothing", again.output);
  const reversed = [...ids].reverse();
  const isOrderFree =
    isDeepStrictEqual(
      fix(text, { ...options, only: ids }),
      fix(text, { ...options, only: reversed }),
    ) &&
    isDeepStrictEqual(
      fix(text, { ...options, skip: ids }),
      fix(text, { ...options, skip: reversed }),
    );
  if (!isOrderFree)
    return defect("the order of only and skip doesn't matter", ids.join());
  return output === text ? { kind: "unchanged" } : { kind: "changed", output };
}
