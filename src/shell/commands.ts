import { forEachChild, type Command, type SyntaxNode } from "unbash";
import { readInvocation, type Invocation } from "./invocation.ts";
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

/** Whether the command runs whatever the others do, if the script gets to its end. */
export function runsInAnyCase(
  { node, ancestors }: SimpleCommand,
  { tree }: Script,
): boolean {
  return ancestors.every((ancestor) => {
    if (ancestor.type !== "AndOr") return isPlainGroup(ancestor);
    const index = ancestor.commands.findIndex(({ end }) => end >= node.end);
    const operators = ancestor.operators.slice(0, index);
    return (
      operators.length === 0 ||
      (operators.every((operator) => operator === "&&") && tree.commands.length === 1)
    );
  });
}

/** Whether the command stands in no condition and in no list with `||`. */
export function isUnconditional({ ancestors }: SimpleCommand): boolean {
  return ancestors.every(
    (node) =>
      isPlainGroup(node) || (node.type === "AndOr" && !node.operators.includes("||")),
  );
}

function isPlainGroup({ type }: SyntaxNode): boolean {
  return /^(Statement|BraceGroup|Subshell|CompoundList)$/.test(type);
}
