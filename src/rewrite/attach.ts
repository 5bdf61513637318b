import type { Case, CompoundList, If, Statement, SyntaxNode } from "unbash";

/** Where a clean-up goes: behind the list element that ends at `end`. */
export interface Attachment {
  readonly start: number;
  readonly end: number;
  /** The element is the right side of `||`: it and its clean-up need braces. */
  readonly needsBraces: boolean;
  /** Inside a group, a branch or the like. */
  readonly isNested: boolean;
}

type Concerns = (node: SyntaxNode) => boolean;

/**
 * The places at which a clean-up runs after every command that `concerns` names and that has
 * run: mostly one, in a conditional one per branch. Undefined where there is no such place.
 */
export function attachments(
  statements: readonly Statement[],
  concerns: Concerns,
  isNested = false,
): Attachment[] | undefined {
  const index = statements.findLastIndex(concerns);
  const statement = statements[index];
  if (!statement || statement.background) return undefined;
  const isOnly = !statements.slice(0, index).some(concerns);
  return attachTo(statement.command, concerns, isOnly, isNested);
}

/** @param isOnly no command before the node concerns the cache */
function attachTo(
  node: SyntaxNode,
  concerns: Concerns,
  isOnly: boolean,
  isNested: boolean,
): Attachment[] | undefined {
  const behind = [{ start: node.pos, end: node.end, needsBraces: false, isNested }];
  switch (node.type) {
    case "AndOr": {
      const index = node.commands.findLastIndex(concerns);
      const element = node.commands[index];
      if (!element) return undefined;
      const isOnlyElement = !node.commands.slice(0, index).some(concerns);
      if (node.operators[index - 1] !== "||")
        return attachTo(element, concerns, isOnly && isOnlyElement, isNested);
      // `a || b && c` means `(a || b) && c`: right if a installs too, else too much.
      const { pos: start, end } = element;
      return [{ start, end, needsBraces: isOnlyElement, isNested }];
    }
    case "Pipeline":
      if (node.prefixes.some(({ type }) => type === "Negation")) return undefined;
      return isOnly && mayNotInstall(node, concerns) ? undefined : behind;
    case "Redirected":
      return isOnly && mayNotInstall(node, concerns) ? undefined : behind;
    case "Subshell":
    case "BraceGroup":
      return attachments(node.body.commands, concerns, true);
    case "If":
      return isOnly
        ? (inBranches(branchesOf(node), clausesOf(node), concerns) ?? behind)
        : behind;
    case "Case":
      return isOnly ? (inBranches(itemsOf(node), [], concerns) ?? behind) : behind;
    case "Function":
      return undefined;
    default:
      return behind;
  }
}

/** Behind a branch that isn't taken, even the program of the clean-up may be missing. */
function mayNotInstall(node: SyntaxNode, concerns: Concerns): boolean {
  const every = (nodes: readonly SyntaxNode[]): boolean =>
    nodes.filter(concerns).every((inner) => mayNotInstall(inner, concerns));
  switch (node.type) {
    case "If":
    case "Case":
      return true;
    case "Pipeline":
    case "AndOr":
      return every(node.commands);
    case "Redirected":
      return mayNotInstall(node.command, concerns);
    case "Subshell":
    case "BraceGroup":
      return every(node.body.commands.map(({ command }) => command));
    default:
      return false;
  }
}

function branchesOf(node: If): CompoundList[] {
  return [
    node.then,
    ...node.elif.map((branch) => branch.then),
    ...(node.else ? [node.else] : []),
  ];
}

function clausesOf(node: If): CompoundList[] {
  return [node.clause, ...node.elif.map((branch) => branch.clause)];
}

function itemsOf(node: Case): CompoundList[] {
  return node.items.map((item) => item.body);
}

/** One clean-up for each branch that installs, unless the condition itself does. */
function inBranches(
  branches: readonly CompoundList[],
  clauses: readonly CompoundList[],
  concerns: Concerns,
): Attachment[] | undefined {
  if (clauses.some(concerns)) return undefined;
  const places = branches
    .filter(concerns)
    .map((branch) => attachments(branch.commands, concerns, true));
  return places.some((place) => place === undefined)
    ? undefined
    : places.flatMap((place) => place ?? []);
}
