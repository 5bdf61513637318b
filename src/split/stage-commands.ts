import type { SyntaxNode, Word } from "unbash";
import type { Dockerfile, Instruction, Range } from "../dockerfile/types.ts";
import { rangeInFile } from "../rewrite/command-range.ts";
import { runProgram } from "../rewrite/run-program.ts";
import { isSureToRun, simpleCommands, type SimpleCommand } from "../shell/commands.ts";
import { parseScript, type Script } from "../shell/parse.ts";
import { absolutePath } from "./paths.ts";
import type { Surroundings } from "./surroundings.ts";
import { wordValue, type VariableLookup } from "./word-value.ts";

/** A simple command of a RUN with what the Dockerfile tells of its surroundings. */
export interface StageCommand {
  readonly run: Instruction;
  readonly node: SimpleCommand;
  readonly range: Range;
  /** Last path segment of the program; undefined where it isn't known. */
  readonly program: string | undefined;
  /** Undefined in the place of each argument whose value the file doesn't tell. */
  readonly args: readonly (string | undefined)[];
  /** The working directory; undefined where the file doesn't tell it. */
  readonly folder: string | undefined;
  /** ENV, ARG and `NAME=value` in front of the command, and what the base image sets. */
  readonly variable: VariableLookup;
  /** The RUN can't succeed without this command having been run. */
  readonly isSure: boolean;
  /** It stands in a Makefile, or in a text for `sh -c`; `range` is that of what runs it. */
  readonly isRecipe?: boolean;
}

/** Why a RUN can't be read. */
export interface Unreadable {
  readonly run: Instruction;
  readonly reason: string;
}

export function readCommands(
  run: Instruction,
  dockerfile: Dockerfile,
  { folder: initial, variable }: Surroundings,
): readonly StageCommand[] | Unreadable {
  const script = run.json ? execScript(run.json) : shellScript(run, dockerfile);
  if (typeof script === "string") return { run, reason: script };
  return commandsIn(script, initial, variable).flatMap((command) => {
    const range = run.json ? run.range : rangeInFile(command.node.node, run);
    const whole: StageCommand = { ...command, run, range };
    return readNested(whole, { folder: command.folder, variable }) ?? [whole];
  });
}

/**
 * What `sh -c` runs.
 *
 * @returns undefined for another command, and for a text that can't be read
 */
function readNested(
  command: StageCommand,
  around: Surroundings,
): readonly StageCommand[] | undefined {
  const { program = "", args } = command;
  const [option, text] = args;
  if (!/^(ba|da|a)?sh$/.test(program) || option !== "-c" || args.length !== 2)
    return undefined;
  return text === undefined ? undefined : readRecipeLine(text, command, around);
}

/** The commands of a line of a recipe, which a shell of its own runs for the one that is given. */
export function readRecipeLine(
  text: string,
  { run, range, isSure }: StageCommand,
  { folder, variable }: Surroundings,
): readonly StageCommand[] | undefined {
  const script = parseScript(text, "sh");
  if (script.unreadable !== undefined) return undefined;
  return commandsIn(script, folder, variable).map((command) => ({
    ...command,
    run,
    range,
    isSure: isSure && command.isSure,
    isRecipe: true,
  }));
}

function commandsIn(
  script: Script,
  initial: string | undefined,
  variable: VariableLookup,
): readonly Omit<StageCommand, "run" | "range">[] {
  const commands = simpleCommands(script);
  const fromFile = withAssignments(commands, script, variable);
  const places = createPlaces(initial);
  return commands.map((node) => {
    const lookup = withPrefix(node, (name) => fromFile(name, node));
    const { invocation } = node;
    const args = (invocation?.args ?? []).map((word) => wordValue(word, lookup));
    const folder = places.at(node.ancestors);
    if (invocation?.program === "cd" || invocation?.program === "pushd")
      places.change(node.ancestors, args[0] ?? undefined);
    return {
      node,
      program: invocation?.program,
      args,
      folder,
      variable: lookup,
      isSure: isSureToRun(node, script),
    };
  });
}

/** @returns the reason where it can't be read */
function shellScript(run: Instruction, dockerfile: Dockerfile): Script | string {
  const program = runProgram(run, dockerfile);
  return program.kind === "opaque" ? program.reason : program.script;
}

