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
  "BASH_SUBSHELL",
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

/** Of these, the ones that tell a script whether it stands in a subshell or beside others. */
const depthParameters: ReadonlySet<string> = new Set([
  "BASHPID",
  "BASH_COMMAND",
  "BASH_EXECUTION_STRING",
  "BASH_SUBSHELL",
]);

/** Of these, the ones that tell which command came just before, or how many did. */
const historyParameters: ReadonlySet<string> = new Set([
  "_",
  "BASH_COMMAND",
  "HISTCMD",
  "PIPESTATUS",
]);

const known = new WeakMap<Script, { readonly name: string | undefined }>();

/** The parameter or builtin by which the script can see that others came before, if any. */
export function processStateRead(script: Script): string | undefined {
  let read = known.get(script);
  if (!read) {
    read = { name: readOf(script, processParameters, processCommands) };
    known.set(script, read);
  }
  return read.name;
}

/** The parameter by which the script can see that others follow, if any. */
export function shellDepthRead(script: Script): string | undefined {
  // Whoever reads none of the many reads none of the few.
  if (processStateRead(script) === undefined) return undefined;
  return readOf(script, depthParameters, new Set());
}

/**
 * The part of the script's text, from its start, in which a command can't come or go unseen:
 * up to the last command that looks back. Empty where none does.
 */
export function watchedText(script: Script): string {
  if (processStateRead(script) === undefined) return "";
  const last = readers(script, historyParameters, processCommands).at(-1);
  return script.text.slice(0, last?.end ?? 0);
}

function readOf(
  script: Script,
  parameters: ReadonlySet<string>,
  commands: ReadonlySet<string>,
): string | undefined {
  return readers(script, parameters, commands)[0]?.name;
}

interface Reader {
  readonly name: string;
  /** Offset into the script. */
  readonly end: number;
}

function readers(
  script: Script,
  parameters: ReadonlySet<string>,
  commands: ReadonlySet<string>,
): Reader[] {
  const found: Reader[] = [];
  const add = (name: string, { end }: SyntaxNode) => found.push({ name, end });
  const visit = (node: SyntaxNode): void => {
    // Words are parsed when somebody looks into them, and most hold no expansion.
    if (node.type === "Word" && !/[$`(]/.test(node.text)) return;
    if (node.type === "SimpleExpansion" && parameters.has(node.text.slice(1)))
      add(node.text, node);
    if (node.type === "ParameterExpansion" && parameters.has(node.parameter))
      add(`\${${node.parameter}}`, node);
    if (node.type === "Command" && commands.has(node.name?.value ?? ""))
      add(node.name?.value ?? "", node);
    forEachChild(node, visit);
  };
  visit(script.tree);
  return found;
}
