import { forEachChild, parse, type Command, type SyntaxNode } from "unbash";
import { startsDaemon } from "../knowledge/daemons.ts";
import {
  changesRunScope,
  redirectsIntoRunScope,
  type RunPlace,
} from "../knowledge/run-scoped.ts";
import { nestedScript, readInvocation } from "../shell/invocation.ts";
import { literalValue } from "../shell/words.ts";

/**
 * Whether a command leaves something that lasts until its RUN ends, and no longer: a process,
 * a replaced shell, a removed working directory. Looks through `sudo`, `su -c '…'` and
 * substitutions.
 */
export function lingers(command: Command, place: RunPlace): boolean {
  const invocation = readInvocation(command);
  if (command.redirects.some((item) => redirects(item, place))) return true;
  if (invocation?.program !== undefined) {
    const { program, programWord } = invocation;
    const args = invocation.args.map((arg) => literalValue(arg) ?? arg.text);
    if (startsDaemon(program, programWord.value, args)) return true;
    if (changesRunScope(program, args, place)) return true;
    const script = nestedScript(invocation);
    if (script !== undefined && containsLingering(parse(script), place)) return true;
  }
  return [...command.prefix, ...command.suffix].some(
    (item) => hasSubstitution(item) && containsLingering(item, place),
  );
}

function redirects(node: SyntaxNode, place: RunPlace): boolean {
  if (node.type !== "Redirect" || node.operator === "<") return false;
  return (
    redirectsIntoRunScope(node.target?.value ?? "") ||
    (hasSubstitution(node) && containsLingering(node, place))
  );
}

function hasSubstitution(node: SyntaxNode): boolean {
  if (node.type === "Word" || node.type === "Assignment")
    return (
      node.text.includes("$(") || node.text.includes("`") || /[<>]\(/.test(node.text)
    );
  return node.type !== "Redirect" || node.target !== undefined;
}

function containsLingering(node: SyntaxNode, place: RunPlace): boolean {
  if (node.type === "Statement" && node.background) return true;
  if (node.type === "Command" && lingers(node, place)) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= containsLingering(child, place);
  });
  return found;
}
