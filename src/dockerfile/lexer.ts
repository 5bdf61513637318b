import { isSpace } from "./space.ts";

export interface LexOptions {
  readonly escape: string;
  /** Quotes stay in the words. */
  readonly keepQuotes: boolean;
  /** Escape characters stay in the words. */
  readonly keepEscapes: boolean;
  /**
   * The value of a variable, null if it is certainly unset, undefined if it is unknown.
   * Without this function expansions stay as they are written.
   */
  readonly lookup?: (name: string) => string | null | undefined;
}

export interface LexedWord {
  readonly text: string;
  /** Range in the source. */
  readonly start: number;
  readonly end: number;
}

export interface Lexed {
  readonly words: readonly LexedWord[];
  /** The source with quotes, escapes and variables processed; not split into words. */
  readonly text: string;
  /** A variable was used whose value is unknown, so `text` and `words` mean nothing. */
  readonly unknown: boolean;
}

const VARIABLE_NAME = /\p{Nd}+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy;

/** Keeps a hostile file from exhausting the stack; no real one comes near. */
const MAX_NESTING = 64;

/**
 * Splits and expands `source` as BuildKit's own lexer does (frontend/dockerfile/shell/lex.go).
 * It only resembles a shell: `$(…)` is no unit, and many `${…}` forms are errors.
 *
 * @returns undefined where BuildKit's lexer fails, e.g. at an unterminated quote.
 */
export function lex(source: string, options: LexOptions): Lexed | undefined {
  const { escape, keepQuotes, lookup } = options;
  const words: LexedWord[] = [];
  let word = "";
  let wordStart = 0;
  let inWord = false;
  let unknown = false;
  let position = 0;
  let nesting = 0;

  const append = (text: string, from: number) => {
    if (!inWord) wordStart = from;
    word += text;
    inWord = true;
  };
  const finish = (end: number) => {
    if (word !== "") {
      words.push({ text: word, start: wordStart, end });
      word = "";
      inWord = false;
    }
  };
  const appendSplit = (text: string, from: number, end: number) => {
    for (const character of text) {
      if (!isSpace(character.codePointAt(0) ?? 0)) append(character, from);
      else if (inWord) finish(end);
    }
  };

  /** Processes up to `stop` (consumed), or to the end; undefined is BuildKit's error. */
  function process(
    stop: string | undefined,
    keepEscapes: boolean,
    split: boolean,
  ): string | undefined {
    let result = "";
    while (position < source.length) {
      const from = position;
      const character = source[position] ?? "";
      if (character === stop) {
        position++;
        return result;
      }
      let piece: string | undefined;
      if (character === "'") piece = singleQuoted();
      else if (character === '"') piece = doubleQuoted(keepEscapes);
      else if (character === "$") piece = dollar();
      else if (character === "<") piece = lessThan();
      else if (character === escape) {
        piece = keepEscapes ? escape : "";
        position++;
        const escaped = nextCharacter();
        piece += escaped;
        if (escaped === "" && !keepEscapes) continue;
      } else {
        const plain = nextCharacter();
        result += plain;
        if (split) appendSplit(plain, from, from);
        continue;
      }
      if (piece === undefined) return undefined;
      result += piece;
      if (!split) continue;
      if (character === "$") appendSplit(piece, from, position);
      else append(piece, from);
    }
    return stop === undefined ? result : undefined;
  }

  function nextCharacter(): string {
    const code = source.codePointAt(position);
    if (code === undefined) return "";
    const character = String.fromCodePoint(code);
    position += character.length;
    return character;
  }

  function singleQuoted(): string | undefined {
    const end = source.indexOf("'", position + 1);
    if (end === -1) return undefined;
    const inner = source.slice(position + 1, end);
    position = end + 1;
    return keepQuotes ? `'${inner}'` : inner;
  }

  function doubleQuoted(keepEscapes: boolean): string | undefined {
    position++;
    let result = "";
    while (position < source.length) {
      const character = source[position] ?? "";
      if (character === '"') {
        position++;
        return keepQuotes ? `"${result}"` : result;
      }
      if (character === "$") {
        const value = dollar();
        if (value === undefined) return undefined;
        result += value;
        continue;
      }
      if (character === escape) {
        if (keepEscapes) result += escape;
        position++;
        const next = source[position];
        if (next === undefined) break;
        if (next === '"' || next === "$" || next === escape) {
          result += next;
          position++;
        } else result += escape;
        continue;
      }
      result += nextCharacter();
    }
    return undefined;
  }

  /** `<<` takes the blanks after it into its word, so that `<< EOF` is one. */
  function lessThan(): string {
    const from = position;
    position++;
    if (source[position] !== "<") return "<";
    position++;
    while (/[\t\v\f\r ]/.test(source[position] ?? "")) position++;
    return source.slice(from, position);
  }

  function dollar(): string | undefined {
    const from = position;
    position++;
    if (source[position] !== "{") {
      const name = variableName();
      return name === "" ? "$" : value(name, from);
    }
    if (nesting === MAX_NESTING) return undefined;
    nesting++;
    const expanded = braces(from);
    nesting--;
    return expanded;
  }

  function braces(from: number): string | undefined {
    position++;
    if (["{", "}", ":", undefined].includes(source[position])) return undefined;
    const name = variableName();
    let modifier = nextCharacter();
    if (modifier === "}") return value(name, from);
    if (modifier === "/") {
      const old = process("/", true, false);
      const replacement = old === undefined ? old : process("}", true, false);
      if (replacement === undefined) return undefined;
      unknown = true;
      return source.slice(from, position);
    }
    const nullIsUnset = modifier === ":";
    if (nullIsUnset) modifier = nextCharacter();
    else if (!["+", "-", "?", "#", "%"].includes(modifier)) return undefined;
    const parameter = process("}", modifier === "#" || modifier === "%", false);
    if (parameter === undefined) return undefined;
    if (lookup === undefined) return source.slice(from, position);
    const known = lookup(name);
    if (known === undefined) {
      unknown = true;
      return "";
    }
    const unset = known === null || (nullIsUnset && known === "");
    if (modifier === "-") return unset ? parameter : known;
    if (modifier === "+") return unset ? "" : parameter;
    if (modifier === "?" && !unset) return known;
    unknown = true;
    return "";
  }

  function value(name: string, from: number): string {
    if (lookup === undefined) return source.slice(from, position);
    const known = lookup(name);
    if (typeof known === "string") return known;
    unknown = true;
    return "";
  }

  function variableName(): string {
    VARIABLE_NAME.lastIndex = position;
    const name = VARIABLE_NAME.exec(source)?.[0] ?? "";
    position += name.length;
    return name;
  }

  const text = process(undefined, options.keepEscapes, true);
  if (text === undefined) return undefined;
  finish(position);
  return { words, text, unknown };
}

/**
 * A word's value, or a whole body's, without its quotes and escape characters.
 *
 * @returns undefined where a variable in it isn't known, or BuildKit's lexer fails
 */
export function expand(
  text: string,
  escape: string,
  lookup: NonNullable<LexOptions["lookup"]>,
): string | undefined {
  const lexed = lex(text, { escape, keepQuotes: false, keepEscapes: false, lookup });
  return lexed === undefined || lexed.unknown ? undefined : lexed.text;
}
