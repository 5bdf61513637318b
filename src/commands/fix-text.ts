import { fix, type FixOptions, type FixResult } from "../index.ts";
import { buildContextOf } from "../files/build-context.ts";
import { crash, type FileProblem } from "../files/problem.ts";
import { unifiedDiff } from "../output/diff.ts";

/** A text to rewrite: plain data, so that it can be sent to another thread. */
export interface TextTask {
  readonly text: string;
  readonly options: FixOptions;
  /** The path that a diff of the changes names; undefined where none is wanted. */
  readonly diffPath: string | undefined;
  /** Absolute path of the Dockerfile; undefined where it doesn't lie in a folder. */
  readonly dockerfile: string | undefined;
  /** Whether anybody reads the notes, of which there are more than of anything else. */
  readonly withNotes: boolean;
  /** Whether anybody reads what would be changed if it were asked for. */
  readonly withProposals: boolean;
}

export interface FixedText extends Omit<FixResult, "output"> {
  /** The rewritten text; absent where it is the same as before. */
  readonly output?: string;
  /** Unified diff, where something changed and one is wanted. */
  readonly diff?: string;
}

/** Rewrites a text, in whichever thread. Doesn't throw: a defect of the tool is a problem. */
export function fixText({
  text,
  options,
  diffPath,
  dockerfile,
  withNotes,
  withProposals,
}: TextTask): FixedText | FileProblem {
  try {
    const { output, notes, ...rest } = fix(text, {
      ...options,
      ...(dockerfile === undefined
        ? {}
        : { findBuildContext: buildContextOf(dockerfile) }),
      listProposals: withProposals,
    });
    const fixed = { ...rest, notes: withNotes ? notes : [] };
    if (output === text) return fixed;
    if (diffPath === undefined) return { ...fixed, output };
    return { ...fixed, output, diff: unifiedDiff(diffPath, text, output) };
  } catch (error) {
    return crash(error);
  }
}
