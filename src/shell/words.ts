import type { CommandArgument, Word, WordPart } from "unbash";

/**
 * The word's value where it is the same whatever the environment and the file system hold;
 * undefined where it has an expansion or a glob.
 */
export function literalValue(word: CommandArgument): string | undefined {
  if (word.type === "Assignment") {
    if (word.value.type !== "Word" || word.append || word.index) return undefined;
    const value = literalValue(word.value);
    return value === undefined ? undefined : `${word.name}=${value}`;
  }
  return word.parts === undefined || word.parts.every(isLiteral) ? word.value : undefined;
}

function isLiteral(part: WordPart): boolean {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return true;
    case "DoubleQuoted":
      return part.parts.every(isLiteral);
    default:
      return false;
  }
}

/**
 * The last path segment of a word that names a program: `pip` for `pip`,
 * `/usr/bin/pip`, `"$VENV/bin/pip"`. Undefined where that segment is not literal.
 */
export function programName(word: Word): string | undefined {
  const literal = literalValue(word);
  if (literal !== undefined) return literal.slice(literal.lastIndexOf("/") + 1);
  const last = word.parts?.at(-1);
  const tail =
    last?.type === "DoubleQuoted"
      ? last.parts.at(-1)
      : last?.type === "Literal"
        ? last
        : undefined;
  if (tail?.type !== "Literal") return undefined;
  const slash = tail.value.lastIndexOf("/");
  return slash === -1 ? undefined : tail.value.slice(slash + 1);
}
