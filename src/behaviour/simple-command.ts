import { forEachChild, type Command, type SyntaxNode } from "unbash";
import { anyPlace, type RunPlace } from "../knowledge/run-scoped.ts";
import { oncePer } from "../dockerfile/once-per.ts";
import { factsOf, type CommandFacts } from "./command-facts.ts";
import type { Context } from "./graph.ts";
import { lingers } from "./lingering.ts";
import { concernsLookups, lookupsAfter } from "./lookups.ts";
import { applySetArguments } from "../shell/dialect.ts";
import { readInvocation } from "../shell/invocation.ts";
import { literalValue } from "../shell/words.ts";
import { builtinEffects, specialBuiltins } from "./builtins.ts";
import {
  withUnknownOptions,
  withHistory,
  type Histories,
  type HistoryField,
  type ShellState,
} from "./state.ts";

/** How the shell goes on after a simple command. */
export type Flow = "next" | "exit" | "exec" | "return" | "sourced";

export interface CommandEffect {
  readonly afterSuccess: ShellState;
  readonly afterFailure: ShellState;
  readonly flow: Flow;
  /** The exit status that `exit` was given literally. */
  readonly exitStatus: number | undefined;
  /** It may run shell code in this shell, which depends on the shell's options. */
  readonly runsShellCode: boolean;
}

/** Whether the command leaves the shell as it was: most are external programs. */
export function isInert(command: Command, text: string): boolean {
  const facts = factsOf(command, text);
  return (facts.isInert ??= leavesShellAlone(command, facts));
}

function leavesShellAlone(command: Command, facts: CommandFacts): boolean {
  const invocation = readInvocation(command);
  const name = invocation && literalValue(invocation.programWord);
  return (
    name !== undefined &&
    command.prefix.length === 0 &&
    !invocation?.prefixes.includes("exec") &&
    !builtinEffects.has(name) &&
    !specialBuiltins.has(name) &&
    !ownRules.has(name) &&
    !concernsLookups(command, name) &&
    !assignsSomewhere(command, facts) &&
    !lingersHere(command, facts, anyPlace)
  );
}

function assignsSomewhere(command: Command, facts: CommandFacts): boolean {
  return (facts.assigns ??= hasExpansion(command) && assignsInExpansion(command));
}

/** A command that lingers nowhere does not linger here either. */
function lingersHere(command: Command, facts: CommandFacts, place: RunPlace): boolean {
  facts.lingersSomewhere ??= lingers(command, anyPlace);
  if (!facts.lingersSomewhere) return false;
  const known = lingeringAt(place);
  let isLingering = known.get(facts);
  if (isLingering === undefined)
    known.set(facts, (isLingering = lingers(command, place)));
  return isLingering;
}

/** The same commands are looked at in each form of a RUN and in its proof. */
const lingeringAt = oncePer<RunPlace, Map<CommandFacts, boolean>>(() => new Map());

/** Spares most commands the parsing of their words. */
function hasExpansion(command: Command): boolean {
  const { prefix, name, suffix } = command;
  return [...prefix, ...(name ? [name] : []), ...suffix].some(
    (item) =>
      (item.type !== "Word" && item.type !== "Assignment") || item.text.includes("$"),
  );
}

/** Builtins that `effectOf` has a rule for, apart from the special ones. */
const ownRules: ReadonlySet<string> = new Set([
  "cd",
  "chdir",
  "hash",
  "printf",
  "source",
]);

/** What a simple command changes in the shell that runs it. */
export function effectOf(
  command: Command,
  state: ShellState,
  context: Context,
): CommandEffect {
  const facts = factsOf(command, context.text);
  const isPlaced = context.placedPrograms.has(command.name?.value ?? "");
  if ((facts.isInert ??= leavesShellAlone(command, facts)) && !isPlaced)
    return inertEffect(state);
  const lookups = lookupsAfter(command, state.lookups, context);
  const after = lookups === state.lookups ? state : { ...state, lookups };
  return changingEffect(command, facts, after, context);
}

function inertEffect(state: ShellState): CommandEffect {
  return {
    afterSuccess: state,
    afterFailure: state,
    flow: "next",
    exitStatus: undefined,
    runsShellCode: state.functions !== 0,
  };
}

