import { forEachChild, type SyntaxNode } from "unbash";
import type { Script } from "./parse.ts";

/**
 * Parameters that tell two shells from one: a merged RUN is one process with one history.
 * POSIX.1-2017, 2.5.2 "Special Parameters"; bash manual, "Bash Variables".
 */
const processParameters: ReadonlySet<string> = new Set([
  "$",
  "!",
  "_",
  "-",
  "BASHPID",
  "BASH_COMMAND",
  "BASH_LINENO",
  "BASH_SOURCE",
  "BASH_EXECUTION_STRING",
  "EPOCHREALTIME",
  "HISTCMD",
  "LINENO",
  "OLDPWD",
  "PIPESTATUS",
  "PPID",
  "RANDOM",
  "SECONDS",
  "SHLVL",
  "SRANDOM",
]);

/** Builtins that show the shell's own history. */
const processCommands: ReadonlySet<string> = new Set(["history", "fc", "jobs"]);

/** The parameter or builtin by which the script can see that it shares a shell, if any. */
export function processStateRead(script: Script): string | undefined {
  let found: string | undefined;
  const visit = (node: SyntaxNode): void => {
    if (found !== undefined) return;
    if (node.type === "SimpleExpansion" && processParameters.has(node.text.slice(1)))
      found = node.text;
    if (node.type === "ParameterExpansion" && processParameters.has(node.parameter))
      found = `\${${node.parameter}}`;
    if (node.type === "Command" && processCommands.has(node.name?.value ?? ""))
      found = node.name?.value;
    forEachChild(node, visit);
  };
  visit(script.tree);
  return found;
}
