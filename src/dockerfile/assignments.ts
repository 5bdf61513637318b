import { isSpace } from "./space.ts";

export interface Assignment {
  readonly name: string;
  /** As written, quotes and escape characters included; undefined for `ARG name`. */
  readonly value: string | undefined;
}

/**
 * Reads the body of an ENV, ARG or LABEL.
 *
 * dockerfile-ast isn't used here, because its properties differ from what BuildKit reads:
 * it joins `c=\"x\" d=a\ b` into one value, drops words without `=` silently where BuildKit
 * refuses the file, and doesn't tell `ENV a b=c` (old form) from `ENV a=b`.
 *
 * @returns a sentence that says what is wrong where BuildKit refuses the body.
 */
export function readAssignments(
  keyword: string,
  body: string,
  escape: string,
): readonly Assignment[] | string {
  const words = splitQuotedWords(body, escape);
  const first = words[0];
  if (first === undefined) return `${keyword} needs at least one argument.`;
  if (keyword !== "ARG" && !first.includes("=")) {
    // The old form, `ENV name value with blanks`.
    const match = /^([^\t\v\f\r ]*)[\t\v\f\r ]+(.*)$/s.exec(body);
    if (match === null) return `${keyword} needs a name and a value.`;
    return [{ name: match[1] ?? "", value: match[2] ?? "" }];
  }
  const assignments: Assignment[] = [];
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals === 0) return `${keyword} has an assignment without a name.`;
    if (equals === -1 && keyword !== "ARG") {
      return `${keyword} has the word “${word}”, which has no “=”.`;
    }
    assignments.push(
      equals === -1
        ? { name: word, value: undefined }
        : { name: word.slice(0, equals), value: word.slice(equals + 1) },
    );
  }
  return assignments;
}

/**
 * Splits at white space outside of quotes; quotes and escape characters stay. An escape
 * character at the very end is dropped, and an open quote reaches to the end.
 */
function splitQuotedWords(body: string, escape: string): string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let position = 0; position < body.length; position++) {
    const character = body[position] ?? "";
    if (quote === "" && isSpace(body.charCodeAt(position))) {
      if (word !== "") words.push(word);
      word = "";
      continue;
    }
    if (character === escape && quote !== "'") {
      position++;
      if (position < body.length) word += character + (body[position] ?? "");
      continue;
    }
    if (quote === "" && (character === "'" || character === '"')) {
      quote = character;
    } else if (character === quote) quote = "";
    word += character;
  }
  if (word !== "") words.push(word);
  return words;
}
