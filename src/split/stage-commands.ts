import type { SyntaxNode } from "unbash";
import type { Dockerfile, Instruction, Range } from "../dockerfile/types.ts";
import { rangeInFile } from "../rewrite/command-range.ts";
import { runProgram } from "../rewrite/run-program.ts";
import { isSureToRun, simpleCommands, type SimpleCommand } from "../shell/commands.ts";
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
  const program = runProgram(run, dockerfile);
  if (program.kind === "opaque") return { run, reason: program.reason };
  const commands = simpleCommands(program.script);
  const assigned = new Set(
    commands.flatMap(({ node }) =>
      node.name ? [] : node.prefix.flatMap((item) => ("name" in item ? [item.name] : [])),
    ),
  );
  const fromFile: VariableLookup = (name) =>
    assigned.has(name) ? undefined : variable(name);
  const places = createPlaces(initial);
  return commands.map((node) => {
    const lookup = withPrefix(node, fromFile);
    const { invocation } = node;
    const args = (invocation?.args ?? []).map((word) => wordValue(word, lookup));
    const folder = places.at(node.ancestors);
    if (invocation?.program === "cd" || invocation?.program === "pushd")
      places.change(node.ancestors, args[0] ?? undefined);
    return {
      run,
      node,
      range: rangeInFile(node.node, run),
      program: invocation?.program,
      args,
      folder,
      variable: lookup,
      isSure: isSureToRun(node, program.script),
    };
  });
}

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
