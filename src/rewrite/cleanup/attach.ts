import {
  forEachChild,
  type AndOr,
  type Case,
  type CompoundList,
  type If,
  type Statement,
  type SyntaxNode,
} from "unbash";
import { succeedsOnlyWith } from "../../shell/sure-success.ts";

/** Where a clean-up goes: behind the list element that ends at `end`. */
export interface Attachment {
  readonly start: number;
  readonly end: number;
  /** The element is the right side of `||`: it and its clean-up need braces. */
  readonly needsBraces: boolean;
  /** Inside a group, a branch or the like. */
  readonly isNested: boolean;
  /** The element is a statement by itself, no part of an AND-OR list. */
  readonly isStatement: boolean;
}

/** The commands that a clean-up has to follow. */
export interface Followed {
  /** Whether a part of the script is or contains one. */
  readonly concerns: (node: SyntaxNode) => boolean;
  /**
   * Whether the success of a simple command shows that the program of the clean-up is there;
   * left out where it always is.
   */
  readonly provides?: (node: SyntaxNode) => boolean;
}

/** What is known of the place that is looked for. */
interface Search extends Followed {
  /** No command before the node concerns the cache. */
  readonly isOnly: boolean;
  /** Where the node is reached, the program of the clean-up is there. */
  readonly isProvided: boolean;
  readonly isNested: boolean;
}

/**
 * The places at which a clean-up runs after every command that `concerns` names and that has
 * run, and nowhere where its program may be missing: mostly one, in a conditional one per
 * branch. Undefined where there is no such place.
 */
export function attachments(
  statements: readonly Statement[],
  followed: Followed,
): Attachment[] | undefined {
  if (statements.some((statement) => isInBackground(statement, followed)))
    return undefined;
  const isProvided = followed.provides === undefined;
  return attachToList(statements, {
    ...followed,
    isProvided,
    isOnly: true,
    isNested: false,
  });
}

/** Whether one of the commands is still running when what follows it runs. */
function isInBackground(node: SyntaxNode, { concerns }: Followed): boolean {
  if (!concerns(node)) return false;
  if (node.type === "Statement" && node.background === true) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= isInBackground(child, { concerns });
  });
  return found;
}

function attachToList(
  statements: readonly Statement[],
  search: Search,
): Attachment[] | undefined {
  const { concerns } = search;
  const index = statements.findLastIndex(concerns);
  const statement = statements[index];
  if (!statement) return undefined;
  const isOnly = search.isOnly && !statements.slice(0, index).some(concerns);
  return attachTo(statement.command, { ...search, isOnly });
}

function attachTo(node: SyntaxNode, search: Search): Attachment[] | undefined {
  const { concerns, isNested, isOnly } = search;
  const { pos: start, end } = node;
  const behind = isProvidedBy(node, search)
    ? [{ start, end, needsBraces: false, isNested, isStatement: true }]
    : undefined;
  switch (node.type) {
    case "AndOr":
      return attachToElement(node, search);
    case "Pipeline":
      return node.prefixes.some(({ type }) => type === "Negation") ? undefined : behind;
    case "Subshell":
    case "BraceGroup":
      return attachToList(node.body.commands, { ...search, isNested: true });
    case "If":
      return isOnly
        ? (inBranches(branchesOf(node), clausesOf(node), search) ?? behind)
        : behind;
    case "Case":
      return isOnly ? (inBranches(itemsOf(node), [], search) ?? behind) : behind;
    case "Function":
      return undefined;
    default:
      return concerns(node) ? behind : undefined;
  }
}

function isProvidedBy(node: SyntaxNode, { isProvided, provides }: Search): boolean {
  return isProvided || (provides !== undefined && succeedsOnlyWith(node, provides));
}

function attachToElement(node: AndOr, search: Search): Attachment[] | undefined {
  const { concerns, isNested } = search;
  const index = node.commands.findLastIndex(concerns);
  const element = node.commands[index];
  if (!element) return undefined;
  const { pos: start, end } = element;
  const isOnly = search.isOnly && !node.commands.slice(0, index).some(concerns);
  const before = { ...node, commands: node.commands.slice(0, index) };
  if (node.operators[index - 1] !== "||") {
    const isProvided = isProvidedBy(before, search);
    const places = attachTo(element, { ...search, isOnly, isProvided });
    return places?.map((place) => ({
      ...place,
      isStatement: place.isStatement && place.start !== start,
    }));
  }
  // `a || b && c` means `(a || b) && c`: right if a installs too, else too much.
  const needsBraces = !node.commands.slice(0, index).some(concerns);
  const whole = { ...node, commands: node.commands.slice(0, index + 1) };
  return isProvidedBy(needsBraces ? element : whole, search)
    ? [{ start, end, needsBraces, isNested, isStatement: false }]
    : undefined;
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
  search: Search,
): Attachment[] | undefined {
  if (clauses.some(search.concerns)) return undefined;
  const places = branches
    .filter(search.concerns)
    .map(({ commands }) => attachToList(commands, { ...search, isNested: true }));
  return places.some((place) => place === undefined)
    ? undefined
    : places.flatMap((place) => place ?? []);
}
