import { readPhysicalLine } from "./logical-line.ts";
import { lex } from "./lexer.ts";
import type { Range } from "./types.ts";

/** A `<<EOF` word on a logical line. */
export interface HeredocWord {
  readonly name: string;
  readonly quoted: boolean;
  readonly stripTabs: boolean;
  /** Range in the logical line's text. */
  readonly start: number;
  readonly end: number;
}

/**
 * The heredocs that a logical line opens, in order.
 *
 * BuildKit looks for them with its own lexer and always with `\` as the escape character.
 * A heredoc has to start a word (`cat<<EOF` is none for BuildKit), and where the lexer fails,
 * e.g. at an apostrophe or at `${a[0]}` anywhere in the line, there are none at all.
 */
export function findHeredocWords(line: string): HeredocWord[] {
  if (!line.includes("<<")) return [];
  const lexed = lex(line, {
    escape: "\\",
    keepQuotes: true,
    keepEscapes: true,
  });
  const heredocs: HeredocWord[] = [];
  for (const { text, start, end } of lexed?.words ?? []) {
    const match = /^\d*<<(-?)([^<]*)$/.exec(text);
    if (match === null) continue;
    const delimiter = (match[2] ?? "").replace(/^[\t\f\r ]+/, "");
    const name = delimiterName(delimiter);
    if (name !== undefined) {
      heredocs.push({ ...name, stripTabs: match[1] === "-", start, end });
    }
  }
  return heredocs;
}

function delimiterName(
  delimiter: string,
): { readonly name: string; readonly quoted: boolean } | undefined {
  const options = { escape: "\\", keepEscapes: false };
  const plain = lex(delimiter, { ...options, keepQuotes: false })?.words;
  const raw = lex(delimiter, { ...options, keepQuotes: true })?.words;
  const name = plain?.[0]?.text;
  if (name === undefined || plain?.length !== 1) return undefined;
  return { name, quoted: raw?.[0]?.text !== name };
}

export interface HeredocBody {
  readonly bodyRange: Range;
  readonly terminatorRange: Range;
  /** Start of the physical line after the terminator. */
  readonly next: number;
}

/** Reads the body that starts at offset `start`; undefined if its terminator is missing. */
export function readHeredocBody(
  text: string,
  start: number,
  heredoc: HeredocWord,
): HeredocBody | undefined {
  for (let at = start; at < text.length;) {
    const line = readPhysicalLine(text, at);
    let from = line.start;
    if (heredoc.stripTabs) while (text[from] === "\t") from++;
    if (line.end - from === heredoc.name.length && text.startsWith(heredoc.name, from)) {
      return {
        bodyRange: { start, end: line.start },
        terminatorRange: { start: from, end: line.end },
        next: line.next,
      };
    }
    at = line.next;
  }
  return undefined;
}
