import { forEachChild, type Command, type SyntaxNode } from "unbash";
import { readInvocation, type Invocation } from "./invocation.ts";
import { isEnvironmentScript } from "../knowledge/sourced-scripts.ts";
import type { Script } from "./parse.ts";

export interface SimpleCommand {
  readonly node: Command;
  /** The nodes around it, outermost first, the script's root not among them. */
  readonly ancestors: readonly SyntaxNode[];
  /** Undefined for a bare assignment or redirection. */
  readonly invocation: Invocation | undefined;
}

const known = new WeakMap<Script, readonly SimpleCommand[]>();

/**
 * All simple commands of a script in the order of the text, also those inside functions,
 * loops and substitutions. Offsets of their nodes are offsets into the script; commands
 * inside backquotes with escapes are left out, because theirs would not be.
 */
export function simpleCommands(script: Script): readonly SimpleCommand[] {
  const cached = known.get(script);
  if (cached) return cached;
  const commands: SimpleCommand[] = [];
  const visit = (node: SyntaxNode, ancestors: readonly SyntaxNode[]): void => {
    if (node.type === "Script" && node.source !== undefined) return;
    // Words are parsed when somebody looks into them, and most hold no command.
    if (node.type === "Word" && !/[$`(]/.test(node.text)) return;
    if (node.type === "Command")
      commands.push({ node, ancestors, invocation: readInvocation(node) });
    const inside = node.type === "Script" ? ancestors : [...ancestors, node];
    forEachChild(node, (child) => {
      visit(child, inside);
    });
  };
  visit(script.tree, []);
  known.set(script, commands);
  return commands;
}

/**
 * Whether a script can't succeed without this command having been run: it stands in no
 * condition, loop or job, nor behind what may fail unseen or leave the script.
 */
export function isSureToRun(command: SimpleCommand, script: Script): boolean {
  const { node, ancestors } = command;
  // Whether the script's success means that of the part that is being looked at.
  let isNeeded = true;
  let list: readonly SyntaxNode[] = script.tree.commands;
  for (const ancestor of ancestors) {
    switch (ancestor.type) {
      case "Statement":
        if (ancestor.background === true) return false;
        isNeeded &&= ancestor === list.at(-1);
        break;
      case "AndOr": {
        const isAndList = ancestor.operators.every((operator) => operator === "&&");
        const isFirst = (ancestor.commands[0]?.end ?? 0) >= node.end;
        if (!isFirst && !(isNeeded && isAndList)) return false;
        isNeeded &&= isAndList;
        break;
      }
      case "BraceGroup":
      case "Subshell":
        list = ancestor.body.commands;
        break;
      case "CompoundList":
        break;
      default:
        return false;
    }
  }
  return !simpleCommands(script).some(
    (other) => other.node.pos < node.pos && mayLeave(other.node),
  );
}

/**
 * Whether a command may leave its script, or a loop, with success: `exit 0`, `exec`, `break`,
 * and what runs code in the same shell that may do so.
 */
export function mayLeave({ name, suffix }: Command): boolean {
  const words = [name, ...suffix].filter((word) => word?.type === "Word");
  const start = words.findIndex(({ value }) => !/^(command|builtin|-p|--)$/.test(value));
  const [program, first] = words.slice(Math.max(start, 0));
  if (program?.value === "exit") return !/^[1-9]\d?$/.test(first?.text ?? "");
  if (/^(\.|source)$/.test(program?.value ?? ""))
    return !isEnvironmentScript(first?.text ?? "");
  return /^(return|break|continue|exec|eval|trap)$/.test(program?.value ?? "");
}
