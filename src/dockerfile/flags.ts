import { isSpace } from "./space.ts";

/** A flag with its range in the logical line's text. */
export interface FlagWord {
  readonly name: string;
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the leading `--name[=value]` words of `text` between `start` and `end`, as BuildKit
 * does for every instruction: quotes and escape characters are taken out, also in the name,
 * and a bare `--` ends the flags and is dropped.
 *
 * @returns the flags and the position where the rest begins, white space included.
 */
export function readFlags(
  text: string,
  start: number,
  end: number,
  escape: string,
): { readonly flags: readonly FlagWord[]; readonly rest: number } {
  const flags: FlagWord[] = [];
  let position = start;
  for (;;) {
    while (position < end && isSpace(text.charCodeAt(position))) position++;
    if (position >= end || !text.startsWith("--", position)) break;
    const from = position;
    let word = "";
    let quote = "";
    for (; position < end; position++) {
      let character = text[position] ?? "";
      if (quote === "" && isSpace(text.charCodeAt(position))) break;
      if (character === quote) {
        quote = "";
        continue;
      }
      if (quote === "" && (character === "'" || character === '"')) {
        quote = character;
        continue;
      }
      if (character === escape) {
        if (position + 1 === end) continue;
        position++;
        character = text[position] ?? "";
      }
      word += character;
    }
    if (word === "--") break;
    const equals = word.indexOf("=");
    flags.push({
      name: word.slice(2, equals === -1 ? undefined : equals),
      value: equals === -1 ? undefined : word.slice(equals + 1),
      start: from,
      end: position,
    });
  }
  return { flags, rest: position };
}
