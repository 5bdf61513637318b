import type { CommandArgument, WordPart } from "unbash";

/** Undefined for a variable whose value the Dockerfile doesn't tell. */
export type VariableLookup = (name: string) => string | undefined;

/** A word's value with the variables that are known; undefined where something isn't. */
export function wordValue(
  word: CommandArgument,
  lookup: VariableLookup,
): string | undefined {
  if (word.type === "Assignment") return undefined;
  return word.parts === undefined ? word.value : joined(word.parts, lookup);
}

function joined(parts: readonly WordPart[], lookup: VariableLookup): string | undefined {
  const values = parts.map((part) => partValue(part, lookup));
  return values.every((value) => value !== undefined) ? values.join("") : undefined;
}

function partValue(part: WordPart, lookup: VariableLookup): string | undefined {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return part.value;
    case "DoubleQuoted":
      return joined(part.parts, lookup);
    case "SimpleExpansion":
      return lookup(part.text.slice(1));
    case "ParameterExpansion":
      return part.operation === undefined &&
        part.prefix === undefined &&
        part.index === undefined
        ? lookup(part.parameter)
        : undefined;
    default:
      return undefined;
  }
}
