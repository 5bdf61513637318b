import { judge, type Judgement } from "../behaviour/judge.ts";
import { parseScript } from "../shell/parse.ts";
import { allowanceFor } from "./allowance.ts";
import { applyEdits } from "./edit.ts";
import type { ScriptProgram } from "../rewrite/run-program.ts";
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
  return judgeRun(program, edits, declarations).kind === "same";
}

/** The same, with what speaks against it. */
export function judgeRun(
  program: ScriptProgram,
  edits: readonly Edit[],
  declarations: readonly Declarations[],
): Judgement {
  const text = applyEdits(program.script.text, edits);
  const script = parseScript(text, program.shell.dialect);
  if (script.unreadable !== undefined)
    return { kind: "undecided", reason: script.unreadable };
  const rewritten = script.tree.commands.length === 0 ? [] : [{ ...program, script }];
  return judge([program], rewritten, allowanceFor(declarations));
}
