import { forEachChild, type SyntaxNode } from "unbash";
import type { Context } from "./graph.ts";
import { lingeringIn } from "./lingering.ts";
import { lookupsAfter } from "./lookups.ts";
import { serialize } from "./serialize.ts";
import type { Lookups, ShellState } from "./state.ts";

type FunctionNode = Extract<SyntaxNode, { type: "Function" }>;

/**
 * The state once a function is defined. It may be called at any time, and a subshell in which
 * that happens is left without a trace of the function: what outlasts the call (a process, a
 * program that has moved) therefore counts from the definition on.
 */
export function afterDefinition(
  node: FunctionNode,
  state: ShellState,
  context: Context,
): ShellState {
  const { histories, place, text } = context;
  const definition = serialize(node, text);
  return {
    ...state,
    functions: histories.append(state.functions, definition),
    lingering: lingeringIn(node, place)
      ? histories.append(state.lingering, definition)
      : state.lingering,
    lookups: lookupsOfBody(node, state.lookups, context),
  };
}

function lookupsOfBody(node: SyntaxNode, before: Lookups, context: Context): Lookups {
  let lookups = node.type === "Command" ? lookupsAfter(node, before, context) : before;
  forEachChild(node, (child) => {
    lookups = lookupsOfBody(child, lookups, context);
  });
  return lookups;
}
