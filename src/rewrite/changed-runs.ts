import type { Instruction, Stage } from "../dockerfile/types.ts";
import { runProgram, type ScriptProgram } from "./run-program.ts";
import type { TransformContext, TransformResult } from "../engine/types.ts";

/**
 * What a transform changes in the RUNs of a stage, one by one.
 *
 * @param callText matches the text of the calls that it is about: RUNs without them are passed
 *   over, and those with one that can't be read get a note
 */
export function changedRuns(
  stage: Stage,
  { dockerfile }: TransformContext,
  callText: RegExp,
  change: (run: Instruction, program: ScriptProgram) => TransformResult,
): TransformResult {
  const results = stage.instructions.flatMap((run): TransformResult[] => {
    const text = dockerfile.text.slice(run.range.start, run.range.end);
    if (run.keyword !== "RUN" || !(callText.test(run.body.text) || callText.test(text)))
      return [];
    const program = runProgram(run, dockerfile);
    return program.kind === "opaque"
      ? [{ changes: [], refusals: [{ range: run.range, reason: program.reason }] }]
      : [change(run, program)];
  });
  return {
    changes: results.flatMap(({ changes }) => changes),
    refusals: results.flatMap(({ refusals }) => refusals),
  };
}
