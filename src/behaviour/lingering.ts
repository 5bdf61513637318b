import { forEachChild, parse, type Command, type SyntaxNode } from "unbash";
import { startsDaemon } from "../knowledge/daemons.ts";
import {
  changesRunScope,
  redirectsIntoRunScope,
  type RunPlace,
  type RunScope,
} from "../knowledge/run-scoped.ts";
import { nestedScript, readInvocation, type Invocation } from "../shell/invocation.ts";
import { literalValue } from "../shell/words.ts";

/** What lasts until a RUN ends: a background job, a process that a program leaves, or else. */
export type Lingering = "job" | "process" | RunScope;

/**
 * What a command leaves that lasts until its RUN ends, and no longer: a process, a replaced
 * shell, a removed working directory. Looks through `sudo`, `su -c '…'` and substitutions.
 */
export function lingeringOf(command: Command, place: RunPlace): Lingering | undefined {
  const invocation = readInvocation(command);
  const redirected = firstOf(command.redirects, (item) => redirects(item, place));
  if (redirected) return redirected;
  if (invocation?.program !== undefined) {
    const { program, programWord } = invocation;
    const args = invocation.args.map((arg) => literalValue(arg) ?? arg.text);
    if (startsDaemon(program, programWord.value, args)) return "process";
    const scope = changesRunScope(program, args, place);
    if (scope) return scope;
    const script = nestedScript(invocation) ?? ownScript(invocation);
    const nested = script === undefined ? undefined : lingeringIn(parse(script), place);
    if (nested) return nested;
  }
  return firstOf([...command.prefix, ...command.suffix], (item) =>
    hasSubstitution(item) ? lingeringIn(item, place) : undefined,
  );
}

export function lingers(command: Command, place: RunPlace): boolean {
  return lingeringOf(command, place) !== undefined;
}

/** The script that `eval` runs at once and `trap` later, in the shell itself. */
function ownScript({ program, args }: Invocation): string | undefined {
  if (program !== "eval" && program !== "trap") return undefined;
  const texts = args.map((arg) => (arg.type === "Word" ? arg.value : arg.text));
  return program === "eval" ? texts.join(" ") : texts.find((text) => text !== "--");
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T) => Lingering | undefined,
): Lingering | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}

function redirects(node: SyntaxNode, place: RunPlace): Lingering | undefined {
  if (node.type !== "Redirect" || node.operator === "<") return undefined;
  return (
    redirectsIntoRunScope(node.target?.value ?? "") ??
    (hasSubstitution(node) ? lingeringIn(node, place) : undefined)
  );
}

function hasSubstitution(node: SyntaxNode): boolean {
  if (node.type === "Word" || node.type === "Assignment")
    return (
      node.text.includes("$(") || node.text.includes("`") || /[<>]\(/.test(node.text)
    );
  return node.type !== "Redirect" || node.target !== undefined;
}

/** The same for everything inside a piece of a script, jobs in the background included. */
export function lingeringIn(node: SyntaxNode, place: RunPlace): Lingering | undefined {
  if (node.type === "Statement" && node.background) return "job";
  let found = node.type === "Command" ? lingeringOf(node, place) : undefined;
  forEachChild(node, (child) => {
    found ??= lingeringIn(child, place);
  });
  return found;
}
