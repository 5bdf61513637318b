import { lineRange, readPhysicalLine } from "./logical-line.ts";
import type { LogicalLine } from "./logical-line.ts";
import { lex } from "./lexer.ts";
import { trimSpaceEnd } from "./space.ts";
import type { Heredoc, ParseProblem } from "./types.ts";

/** A `<<EOF` word on a logical line. */
interface HeredocWord {
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
function findHeredocWords(line: string): HeredocWord[] {
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

/** The heredocs of one instruction. */
export interface Heredocs {
  readonly list: readonly Heredoc[];
  /** Offset after the last terminator. */
  readonly end: number;
  /** Start of the physical line to read next. */
  readonly next: number;
}

/**
 * Reads the bodies of the heredocs that `line` opens; undefined if it opens none. One that
 * never ends takes the rest of the file.
 */
export function readHeredocs(
  text: string,
  line: LogicalLine,
  problems: ParseProblem[],
): Heredocs | undefined {
  const words = findHeredocWords(line.text);
  if (words.length === 0) return undefined;
  const list: Heredoc[] = [];
  let { next } = line;
  let { end } = line.range;
  for (const word of words) {
    const { name, quoted, stripTabs } = word;
    const range = lineRange(line, word.start, word.end);
    const found = readBody(text, next, name, stripTabs);
    if (found === undefined) {
      problems.push({
        message: `The heredoc “${name}” never ends: no later line is exactly “${name}”.`,
        hint: `Add a line that holds nothing but “${name}”, or quote the << if no heredoc is meant.`,
        range,
      });
      end = trimSpaceEnd(text, end, text.length);
      return { list, end, next: text.length };
    }
    const { bodyRange, terminatorRange } = found;
    list.push({ name, quoted, stripTabs, range, bodyRange, terminatorRange });
    end = terminatorRange.end;
    next = found.next;
  }
  return { list, end, next };
}

function readBody(
  text: string,
  start: number,
  name: string,
  stripTabs: boolean,
):
  | (Pick<Heredoc, "bodyRange" | "terminatorRange"> & { readonly next: number })
  | undefined {
  for (let at = start; at < text.length;) {
    const line = readPhysicalLine(text, at);
    let from = line.start;
    if (stripTabs) while (text[from] === "\t") from++;
    if (line.end - from === name.length && text.startsWith(name, from)) {
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
