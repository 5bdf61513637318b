import { absolutePath } from "./paths.ts";
import type { StageCommand } from "./stage-commands.ts";

/** The arguments that are no options; undefined where one isn't known. */
export function operands(
  args: StageCommand["args"],
  valueOptions: readonly string[] = [],
): readonly string[] | undefined {
  const found: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index];
    if (word === undefined) return undefined;
    if (valueOptions.includes(word)) index += 1;
    else if (!word.startsWith("-") || word === "-") found.push(word);
  }
  return found;
}

/**
 * The value of an option, given as the next word or after `=`.
 *
 * @returns null where the value can't be told, undefined without such an option
 */
export function optionValue(
  args: StageCommand["args"],
  option: RegExp,
): string | undefined | null {
  for (const [index, word] of args.entries()) {
    if (word === undefined) continue;
    const [name = "", ...rest] = word.split("=");
    if (!option.test(name)) continue;
    return rest.length > 0 ? rest.join("=") : (args[index + 1] ?? null);
  }
  return undefined;
}

/** Undefined where a path can't be told. */
export function absolutes(
  { folder }: StageCommand,
  words: readonly string[] | undefined,
): readonly string[] | undefined {
  const paths = words?.map((word) => absolutePath(word, folder));
  return paths?.every((path) => path !== undefined) ? paths : undefined;
}
