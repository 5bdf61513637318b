import { forEachChild, type CompoundList, type SyntaxNode } from "unbash";
import { mayLeave } from "./commands.ts";
import { literalValue } from "./words.ts";

type IsOne = (node: SyntaxNode) => boolean;

/**
 * Whether one of certain commands has succeeded wherever this node has. That it was executed
 * isn't enough: a script may try a program to find out whether there is one.
 *
 * @param isOne for a simple command: whether it is one of them
 */
export function succeedsOnlyWith(node: SyntaxNode, isOne: IsOne): boolean {
  return node.type === "Command"
    ? isOne(node)
    : !mayEndEarly(node) && isSure(node, isOne);
}

function isSure(node: SyntaxNode, isOne: IsOne): boolean {
  const isSureList = ({ commands }: CompoundList): boolean => {
    const last = commands.at(-1);
    return last !== undefined && !last.background && isSure(last.command, isOne);
  };
  switch (node.type) {
    case "Command":
      return isOne(node);
    case "AndOr":
      return node.commands.reduce((sure, element, index) => {
        const isElementSure = isSure(element, isOne);
        return node.operators[index - 1] === "||"
          ? sure && isElementSure
          : sure || isElementSure;
      }, false);
    case "Pipeline": {
      // Without pipefail, the status of the last one counts alone.
      const last = node.commands.at(-1);
      return node.prefixes.length === 0 && last !== undefined && isSure(last, isOne);
    }
    case "Redirected":
      return isSure(node.command, isOne);
    case "Subshell":
    case "BraceGroup":
      return isSureList(node.body);
    case "If":
      return (
        node.else !== undefined &&
        [node.then, ...node.elif.map(({ then }) => then), node.else].every(isSureList)
      );
    case "While":
      return node.kind === "until" && isSureList(node.clause);
    case "For":
      // A list of which something is written out isn't empty.
      return (
        (node.wordlist ?? []).some((word) => literalValue(word) !== undefined) &&
        isSureList(node.body)
      );
    default:
      return false;
  }
}

function mayEndEarly(node: SyntaxNode): boolean {
  if (node.type === "Command") return mayLeave(node);
  let found = false;
  forEachChild(node, (child) => {
    found ||= mayEndEarly(child);
  });
  return found;
}