function changingEffect(
  command: Command,
  facts: CommandFacts,
  state: ShellState,
  { histories, place }: Context,
): CommandEffect {
  const changed = (base: ShellState, fields: readonly HistoryField[]): ShellState =>
    withHistory(base, fields, facts.words.join(" "), histories);
  const assigns = command.prefix.some((item) => item.type === "Assignment");
  const assigned = assignsSomewhere(command, facts)
    ? changed(state, ["variables"])
    : state;
  const start = lingersHere(command, facts, place)
    ? changed(assigned, ["lingering"])
    : assigned;
  const plain = (after: ShellState, afterFailure = after): CommandEffect => ({
    ...inertEffect(after),
    afterFailure,
    runsShellCode: state.functions !== 0,
  });

  const invocation = readInvocation(command);
  if (!invocation) return plain(assigns ? changed(start, ["variables"]) : start);
  const isShellWord = invocation.prefixes.every((name) =>
    ["command", "builtin", "exec", "time"].includes(name),
  );
  const name = literalValue(invocation.programWord);
  if (!isShellWord) {
    return plain(start);
  }
  if (invocation.prefixes.includes("exec")) return { ...plain(start), flow: "exec" };
  if (name === undefined) {
    // An expansion may name a builtin, unless a slash shows it to be a program's path.
    if (invocation.programWord.text.includes("/")) return plain(start);
    const after = changed(start, ["directory", "variables", "functions", "other"]);
    return { ...plain(withUnknownOptions(after, histories)), runsShellCode: true };
  }
  const base =
    assigns && (specialBuiltins.has(name) || state.functions !== 0)
      ? changed(start, ["variables"])
      : start;
  const args = invocation.args.map(literalValue);

  switch (name) {
    case "cd":
    case "chdir":
      return plain(changed(base, ["directory"]), base);
    case "set":
      return plain(afterSet(base, args, changed, histories));
    case "exec":
      // Where standard error goes, the trace of `set -x` goes too.
      return { ...plain(changed(base, ["other"])), runsShellCode: true };
    case "exit":
      return {
        ...plain(base),
        flow: "exit",
        exitStatus:
          args.length === 1 && /^\d+$/.test(args[0] ?? "")
            ? Number(args[0]) % 256
            : undefined,
      };
    case "return":
      return { ...plain(base), flow: "return" };
    case ".":
    case "source":
    case "eval":
      return {
        ...plain(
          withUnknownOptions(
            changed(base, ["directory", "variables", "other"]),
            histories,
          ),
        ),
        flow: "sourced",
        runsShellCode: true,
      };
    case "printf":
      return plain(args[0]?.startsWith("-v") ? changed(base, ["variables"]) : base);
    case "hash":
      return plain(args.length > 0 ? changed(base, ["other"]) : base);
    case "trap":
      // ERR and DEBUG traps run at other times left of `&&` and in subshells.
      return plain(
        changed(
          base,
          args.some((arg) => /^(ERR|DEBUG|RETURN)$/.test(arg ?? ""))
            ? ["other", "traps", "lingering"]
            : ["other", "traps"],
        ),
      );
  }
  const fields = builtinEffects.get(name);
  if (fields) return plain(changed(base, fields));
  return plain(base);
}

function afterSet(
  state: ShellState,
  args: readonly (string | undefined)[],
  changed: (base: ShellState, fields: readonly HistoryField[]) => ShellState,
  histories: Histories,
): ShellState {
  if (args.length === 0) return state;
  const literal = args.filter((arg) => arg !== undefined);
  const options =
    literal.length === args.length
      ? applySetArguments(state.options, literal)
      : undefined;
  if (options) return { ...state, options };
  // `set -- words` leaves the options alone; anything else may change any of them.
  return args[0] === "--"
    ? changed(state, ["other"])
    : withUnknownOptions(changed(state, ["other"]), histories);
}

/** `${x:=word}` and `$((x = 1))` assign where they stand. */
export function assignsInExpansion(node: SyntaxNode): boolean {
  switch (node.type) {
    case "CommandExpansion":
    case "ProcessSubstitution":
      return false;
    case "ParameterExpansion":
      if (node.operation?.type === "Default" && node.operation.operator.endsWith("="))
        return true;
      break;
    case "ArithmeticUnary":
      if (node.operator === "++" || node.operator === "--") return true;
      break;
    case "ArithmeticBinary":
      if (/^([-+*/%&|^]|<<|>>)?=$/.test(node.operator)) return true;
      break;
    default:
  }
  let found = false;
  forEachChild(node, (child) => {
    found ||= assignsInExpansion(child);
  });
  return found;
}

/** The texts of assignments, words and redirections with their heredoc bodies, in order. */
export function sourceWords(command: Command, text: string): readonly string[] {
  return factsOf(command, text).words;
}
