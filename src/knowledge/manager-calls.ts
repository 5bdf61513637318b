import type { Invocation } from "../shell/invocation.ts";
import { literalValue } from "../shell/words.ts";
import type { FlagFacts } from "./managers/types.ts";
import type { PackageManager } from "./package-managers.ts";

/** What a call of a package manager does to its cache. */
export type Role = "fills" | "reads" | "cleans" | "other";

/** Options with which any manager only says something. */
const informing = /^(-v|-V|-h|--version|--help|--dry-run)$/;

/** Whether an option of the call moves the manager's cache. */
export function movesCache(invocation: Invocation, manager: PackageManager): boolean {
  return invocation.args.some((arg) => manager.handledByOption?.test(arg.text) ?? false);
}

/** Whether a word is the option against the cache, also under another of its names. */
export function isFlag(
  word: string,
  { flag, shortestFlag, aliases = [] }: FlagFacts,
): boolean {
  return (
    (flag.startsWith(word) && word.startsWith(shortestFlag)) || aliases.includes(word)
  );
}

/** Returns undefined if the command isn't one of this manager's. */
export function roleOf(
  invocation: Invocation,
  manager: PackageManager,
): Role | undefined {
  if (invocation.program === undefined || !manager.programs.test(invocation.program))
    return undefined;
  const options: string[] = [];
  const words: string[] = [];
  for (let index = 0; index < invocation.args.length; index += 1) {
    const arg = invocation.args[index];
    const value = arg && (literalValue(arg) ?? arg.text);
    if (value === undefined) break;
    if (!value.startsWith("-")) words.push(value);
    else {
      options.push(value);
      if (manager.valueOptions.includes(value)) index += 1;
    }
  }
  if (options.some((option) => informing.test(option))) return "other";
  const call = words.join(" ");
  const { byOption, readsByOption, flag } = manager;
  if (flag && options.some((option) => isFlag(option, flag))) return "other";
  if (options.some((option) => readsByOption?.test(option))) return "reads";
  if (
    manager.cleans?.test(call) ||
    options.some((option) => byOption?.cleans.test(option))
  )
    return "cleans";
  if (manager.fills.test(call) || options.some((option) => byOption?.fills.test(option)))
    return "fills";
  return manager.reads?.test(call) ? "reads" : "other";
}
