import { stateBefore } from "../dockerfile/state.ts";
import type { Dockerfile } from "../dockerfile/types.ts";
import type { SyntaxNode } from "unbash";
import { simpleCommands } from "../shell/commands.ts";
import { sourceWords } from "../behaviour/simple-command.ts";
import { runProgram } from "../rewrite/run-program.ts";
import { succeedsOnlyWith } from "../shell/sure-success.ts";
import type { AddedUpdate } from "./types.ts";

/**
 * Why a command that a RUN gets may be another one than the earlier RUN has, word for word
 * and run by the same user, or one that needn't have succeeded there.
 */
export function whyNotRepeated(
  { from, to, command }: AddedUpdate,
  dockerfile: Dockerfile,
): string | undefined {
  if (from.stage === undefined || from.stage !== to.stage || from.index >= to.index)
    return `“${command}” is repeated in front of its first time`;
  if (from.flags.length > 0 || to.flags.length > 0)
    return `“${command}” is repeated under other flags`;
  if (stateBefore(from, dockerfile).user !== stateBefore(to, dockerfile).user)
    return `“${command}” is repeated by another user`;
  const program = runProgram(from, dockerfile);
  const [statement, ...others] =
    program.kind === "script" ? program.script.tree.commands : [];
  if (program.kind !== "script" || !statement || statement.background)
    return `“${command}” is in no script`;
  const same = new Set<SyntaxNode>(
    simpleCommands(program.script)
      .filter(({ node }) => sourceWords(node, program.script.text).join(" ") === command)
      .map(({ node }) => node),
  );
  return others.length === 0 &&
    succeedsOnlyWith(statement.command, (node) => same.has(node))
    ? undefined
    : `“${command}” need not have succeeded before`;
}
