import type { AndOr, Command, Statement, SyntaxNode } from "unbash";
import {
  caseStep,
  ifSteps,
  loopStep,
  pipelineStep,
  redirectedSteps,
  subshellSteps,
} from "./compound.ts";
import type { RunPlace } from "../knowledge/run-scoped.ts";
import { afterDefinition } from "./function-definition.ts";
import { serialize } from "./serialize.ts";
import { sensitivity } from "./sensitivity.ts";
import { isStale } from "./lookups.ts";
import {
  assignsInExpansion,
  effectOf,
  sourceWords,
  type CommandEffect,
} from "./simple-command.ts";
import { optionsText, withHistory, type Histories, type ShellState } from "./state.ts";
import { memoized, type Continuation, type Next, type Step } from "./step.ts";

/** What follows a command, by its exit status. Both have to be memoized. */
export interface Outcome {
  readonly success: Continuation;
  readonly failure: Continuation;
}

/** Where a command stands. */
export interface Context {
  /** The script that the tree's offsets refer to. */
  readonly text: string;
  /** Left of `&&` or `||`, in a condition or negated: errexit does not apply. */
  readonly errexitIgnored: boolean;
  /** Flags of the RUN and redirections of the enclosing compound commands. */
  readonly surroundings: string;
  /** Where the shell environment goes when it ends early. */
  readonly exit: Outcome;
  readonly histories: Histories;
  /** Families of self-upgrades that stay where they are: see knowledge/self-upgrades.ts. */
  readonly upgradedInPlace: ReadonlySet<string>;
  /** Names of programs that a RUN of the file puts somewhere by path. */
  readonly placedPrograms: ReadonlySet<string>;
  readonly place: RunPlace;
  /** A DEBUG trap may run before each command, so that none comes or goes unnoticed. */
  readonly isWatched: boolean;
}

/** Thrown for constructs that the graph has no model of; nothing may be claimed of them. */
export class UnmodelledError extends Error {}

