import type { Command, CommandArgument, Word } from "unbash";
import { commandPrefixes, type CommandPrefix } from "../knowledge/command-prefixes.ts";
import { literalValue, programName } from "./words.ts";

/** A simple command as the program that it runs in the end: `sudo -H pip install x` runs pip. */
export interface Invocation {
  /** Last path segment; undefined where an expansion decides it. */
  readonly program: string | undefined;
  readonly programWord: Word;
  readonly args: readonly CommandArgument[];
  /** The words before the program: `sudo`, `-H`. */
  readonly prefixWords: readonly CommandArgument[];
  /** Names of the prefix commands, e.g. `["sudo", "env"]`. */
  readonly prefixes: readonly string[];
  /** Names set for this command alone, by `X=1 command` or `env X=1 command`. */
  readonly assignments: readonly string[];
}

const known = new WeakMap<Command, Invocation>();

/** Returns undefined for a command without a name, e.g. an assignment on its own. */
export function readInvocation(command: Command): Invocation | undefined {
  if (!command.name) return undefined;
  const cached = known.get(command);
  if (cached) return cached;
  const invocation = stripPrefixes(command, command.name);
  if (invocation) known.set(command, invocation);
  return invocation;
}

function stripPrefixes(command: Command, name: Word): Invocation | undefined {
  const words: readonly CommandArgument[] = [name, ...command.args];
  const prefixes: string[] = [];
  const assignments = command.prefix.flatMap((item) =>
    item.type === "Assignment" ? [item.name] : [],
  );
  let start = 0;
  for (;;) {
    const word = words[start];
    if (word?.type !== "Word") return undefined;
    const program = programName(word);
    const prefix = program === undefined ? undefined : commandPrefixes.get(program);
    const next = prefix ? skipPrefix(words, start + 1, prefix, assignments) : undefined;
    if (program === undefined || next === undefined) {
      return {
        program,
        programWord: word,
        args: words.slice(start + 1),
        prefixWords: words.slice(0, start),
        prefixes,
        assignments,
      };
    }
    prefixes.push(program);
    start = next;
  }
}

/** Index of the word after the prefix command's own words; undefined if there is none. */
function skipPrefix(
  words: readonly CommandArgument[],
  start: number,
  prefix: CommandPrefix,
  assignments: string[],
): number | undefined {
  let index = start;
  let positionals = prefix.positionals;
  for (let word = words[index]; word !== undefined; word = words[++index]) {
    const value = literalValue(word);
    const assignment = /^([A-Za-z_]\w*)=/.exec(word.text);
    if (value === "--") continue;
    if (value?.startsWith("-") && value.length > 1) {
      if (prefix.queryOptions.includes(value)) return undefined;
      if (prefix.valueOptions.includes(value)) index += 1;
    } else if (prefix.takesAssignments && assignment?.[1] !== undefined) {
      assignments.push(assignment[1]);
    } else if (positionals > 0) {
      positionals -= 1;
    } else {
      return word.type === "Word" ? index : undefined;
    }
  }
  return undefined;
}

const scriptRunners: ReadonlySet<string> = new Set([
  "sh",
  "bash",
  "ash",
  "dash",
  "su",
  "runuser",
  "zsh",
]);

/** The script in `sh -c 'script'` or `su user -c "script"`; expansions stay as they are. */
export function nestedScript(invocation: Invocation): string | undefined {
  if (invocation.program === undefined || !scriptRunners.has(invocation.program))
    return undefined;
  const option = invocation.args.findIndex((arg) =>
    /^(-[a-z]*c|--command)$/.test(literalValue(arg) ?? ""),
  );
  const joined = invocation.args.find((arg) => arg.text.startsWith("--command="));
  if (joined?.type === "Word") return joined.value.slice("--command=".length);
  // `bash -c -l 'script'`: the first word that is no option.
  const script =
    option === -1
      ? undefined
      : invocation.args.slice(option + 1).find(({ text }) => !/^[-+]/.test(text));
  return script?.type === "Word" ? script.value : undefined;
}
