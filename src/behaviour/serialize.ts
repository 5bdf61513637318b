import { forEachChild, type SyntaxNode } from "unbash";

/**
 * A text that two nodes share exactly if they are the same but for the white space between
 * their words, which a rewrite may change.
 */
export function serialize(node: SyntaxNode, text: string): string {
  switch (node.type) {
    case "Word":
    case "Assignment":
    case "ArithmeticCommand":
    case "TestCommand":
      return text.slice(node.pos, node.end);
    case "HereDoc":
      return `${text.slice(node.pos, node.end)}\n${node.body.text}`;
    case "Redirect":
    case "HereString": {
      const { descriptor, operator, target } = node;
      const number = descriptor ? text.slice(descriptor.pos, descriptor.end) : "";
      return `${number}${operator}${target?.text ?? ""}`;
    }
    default: {
      const children: string[] = [];
      forEachChild(node, (child) => {
        children.push(serialize(child, text));
      });
      return `${node.type}${details(node)}(${children.join(" ")})`;
    }
  }
}

/** What a node says besides its children. */
function details(node: SyntaxNode): string {
  switch (node.type) {
    case "Statement":
      return node.background ? "&" : "";
    case "AndOr":
    case "Pipeline":
      return node.operators.join("");
    case "While":
      return node.kind;
    case "CaseItem":
      return node.terminator ?? "";
    case "For":
    case "Select":
      return node.wordlist ? " in" : "";
    default:
      return "";
  }
}