/** The one command of an exec form; its words stand for themselves. */
function execScript(words: readonly string[]): Script | string {
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const script = parseScript(quoted.join(" "), "sh");
  return script.unreadable ?? script;
}

/** A variable's value at a command; undefined where the script sets it more than once. */
type ValueAt = (name: string, command: SimpleCommand) => string | undefined;

interface SetValue {
  readonly at: SimpleCommand;
  /** Undefined where the value can't be told. */
  readonly word: Word | undefined;
}

/** What a script assigns for sure, and once, has that value from then on. */
function withAssignments(
  commands: readonly SimpleCommand[],
  script: Script,
  variable: VariableLookup,
): ValueAt {
  const assigned = new Map<string, SetValue[]>();
  const add = (name: string, value: SetValue): void => {
    assigned.set(name, [...(assigned.get(name) ?? []), value]);
  };
  for (const command of commands) {
    const { node, invocation } = command;
    const { program = "" } = invocation ?? {};
    const isDeclaring = /^(export|readonly|local|declare|typeset)$/.test(program);
    const isUnknown = /^(read|eval|unset|getopts|mapfile|readarray)$/.test(program);
    for (const item of [...(node.name ? [] : node.prefix), ...node.args]) {
      if (item.type === "Assignment" && (isDeclaring || !node.name)) {
        const isWhole = item.append !== true && item.index === undefined;
        const word = isWhole && item.value.type === "Word" ? item.value : undefined;
        add(item.name, { at: command, word });
      } else if (item.type === "Word" && (isUnknown || isDeclaring)) {
        const name = item.value.replace(/=.*$/s, "");
        // `export NAME` alone leaves the value as it is.
        if (isUnknown || item.value.includes("="))
          add(name, { at: command, word: undefined });
      }
    }
  }
  const valueAt: ValueAt = (name, command) => {
    const found = assigned.get(name);
    if (!found) return variable(name);
    const [only, ...others] = found;
    const isBefore = only !== undefined && only.at.node.pos < command.node.pos;
    const isPlain =
      only?.at.ancestors.every(({ type }) => plainAround.has(type)) === true &&
      isSureToRun(only.at, script);
    if (!isBefore || !isPlain || others.length > 0 || !only.word) return undefined;
    return wordValue(only.word, (other) => valueAt(other, only.at));
  };
  return valueAt;
}

/** What an assignment may stand in without being lost, or made more than once. */
const plainAround: ReadonlySet<string> = new Set(["AndOr", "Statement", "CompoundList"]);

function withPrefix({ node }: SimpleCommand, lookup: VariableLookup): VariableLookup {
  const own = new Map(
    node.prefix.flatMap((item) =>
      item.type === "Assignment" && item.value.type === "Word"
        ? [[item.name, wordValue(item.value, lookup)] as const]
        : [],
    ),
  );
  return (name) => (own.has(name) ? own.get(name) : lookup(name));
}

interface Places {
  readonly at: (ancestors: readonly SyntaxNode[]) => string | undefined;
  readonly change: (ancestors: readonly SyntaxNode[], to: string | undefined) => void;
}

/** The working directory, which `cd` changes for the subshell that it stands in. */
function createPlaces(initial: string | undefined): Places {
  const folders = new Map<SyntaxNode | undefined, string | undefined>();
  folders.set(undefined, initial);
  // Undefined stands for the script's own shell.
  const shellOf = (ancestors: readonly SyntaxNode[]): SyntaxNode | undefined => {
    const shells = ancestors.filter(({ type }) => type === "Subshell");
    const shell = shells.at(-1);
    if (shell && !folders.has(shell)) folders.set(shell, folders.get(shells.at(-2)));
    return shell;
  };
  const at = (ancestors: readonly SyntaxNode[]): string | undefined =>
    folders.get(shellOf(ancestors));
  return {
    at,
    change(ancestors, to) {
      const isSure = ancestors.every(({ type }) => certain.has(type));
      folders.set(
        shellOf(ancestors),
        isSure && to !== undefined && to !== "-"
          ? absolutePath(to, at(ancestors))
          : undefined,
      );
    },
  };
}

/** Inside these a command runs as often as the list that it is part of: once. */
const certain: ReadonlySet<string> = new Set([
  "AndOr",
  "BraceGroup",
  "CompoundList",
  "Redirected",
  "Statement",
  "Subshell",
]);
