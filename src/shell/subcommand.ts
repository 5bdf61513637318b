import type { CommandArgument } from "unbash";
import { literalValue } from "./words.ts";

/** The word that tells a program with subcommands what to do: `install` of `apt-get -y install`. */
export interface Subcommand {
  readonly name: string;
  readonly word: CommandArgument;
  /** Arguments before and after the subcommand. */
  readonly others: readonly CommandArgument[];
}

/**
 * @param valueOptions options that take the next word as their value, e.g. `-o` of apt-get
 * @returns undefined if there is none, or if an expansion stands where it would be
 */
export function readSubcommand(
  args: readonly CommandArgument[],
  valueOptions: readonly string[] = [],
): Subcommand | undefined {
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index];
    if (!word) break;
    const name = literalValue(word);
    if (name === undefined) return undefined;
    if (name.startsWith("-") && name.length > 1) {
      if (valueOptions.includes(name)) index += 1;
      continue;
    }
    return { name, word, others: args.filter((arg) => arg !== word) };
  }
  return undefined;
}
