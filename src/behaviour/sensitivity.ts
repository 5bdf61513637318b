import { forEachChild, type SyntaxNode } from "unbash";
import type { ShellState } from "./state.ts";

/** What of the surroundings a node's execution depends on, as one comparable text. */
export function sensitivity(
  node: SyntaxNode,
  state: ShellState,
  context: { readonly surroundings: string; readonly errexitIgnored: boolean },
): string {
  const { options } = state;
  const uses = optionUses(node);
  return [
    state.directory,
    state.variables,
    state.functions,
    state.other,
    state.jobs,
    uses.expansions ? options.nounset : "",
    uses.pipelines ? options.pipefail : "",
    // dash keeps errexit in a command substitution, bash does not unless it is POSIX mode.
    uses.lists ? `${options.errexit} ${context.errexitIgnored}` : "",
    uses.tracedOutput ? `${options.xtrace} ${options.verbose}` : "",
    context.surroundings,
  ].join("|");
}

interface OptionUses {
  expansions: boolean;
  /** A pipeline inside a substitution. */
  pipelines: boolean;
  /** A substitution that runs more than one command. */
  lists: boolean;
  /** A substitution that redirects standard error, where the trace goes. */
  tracedOutput: boolean;
}

const known = new WeakMap<SyntaxNode, OptionUses>();

function optionUses(node: SyntaxNode): OptionUses {
  const cached = known.get(node);
  if (cached) return cached;
  const uses = { expansions: false, pipelines: false, lists: false, tracedOutput: false };
  const visit = (child: SyntaxNode, substituted: boolean): void => {
    switch (child.type) {
      case "SimpleExpansion":
      case "ParameterExpansion":
      case "ArithmeticExpansion":
      case "ArithmeticCommand":
        uses.expansions = true;
        break;
      case "Pipeline":
        uses.pipelines ||= substituted;
        break;
      case "Script":
      case "CompoundList":
        uses.lists ||= substituted && child.commands.length > 1;
        break;
      case "Redirected":
        uses.tracedOutput ||= substituted;
        break;
    }
    const inside =
      substituted ||
      child.type === "CommandExpansion" ||
      child.type === "ProcessSubstitution" ||
      child.type === "ArithmeticCommandExpansion";
    forEachChild(child, (grandchild) => {
      visit(grandchild, inside);
    });
  };
  visit(node, false);
  known.set(node, uses);
  return uses;
}
