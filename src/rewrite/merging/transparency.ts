import type { SyntaxNode } from "unbash";
import { pipelineLabel } from "../../behaviour/compound.ts";
import type { Context } from "../../behaviour/graph.ts";
import { isStale } from "../../behaviour/lookups.ts";
import { optionSensitivity } from "../../behaviour/sensitivity.ts";
import { effectOf, isInert } from "../../behaviour/simple-command.ts";
import {
  createHistories,
  freshState,
  historyFields,
  type ShellState,
} from "../../behaviour/state.ts";
import type { Residue } from "./joining.ts";
import type { ScriptProgram } from "../run-program.ts";

/**
 * Decides for most scripts without a full proof: programs and pipelines joined by `&&` that
 * set nothing but modelled options, and that the residue of the scripts before makes no
 * difference to. Such a script can stand anywhere in an AND list as it is.
 *
 * Returns what it leaves to the next script, or undefined if it takes a full proof.
 */
export function transparentResidue(
  program: ScriptProgram,
  start: Residue,
): Residue | undefined {
  const { script, shell } = program;
  const [statement, ...others] = script.tree.commands;
  if (!statement || statement.background || others.length > 0) return undefined;
  const { command } = statement;
  if (command.type === "AndOr" && command.operators.includes("||")) return undefined;

  const context: Context = {
    text: script.text,
    errexitIgnored: true,
    surroundings: "",
    exit: noWay,
    histories: createHistories(),
    upgradedInPlace: program.upgradedInPlace,
    placedPrograms: program.placedPrograms,
    place: program.place,
    isWatched: false,
  };
  let own = freshState(shell.options);
  let actual: ShellState = { ...own, ...start };
  for (const node of command.type === "AndOr" ? command.commands : [command]) {
    const after = nextState(node, actual, context);
    const ownAfter = nextState(node, own, context);
    if (
      !after ||
      !ownAfter ||
      (node.type === "Pipeline" &&
        pipelineLabel(node, own, context) !== pipelineLabel(node, actual, context)) ||
      // Only the last element stands where errexit applies.
      optionSensitivity(node, actual, context) !==
        optionSensitivity(node, actual, { ...context, errexitIgnored: false }) ||
      (own.options !== actual.options &&
        optionSensitivity(node, own, context) !==
          optionSensitivity(node, actual, context))
    )
      return undefined;
    [own, actual] = [ownAfter, after];
  }
  return { options: actual.options, lookups: actual.lookups };
}

function nextState(
  node: SyntaxNode,
  state: ShellState,
  context: Context,
): ShellState | undefined {
  if (node.type === "Pipeline") {
    const isPlain =
      node.prefixes.length === 0 &&
      node.commands.every(
        (command) => command.type === "Command" && isInert(command, context.text),
      );
    return isPlain ? state : undefined;
  }
  if (node.type !== "Command") return undefined;
  if (isInert(node, context.text) && !context.placedPrograms.has(node.name?.value ?? ""))
    return state;
  if (isStale(node, state.lookups)) return undefined;
  const { flow, afterSuccess, afterFailure, runsShellCode } = effectOf(
    node,
    state,
    context,
  );
  const leavesNothing = historyFields.every((field) => afterSuccess[field] === 0);
  return flow === "next" &&
    leavesNothing &&
    !runsShellCode &&
    afterFailure.lingering === 0
    ? afterSuccess
    : undefined;
}

const noWay: Context["exit"] = {
  success: () => {
    throw new Error("A transparent script never ends early.");
  },
  failure: () => {
    throw new Error("A transparent script never ends early.");
  },
};
