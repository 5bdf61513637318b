import type { CommandArgument } from "unbash";
import { oncePer, oncePerText } from "../../dockerfile/once-per.ts";
import { stateBefore } from "../../dockerfile/state.ts";
import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import { cacheFlags, type CacheFlag } from "../../knowledge/cache-flags.ts";
import { isFlag } from "../../knowledge/manager-calls.ts";
import type { SimpleCommand } from "../../shell/commands.ts";
import { readSubcommand, type Subcommand } from "../../shell/subcommand.ts";
import { literalValue } from "../../shell/words.ts";

/** A call of a package manager that has an option against its cache. */
export interface CacheFlagCall {
  readonly manager: CacheFlag;
  readonly command: SimpleCommand;
  readonly subcommand: Subcommand;
}

/** Undefined for other programs, and where it can't be told what the call does. */
export const readCacheFlagCall = oncePer(readCall);

function readCall(command: SimpleCommand): CacheFlagCall | undefined {
  const { program, args } = command.invocation ?? {};
  if (program === undefined || args === undefined) return undefined;
  for (const manager of managersBehind(program)) {
    const own = manager.programs.test(program)
      ? args
      : pythonProgram.test(program)
        ? moduleArguments(args, manager.pythonModule)
        : undefined;
    const subcommand = own && readSubcommand(own, manager.valueOptions);
    if (subcommand)
      return { manager, command, subcommand: withSecondWord(subcommand, manager) };
  }
  return undefined;
}

/** A file calls the same few programs over and over. */
const programLimit = 1024;

const managersBehind = oncePerText(programLimit, (program): readonly CacheFlag[] =>
  cacheFlags.filter(
    ({ programs }) => programs.test(program) || pythonProgram.test(program),
  ),
);

/** `pip install` of `uv pip install`, where that is one of the manager's subcommands. */
function withSecondWord(
  subcommand: Subcommand,
  { subcommands, valueOptions }: CacheFlag,
): Subcommand {
  const { word, name, others } = subcommand;
  if (!subcommands.some((item) => item.startsWith(`${name} `))) return subcommand;
  const behind = others.filter(({ pos }) => pos > word.pos);
  const second = readSubcommand(behind, valueOptions);
  if (!second) return subcommand;
  return {
    name: `${name} ${second.name}`,
    word: second.word,
    others: others.filter((arg) => arg !== second.word),
  };
}

const pythonProgram = /^(python|pypy)[\d.]*$/;

/** What follows `-m pip`, `-mpip` or `-Im pip`; Python documentation, Command line. */
function moduleArguments(
  args: readonly CommandArgument[],
  module: string | undefined,
): readonly CommandArgument[] | undefined {
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index];
    const value = word && literalValue(word);
    if (!value?.startsWith("-")) return undefined;
    const [, attached] = /^-[bBdEiIOPqsStuvx]*m(.*)$/.exec(value) ?? [];
    if (attached !== undefined) {
      const name = args[index + 1];
      const isAttached = attached !== "";
      const found = isAttached ? attached : name && literalValue(name);
      return found === module ? args.slice(index + (isAttached ? 1 : 2)) : undefined;
    }
    if (value === "-W" || value === "-X" || value === "-Q") index += 1;
    else if (value.startsWith("-c")) return undefined;
  }
  return undefined;
}

export function fillsCache({ manager, subcommand }: CacheFlagCall): boolean {
  return manager.subcommands.includes(subcommand.name);
}

/** Whether the option is there already, also from a variable that the Dockerfile sets. */
export function hasFlag(
  { manager, subcommand }: CacheFlagCall,
  run: Instruction,
  dockerfile: Dockerfile,
): boolean {
  return subcommand.others.some((arg) => {
    const value = literalValue(arg);
    if (value !== undefined) return isFlag(value, manager);
    const [, name] = /^"?\$\{?(\w+)\}?"?$/.exec(arg.text) ?? [];
    if (name === undefined) return false;
    const { env, args } = stateBefore(run, dockerfile);
    const words = `${env.get(name) ?? ""} ${args.get(name) ?? ""}`.split(/\s+/);
    return words.includes(manager.flag);
  });
}