export function listSteps(
  statements: readonly Statement[],
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Step {
  const from = (index: number, current: ShellState): Step => {
    const statement = statements[index];
    if (!statement) return outcome.success(current);
    const isLast = index === statements.length - 1;
    if (isLast && !statement.background)
      return nodeSteps(statement.command, current, context, outcome);
    const rest = memoized((after) => from(index + 1, after));
    return statement.background
      ? backgroundStep(statement, current, context, rest)
      : nodeSteps(statement.command, current, context, { success: rest, failure: rest });
  };
  return from(0, state);
}

/** A background job always starts; what it does later is compared by its text alone. */
function backgroundStep(
  statement: Statement,
  state: ShellState,
  context: Context,
  next: Continuation,
): Step {
  const text = serialize(statement, context.text);
  const after = { ...state, lingering: context.histories.append(state.lingering, text) };
  return {
    label: `background ${sensitivity(statement, state, context)} ${optionsText(state)}`,
    words: [text],
    edges: [() => next(after)],
    parts: [],
  };
}

export function nodeSteps(
  node: SyntaxNode,
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Step {
  switch (node.type) {
    case "Command":
      return commandStep(node, state, context, outcome);
    case "AndOr":
      return andOrSteps(node, state, context, outcome);
    case "Pipeline":
      return pipelineStep(node, state, context, outcome);
    case "BraceGroup":
      return listSteps(node.body.commands, state, context, outcome);
    case "Subshell":
      return subshellSteps(node.body, state, context, outcome);
    case "If":
      return ifSteps(node, state, context, outcome);
    case "Redirected":
      return redirectedSteps(node, state, context, outcome);
    case "For":
    case "ArithmeticFor":
    case "Select":
    case "While":
      return loopStep(node, state, context, outcome);
    case "Case":
      return caseStep(node, state, context, outcome);
    case "Function":
      return leafStep(
        node,
        state,
        context,
        outcome,
        afterDefinition(node, state, context),
      );
    case "TestCommand":
      // A match sets BASH_REMATCH, an expansion may assign.
      return leafStep(
        node,
        state,
        context,
        outcome,
        assignsInExpansion(node) || serialize(node, context.text).includes("=~")
          ? assigned(node, state, context)
          : state,
      );
    case "ArithmeticCommand":
      return leafStep(node, state, context, outcome, assigned(node, state, context));
    default:
      throw new UnmodelledError(`${node.type} is not modelled`);
  }
}

/**
 * The two ways on after a failure: with errexit in force and without. They are the same
 * unless it is unknown whether errexit is in force.
 */
export function failureEdges(
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Next[] {
  const goOn = (): Step => outcome.failure(state);
  const leave = (): Step => context.exit.failure(state);
  if (context.errexitIgnored || state.options.errexit === "off") return [goOn, goOn];
  return state.options.errexit === "on" ? [leave, leave] : [leave, goOn];
}

function commandStep(
  command: Command,
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Step {
  const effect = effectOf(command, state, context);
  return {
    label: commandLabel(command, state, effect, context),
    words: sourceWords(command, context.text),
    edges: commandEdges(effect, context, outcome),
    parts: [],
    isWatched: context.isWatched,
  };
}

/** All that the execution of a simple command depends on besides its words. */
export function commandLabel(
  command: Command,
  state: ShellState,
  { runsShellCode }: CommandEffect,
  context: Context,
): string {
  const options = runsShellCode ? `${optionsText(state)} ${context.errexitIgnored}` : "";
  const place = isStale(command, state.lookups) ? "remembered" : "";
  return `command ${sensitivity(command, state, context)} ${options} ${place}`;
}

function commandEdges(
  { afterSuccess, afterFailure, flow, exitStatus }: CommandEffect,
  context: Context,
  outcome: Outcome,
): Next[] {
  const leaveWell = (): Step => context.exit.success(afterSuccess);
  const leaveBadly = (): Step => context.exit.failure(afterFailure);
  // The program of exec takes the shell's place: its status is the shell's.
  if (flow === "exec") return [leaveWell, leaveBadly];
  if (flow === "exit") {
    if (exitStatus === undefined) return [leaveWell, leaveBadly];
    return [exitStatus === 0 ? leaveWell : leaveBadly];
  }
  const goesOn = [
    (): Step => outcome.success(afterSuccess),
    ...failureEdges(afterFailure, context, outcome),
  ];
  return flow === "next" ? goesOn : [...goesOn, leaveWell, leaveBadly];
}

/** A construct that is compared by its text, and whose failure counts like a command's. */
function leafStep(
  node: SyntaxNode,
  state: ShellState,
  context: Context,
  outcome: Outcome,
  after: ShellState,
): Step {
  return {
    label: `${node.type} ${sensitivity(node, state, context)}`,
    words: [serialize(node, context.text)],
    edges: [() => outcome.success(after), ...failureEdges(after, context, outcome)],
    parts: [],
  };
}

function assigned(node: SyntaxNode, state: ShellState, context: Context): ShellState {
  const text = serialize(node, context.text);
  return withHistory(state, ["variables"], text, context.histories);
}

/** `&&` and `||` have equal precedence and associate to the left (POSIX.1-2017, 2.9.3). */
function andOrSteps(
  node: AndOr,
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Step {
  const last = node.commands.length - 1;
  const lastOperator = {
    success: node.operators.lastIndexOf("&&"),
    failure: node.operators.lastIndexOf("||"),
  };
  const ignoring = { ...context, errexitIgnored: true };
  const run = (index: number, current: ShellState): Step => {
    const command = node.commands[index];
    if (!command) throw new UnmodelledError("an operator lacks its command");
    return index === last
      ? nodeSteps(command, current, context, outcome)
      : nodeSteps(command, current, ignoring, {
          success: after(index, "success"),
          failure: after(index, "failure"),
        });
  };
  const after = (index: number, status: keyof Outcome): Continuation => {
    if (index > lastOperator[status]) return outcome[status];
    const operator = node.operators.indexOf(status === "success" ? "&&" : "||", index);
    return memoized((current) => run(operator + 1, current));
  };
  return run(0, state);
}
