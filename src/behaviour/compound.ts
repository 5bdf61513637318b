import type {
  CompoundCommand,
  CompoundList,
  If,
  Pipeline,
  Redirected,
  SyntaxNode,
} from "unbash";
import {
  failureEdges,
  listSteps,
  nodeSteps,
  UnmodelledError,
  type Context,
  type Outcome,
} from "./graph.ts";
import { withMoved } from "./lookups.ts";
import { sensitivity } from "./sensitivity.ts";
import { serialize } from "./serialize.ts";
import { assignsInExpansion } from "./simple-command.ts";
import {
  historyFields,
  optionsText,
  withUnknownOptions,
  withHistory,
  type ShellState,
} from "./state.ts";
import {
  ending,
  memoized,
  once,
  reachableSteps,
  type Continuation,
  type Next,
  type Step,
} from "./step.ts";

/** Elements of a pipeline run in subshells at the same time: each one is a part of its own. */
export function pipelineStep(
  node: Pipeline,
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Step {
  const negated = node.prefixes.some((item) => item.type === "Negation");
  const inner = { ...context, errexitIgnored: context.errexitIgnored || negated };
  const [only, ...others] = node.commands;
  const timed = node.prefixes.some((item) => item.type === "Time");
  if (only && others.length === 0) {
    const { success, failure } = outcome;
    const swapped = { success: failure, failure: success };
    // In bash, `time` is a word of the grammar and runs the command in the same shell.
    const run = once(() => nodeSteps(only, state, inner, negated ? swapped : outcome));
    return timed ? { label: "time", words: [], edges: [run], parts: [] } : run();
  }
  const parts = node.commands.map((command) =>
    once(() => partSteps(command, inSubshell(state), inner, endOfPart)),
  );
  // Only background jobs and what was installed outlive the subshells of a pipeline.
  const text = serialize(node, context.text);
  const finals = finalStates(parts);
  const leavesTraces = finals.some((final) => final.lingering !== state.lingering);
  const moved = finals.flatMap((final) => final.lookups.moved);
  const running = leavesTraces
    ? withHistory(state, ["lingering"], text, context.histories)
    : state;
  const after =
    moved.length === 0
      ? running
      : { ...running, lookups: withMoved(running.lookups, moved) };
  const failure = failureEdges(after, inner, outcome);
  return {
    label: pipelineLabel(node, state, context),
    words: [],
    edges: [once(() => outcome.success(after)), ...failure],
    parts,
  };
}

/** What the execution of a pipeline depends on besides its elements. */
export function pipelineLabel(
  { prefixes, operators }: Pipeline,
  { options }: ShellState,
  { text }: Context,
): string {
  return [
    "pipeline",
    ...prefixes.map(({ pos, end }) => text.slice(pos, end)),
    ...operators,
    options.pipefail,
    operators.includes("|&") ? options.xtrace : "",
  ].join(" ");
}

const endOfPart: Outcome = { success: ending("succeeds"), failure: ending("fails") };

/** The steps of something that runs inside a construct, up to its end. */
function partSteps(
  node: SyntaxNode | CompoundList,
  state: ShellState,
  context: Context,
  exit: Outcome,
): Step {
  const inner: Context = { ...context, exit };
  const outcome = endOfPart;
  return node.type === "CompoundList"
    ? listSteps(node.commands, state, inner, outcome)
    : nodeSteps(node, state, inner, outcome);
}

function leaves(label: string, parts: readonly Next[]): boolean {
  return parts.some((part) =>
    reachableSteps(part()).some((step) => step.finalState && step.label === label),
  );
}

function finalStates(parts: readonly Next[]): ShellState[] {
  return parts
    .flatMap((part) => reachableSteps(part()))
    .flatMap((step) => step.finalState ?? []);
}

export function subshellSteps(
  body: CompoundList,
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Step {
  const success = leaving((inner) => outcome.success(afterSubshell(state, inner)));
  const failure = leaving((inner) => {
    const edges = failureEdges(afterSubshell(state, inner), context, outcome);
    const [goesOn, other] = edges.map((edge) => edge());
    // With errexit unknown there are two ways on, which may lead to the same place.
    if (goesOn && goesOn === other) return goesOn;
    return { label: "a subshell fails", words: [], edges, parts: [] };
  });
  return listSteps(
    body.commands,
    inSubshell(state),
    { ...context, exit: { success, failure } },
    { success, failure },
  );
}

/** What the subshell started or installed is there for the outer shell too. */
export function afterSubshell(state: ShellState, inner: ShellState): ShellState {
  return inner.lingering === state.lingering && inner.lookups.moved.length === 0
    ? state
    : {
        ...state,
        lingering: inner.lingering,
        lookups: withMoved(state.lookups, inner.lookups.moved),
      };
}

export function inSubshell(state: ShellState): ShellState {
  if (state.traps === 0 && state.lookups.moved.length === 0) return state;
  return { ...state, traps: 0, lookups: { ...state.lookups, moved: [] } };
}

/** Ends a shell environment: its EXIT traps run before anything else does. */
export function leaving(next: Continuation): Continuation {
  return memoized((state) =>
    state.traps === 0
      ? next(state)
      : {
          label: `exit traps ${state.traps} ${optionsText(state)}`,
          words: [],
          edges: [once(() => next({ ...state, traps: 0 }))],
          parts: [],
        },
  );
}

export function ifSteps(
  node: If,
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Step {
  const branches = [node, ...node.elif];
  const condition = { ...context, errexitIgnored: true };
  const test = (index: number, current: ShellState): Step => {
    const branch = branches[index];
    if (!branch) {
      return node.else
        ? listSteps(node.else.commands, current, context, outcome)
        : outcome.success(current);
    }
    return listSteps(branch.clause.commands, current, condition, {
      success: memoized((after) =>
        listSteps(branch.then.commands, after, context, outcome),
      ),
      failure: memoized((after) => test(index + 1, after)),
    });
  };
  return test(0, state);
}

export function redirectedSteps(
  node: Redirected,
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Step {
  const texts = node.redirects.map((redirect) => serialize(redirect, context.text));
  // The trace of `set -x` goes where standard error goes.
  const traced = node.redirects.some(
    (redirect) =>
      redirect.type === "Redirect" &&
      (redirect.operator.startsWith("&>") ||
        (redirect.descriptor?.type === "FileDescriptor" &&
          redirect.descriptor.value === 2)),
  );
  const surroundings = `${context.surroundings} ${texts.join(" ")}`;
  const inside = node.redirects.some(assignsInExpansion)
    ? withHistory(state, ["variables"], texts.join(" "), context.histories)
    : state;
  return {
    label: `redirect ${sensitivity(node, state, context)} ${
      traced ? `${state.options.xtrace} ${state.options.verbose}` : ""
    }`,
    words: texts,
    edges: [
      once(() => nodeSteps(node.command, inside, { ...context, surroundings }, outcome)),
      ...failureEdges(state, context, outcome),
    ],
    parts: [],
  };
}

/**
 * A loop fails by its last command, which may have failed where errexit does not apply
 * (`! a`, `a && b`): then the shell does not exit, otherwise it did before.
 */
function loopFailureEdges(state: ShellState, context: Context, outcome: Outcome): Next[] {
  const goOn = once(() => outcome.failure(state));
  return context.errexitIgnored || state.options.errexit === "off"
    ? [goOn, goOn]
    : [once(() => context.exit.failure(state)), goOn];
}

type Loop = Extract<
  CompoundCommand,
  { type: "For" | "ArithmeticFor" | "Select" | "While" }
>;

export function loopStep(
  node: Loop,
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Step {
  const header = loopHeader(node, context.text);
  // What an earlier iteration left is part of the state in which the next one starts.
  const inside = withHistory(
    state,
    node.type === "While" ? [] : ["variables"],
    header,
    context.histories,
  );
  const condition = { ...context, errexitIgnored: true };
  const exit = { success: ending("exits 0"), failure: ending("exits non-zero") };
  const parts = [
    ...(node.type === "While"
      ? [once(() => partSteps(node.clause, inside, condition, exit))]
      : []),
    once(() => partSteps(node.body, inside, context, exit)),
  ];
  const after = afterLoop(node, finalStates(parts), inside, context);
  return {
    label: `${node.type} ${sensitivity(node, state, context)} ${header}`,
    words: [],
    edges: [
      once(() => outcome.success(after)),
      ...loopFailureEdges(after, context, outcome),
      ...(leaves("exits 0", parts) ? [once(() => context.exit.success(after))] : []),
      ...(leaves("exits non-zero", parts)
        ? [once(() => context.exit.failure(after))]
        : []),
    ],
    parts,
  };
}

function loopHeader(node: Loop, text: string): string {
  switch (node.type) {
    case "While":
      return node.kind;
    case "ArithmeticFor":
      return text.slice(node.pos, node.body.pos);
    case "For":
    case "Select": {
      const words = node.wordlist?.map((word) => word.text);
      return `${node.name.text}${words ? ` in ${words.join(" ")}` : ""}`;
    }
  }
}

/** The state after parts that may have run any number of times. */
function afterLoop(
  node: SyntaxNode,
  finals: readonly ShellState[],
  state: ShellState,
  context: Context,
): ShellState {
  const text = serialize(node, context.text);
  const touched = historyFields.filter((field) =>
    finals.some((final) => final[field] !== state[field]),
  );
  const after = withHistory(state, touched, text, context.histories);
  const options = JSON.stringify(state.options);
  return finals.every((final) => JSON.stringify(final.options) === options)
    ? after
    : withUnknownOptions(after, context.histories);
}

export function caseStep(
  node: Extract<CompoundCommand, { type: "Case" }>,
  state: ShellState,
  context: Context,
  outcome: Outcome,
): Step {
  if (node.items.some((item) => (item.terminator ?? ";;") !== ";;"))
    throw new UnmodelledError("a case branch falls through");
  const after = assignsInExpansion(node.word)
    ? withHistory(state, ["variables"], node.word.text, context.histories)
    : state;
  const patterns = node.items.flatMap((item) => [
    ...item.pattern.map((pattern) => pattern.text),
    ";;",
  ]);
  return {
    label: `case ${sensitivity(node, state, context)}`,
    words: [node.word.text, ...patterns],
    edges: [
      once(() => outcome.success(after)),
      ...node.items.map((item) =>
        once(() => listSteps(item.body.commands, after, context, outcome)),
      ),
    ],
    parts: [],
  };
}
