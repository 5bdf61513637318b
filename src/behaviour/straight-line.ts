import type { Command, Pipeline, Statement, SyntaxNode } from "unbash";
import { sameWords, type Allowance, type Difference } from "./compare.ts";
import { afterSubshell, inSubshell, pipelineLabel } from "./compound.ts";
import { commandLabel, type Context, type Outcome } from "./graph.ts";
import { contextOf, startOf, type Program } from "./run-sequence.ts";
import { effectOf, sourceWords } from "./simple-command.ts";
import { freshState, type Histories, type ShellState } from "./state.ts";
import { defaultOptions } from "../shell/dialect.ts";

/**
 * RUNs whose commands run one after the other until one fails, and the build with it. Most
 * are like that, and two such sequences are compared without their graphs, in which every
 * way but one leads straight to the failure of the build.
 */
export interface StraightLine {
  readonly items: readonly Item[];
  /** The state in which the last shell ends. */
  readonly final: ShellState;
}

interface Item {
  /** What the execution depends on besides the words, as in the step of the same command. */
  readonly label: string;
  /** The words of a command, or those of each element of a pipeline. */
  readonly words: readonly (readonly string[])[];
}

/**
 * Returns undefined where there is another way on than to the next command or out of the
 * build: a list with `;` or `||`, a condition, a loop, `exit`, a trap, a background job.
 */
export function straightLine(
  programs: readonly Program[],
  histories: Histories,
): StraightLine | undefined {
  const items: Item[] = [];
  let final = freshState(defaultOptions);
  for (const program of programs) {
    if (program.kind === "opaque") {
      items.push({ label: "run", words: [[program.text]] });
      final = freshState(defaultOptions);
      continue;
    }
    const context = contextOf(program, histories, nowhere);
    const { commands } = program.script.tree;
    const end = listEnd(commands, startOf(program), context, items);
    if (!end) return undefined;
    final = end;
  }
  return { items, final };
}

/** Appends what a list executes; the state after it, or undefined if it isn't straight. */
function listEnd(
  [statement, ...others]: readonly Statement[],
  state: ShellState,
  context: Context,
  items: Item[],
): ShellState | undefined {
  return !statement || statement.background || others.length > 0
    ? undefined
    : nodeEnd(statement.command, state, context, items);
}

function nodeEnd(
  node: SyntaxNode,
  state: ShellState,
  context: Context,
  items: Item[],
): ShellState | undefined {
  switch (node.type) {
    case "Command":
      return commandEnd(node, state, context, items);
    case "Pipeline":
      return pipelineEnd(node, state, context, items);
    case "BraceGroup":
      return listEnd(node.body.commands, state, context, items);
    case "Subshell": {
      const inner = listEnd(node.body.commands, inSubshell(state), context, items);
      return inner && afterSubshell(state, inner);
    }
    case "AndOr": {
      if (node.operators.includes("||")) return undefined;
      const ignoring = { ...context, errexitIgnored: true };
      let current: ShellState | undefined = state;
      for (const [index, element] of node.commands.entries()) {
        const isLast = index === node.commands.length - 1;
        current &&= nodeEnd(element, current, isLast ? context : ignoring, items);
      }
      return current;
    }
    default:
      return undefined;
  }
}

function commandEnd(
  command: Command,
  state: ShellState,
  context: Context,
  items: Item[],
): ShellState | undefined {
  const effect = effectOf(command, state, context);
  const { afterSuccess, afterFailure, flow } = effect;
  // A trap would run at the end of the shell, wherever that comes.
  if (flow !== "next" || afterSuccess.traps !== 0 || afterFailure.traps !== 0)
    return undefined;
  items.push({
    label: commandLabel(command, state, effect, context),
    words: [sourceWords(command, context.text)],
  });
  return afterSuccess;
}

function pipelineEnd(
  node: Pipeline,
  state: ShellState,
  context: Context,
  items: Item[],
): ShellState | undefined {
  if (node.prefixes.length > 0) return undefined;
  const elements: Item[] = [];
  for (const element of node.commands) {
    const inner = inSubshell(state);
    const end =
      element.type === "Command"
        ? commandEnd(element, inner, context, elements)
        : undefined;
    // What would show outside of the element is left to the graph.
    if (end?.lingering !== state.lingering || end.lookups.moved.length > 0)
      return undefined;
  }
  items.push({
    label: [pipelineLabel(node, state, context), ...labelsOf(elements)].join(" "),
    words: elements.flatMap(({ words }) => words),
  });
  return state;
}

function labelsOf(items: readonly Item[]): string[] {
  return items.map(({ label }) => label);
}

const nowhere: Outcome = {
  success: () => {
    throw new Error("A straight line has no other ways on.");
  },
  failure: () => {
    throw new Error("A straight line has no other ways on.");
  },
};

/** The first place where two straight lines part ways, apart from what is allowed. */
export function straightDifference(
  original: StraightLine,
  rewritten: StraightLine,
  allowance: Allowance,
): Difference | undefined {
  let [left, right] = [0, 0];
  for (;;) {
    const [expected, actual] = [original.items[left], rewritten.items[right]];
    if (!expected && !actual) return undefined;
    if (expected && actual && isSame(expected, actual, allowance)) {
      left += 1;
      right += 1;
    } else if (actual && isCommand(actual) && allowance.isAdded(wordsOf(actual))) {
      right += 1;
    } else if (isPutInFront(expected, actual, rewritten.items[right + 1], allowance)) {
      // Whichever of the two fails, it ends the build.
      right += 1;
    } else if (
      expected &&
      isCommand(expected) &&
      allowance.isRemoved(wordsOf(expected))
    ) {
      left += 1;
    } else {
      return { original: describe(expected), rewritten: describe(actual) };
    }
  }
}

function isSame(left: Item, right: Item, allowance: Allowance): boolean {
  return (
    left.label === right.label &&
    left.words.length === right.words.length &&
    left.words.every((words, index) => {
      const others = right.words[index] ?? [];
      return sameWords(words, others) || allowance.isSame(words, others);
    })
  );
}

function isPutInFront(
  expected: Item | undefined,
  actual: Item | undefined,
  next: Item | undefined,
  allowance: Allowance,
): boolean {
  return (
    expected !== undefined &&
    actual !== undefined &&
    next !== undefined &&
    isCommand(expected) &&
    isCommand(actual) &&
    allowance.isInFront(wordsOf(actual), wordsOf(expected)) &&
    isSame(expected, next, allowance)
  );
}

function isCommand({ label }: Item): boolean {
  return label.startsWith("command ");
}

function wordsOf({ words }: Item): readonly string[] {
  return words[0] ?? [];
}

function describe(item: Item | undefined): string {
  return item === undefined
    ? "the next instruction"
    : `${item.words.map((words) => words.join(" ")).join(" | ")} (${item.label.trim()})`;
}
