import { forEachChild, type Command, type SyntaxNode } from "unbash";
import { defaultOptions, type ShellOptions } from "../shell/dialect.ts";
import { isEnvironmentScript } from "../knowledge/sourced-scripts.ts";
import { oncePer } from "../dockerfile/once-per.ts";
import type { ShellState } from "./state.ts";

/** What of the surroundings a node's execution depends on, as one comparable text. */
export function sensitivity(
  node: SyntaxNode,
  state: ShellState,
  context: { readonly surroundings: string; readonly errexitIgnored: boolean },
): string {
  const options = optionSensitivity(node, state, context);
  return `${historyText(state)} ${options} ${context.surroundings}`;
}

const historyText = oncePer(
  ({ directory, variables, functions, other, lingering }: ShellState) =>
    `${directory} ${variables} ${functions} ${other} ${lingering}`,
);

/** The settings that differ from the default and matter to the node. */
export function optionSensitivity(
  node: SyntaxNode,
  { options }: ShellState,
  { errexitIgnored }: { readonly errexitIgnored: boolean },
): string {
  if (node.type === "Command" && isPlain(node)) return "";
  const uses = optionUses(node);
  const settings: string[] = [];
  if (uses.setsOptions && errexitIgnored) settings.push("errexit ignored");
  if (options === defaultOptions) return settings.join(",");
  const add = (name: keyof ShellOptions, matters: boolean, detail = ""): void => {
    if (matters && options[name] !== "off")
      settings.push(`${name}=${options[name]}${detail}`);
  };
  add("nounset", uses.expansions);
  add("pipefail", uses.pipelines);
  // dash keeps errexit in a command substitution, bash does not unless it is POSIX mode.
  add("errexit", uses.lists, errexitIgnored ? " ignored" : "");
  add("xtrace", uses.tracedOutput);
  add("verbose", uses.tracedOutput);
  return settings.join(",");
}

/** Spares most commands the parsing of their words: nothing in them can be an expansion. */
function isPlain({ prefix, name, suffix }: Command): boolean {
  return [...prefix, ...(name ? [name] : []), ...suffix].every(
    (item) => item.type === "Word" && !/[$`(]/.test(item.text),
  );
}

interface OptionUses {
  expansions: boolean;
  /** A substitution may switch errexit on for itself. */
  setsOptions: boolean;
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
  const uses: OptionUses = {
    expansions: false,
    setsOptions: false,
    pipelines: false,
    lists: false,
    tracedOutput: false,
  };
  const visit = (child: SyntaxNode, substituted: boolean): void => {
    // Words are parsed when somebody looks into them, and most hold no expansion.
    if (child.type === "Word" && !/[$`(]/.test(child.text)) return;
    switch (child.type) {
      case "SimpleExpansion":
      case "ParameterExpansion":
      case "ArithmeticExpansion":
      case "ArithmeticCommand":
      case "TestCommand":
        uses.expansions = true;
        break;
      case "Command":
        uses.setsOptions ||= substituted && maySetOptions(child);
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
      default:
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

/** A command that sets errexit, or may do so in code that it gets. */
function maySetOptions({ name, suffix }: Command): boolean {
  if (name === undefined) return false;
  const first = suffix.find((item) => item.type === "Word")?.text ?? "";
  const called = /^(command|builtin)$/.test(name.text) ? first : name.text;
  if (/^(\.|source)$/.test(called)) return !isEnvironmentScript(first);
  return /^(set|eval|shopt)$|[$`'"\\]/.test(called);
}
