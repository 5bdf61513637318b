import {
  forEachChild,
  parse,
  type ParsedScript,
  type SyntaxNode,
  type TestExpression,
} from "unbash";
import { oncePerText } from "../dockerfile/once-per.ts";
import type { Dialect } from "./dialect.ts";

export interface Script {
  readonly text: string;
  readonly tree: ParsedScript;
  /** Why nothing can be claimed of the script; undefined if it can be relied upon. */
  readonly unreadable: string | undefined;
  /** Start of the comment that ends a one-line script; undefined if there is none. */
  readonly commentStart: number | undefined;
  /** End of the last statement with its `&`, before any `;`, white space or comment. */
  readonly codeEnd: number;
}

/** A file rarely has more than a few dozen RUNs. */
const scriptLimit = 256;

const readers: Readonly<Record<Dialect, (text: string) => Script>> = {
  sh: oncePerText(scriptLimit, (text) => readScript(text, "sh")),
  bash: oncePerText(scriptLimit, (text) => readScript(text, "bash")),
};

/** Parses what the shell gets after `-c`. Offsets of the tree are offsets into `text`. */
export function parseScript(text: string, dialect: Dialect): Script {
  return readers[dialect](text);
}

function readScript(text: string, dialect: Dialect): Script {
  const tree = parse(text);
  const codeEnd = tree.commands.at(-1)?.end ?? 0;
  const rest = text.slice(codeEnd);
  const comment = /^[\s;&]*(?=#)/.exec(rest);
  return {
    text,
    tree,
    unreadable: whyUnreadable(tree, text, dialect),
    commentStart: comment ? codeEnd + comment[0].length : undefined,
    codeEnd,
  };
}

function whyUnreadable(
  tree: ParsedScript,
  text: string,
  dialect: Dialect,
): string | undefined {
  if (text.includes("\0")) return "it has a NUL byte";
  let reason: string | undefined;
  const visit = (node: SyntaxNode, isInFunction: boolean): void => {
    if (reason !== undefined || (node.type === "Word" && !/[$`(]/.test(node.text)))
      return;
    if (node.type === "Script") {
      const error = node.errors?.[0];
      if (error) reason = `its shell syntax is broken: ${error.message}`;
    }
    if (trapsErrors(node))
      reason = "whether a trap on ERR runs depends on the list that a command stands in";
    if (dialect === "sh") {
      const construct =
        bashConstruct(node) ?? (isInFunction ? undefined : strayReturn(node));
      if (construct !== undefined)
        reason = `${construct} means something else in dash than in bash`;
    }
    const isIn = isInFunction || node.type === "Function";
    forEachChild(node, (child) => {
      visit(child, isIn);
    });
  };
  visit(tree, false);
  return reason;
}

/** `trap … ERR`, or a trap on what only an expansion tells. */
function trapsErrors(node: SyntaxNode): boolean {
  return (
    node.type === "Command" &&
    node.name?.value === "trap" &&
    node.args.slice(1).some(({ text }) => /^["']?ERR\b|[$`]/.test(text))
  );
}

/**
 * Outside of a function and a sourced file, dash leaves the script by `return`; bash as `sh`
 * leaves it or goes on, depending on the list that it stands in.
 */
function strayReturn(node: SyntaxNode): string | undefined {
  return node.type === "Command" && node.name?.value === "return"
    ? "return outside of a function"
    : undefined;
}

/** Names a construct that dash either rejects or reads in another way than bash does. */
function bashConstruct(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case "ArithmeticCommand":
      return "(( … ))";
    case "ArithmeticFor":
      return "for (( … ))";
    case "Select":
      return "select";
    case "Coproc":
      return "coproc";
    case "ProcessSubstitution":
      return "process substitution";
    case "ArrayValue":
      return "an array";
    case "HereString":
      return "<<<";
    case "AnsiCQuoted":
      return node.text.includes("\\'") ? "$'…'" : undefined;
    case "ExtendedGlob":
      return "an extended glob";
    case "FileDescriptorVariable":
      return "{variable} redirection";
    case "Function":
      // `function f {` has white space or nothing between the name and the body.
      return node.pos === node.name.pos ? undefined : "function";
    case "Pipeline":
      return node.operators.includes("|&") ? "|&" : undefined;
    case "CaseItem":
      return node.terminator === undefined || node.terminator === ";;"
        ? undefined
        : node.terminator;
    case "Redirect":
      if (node.operator.startsWith("&>")) return node.operator;
      return node.operator === ">&" && !/^(\d+|-)$/.test(node.target?.text ?? "")
        ? ">& with a file name"
        : undefined;
    case "Assignment":
      return node.append || node.index ? "an array or += assignment" : undefined;
    case "TestCommand":
      // Without operators of its own, `[[ … ]]` is one simple command in either reading.
      return isPlainTest(node.expression)
        ? undefined
        : "[[ … ]] with operators or a pattern";
    default:
      return undefined;
  }
}

function isPlainTest(expression: TestExpression): boolean {
  switch (expression.type) {
    case "TestUnary":
      return true;
    case "TestBinary":
      return (
        !/[<>]/.test(expression.operator) && !/[()|&;<>]/.test(expression.right.text)
      );
    default:
      return false;
  }
}
