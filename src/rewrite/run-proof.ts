import { findDifference } from "../behaviour/compare.ts";
import { UnmodelledError } from "../behaviour/graph.ts";
import { runSequence } from "../behaviour/run-sequence.ts";
import { createHistories } from "../behaviour/state.ts";
import { TooComplexError } from "../behaviour/step.ts";
import { parseScript } from "../shell/parse.ts";
import { allowanceFor } from "./allowance.ts";
import { applyEdits } from "./edit.ts";
import type { ScriptProgram } from "./run-program.ts";
import type { Declarations, Edit } from "./types.ts";

/**
 * Whether a RUN whose script is edited like this does the same as before, apart from what is
 * declared. Saves a transform from offering what the engine would reject.
 *
 * @param edits offsets are those of the script
 */
export function isProvenRun(
  program: ScriptProgram,
  edits: readonly Edit[],
  declarations: readonly Declarations[],
): boolean {
  const text = applyEdits(program.script.text, edits);
  const script = parseScript(text, program.shell.dialect);
  if (script.unreadable !== undefined) return false;
  const rewritten = script.tree.commands.length === 0 ? [] : [{ ...program, script }];
  const histories = createHistories();
  try {
    const difference = findDifference(
      runSequence([program], histories),
      runSequence(rewritten, histories),
      allowanceFor(declarations),
    );
    return difference === undefined;
  } catch (error) {
    if (error instanceof TooComplexError || error instanceof UnmodelledError)
      return false;
    throw error;
  }
}
