import type { CommandArgument } from "unbash";
import { simpleCommands, type SimpleCommand } from "./commands.ts";
import type { Script } from "./parse.ts";
import { literalValue } from "./words.ts";

/**
 * Whether a pattern such as `lists/*` may not become the files that it matches: `set -f`
 * leaves it as it is, bash's failglob makes it an error where nothing matches, and GLOBIGNORE
 * leaves files out (Bash Reference Manual, “Filename Expansion”).
 */
export function mayChangeGlobs(script: Script): boolean {
  return (
    script.text.includes("GLOBIGNORE=") ||
    simpleCommands(script).some((command) => setsNoglob(command) || setsFailglob(command))
  );
}

function setsNoglob({ invocation }: SimpleCommand): boolean {
  if (invocation?.program !== "set") return false;
  for (const word of invocation.args) {
    const text = literalValue(word);
    if (text === undefined) return true;
    if (text === "--") return false;
    if (/^-[a-zA-Z]*f/.test(text) || text === "noglob") return true;
  }
  return false;
}

function setsFailglob({ invocation }: SimpleCommand): boolean {
  const mayName = (word: CommandArgument) =>
    /^(failglob)?$/.test(literalValue(word) ?? "");
  return invocation?.program === "shopt" && invocation.args.some(mayName);
}
