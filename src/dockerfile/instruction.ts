import { readFlags } from "./flags.ts";
import type { FlagWord } from "./flags.ts";
import { JSON_FORM, readJsonForm } from "./json-form.ts";
import { isSeparator, skipSpace, trimSpaceEnd } from "./space.ts";

const KEYWORDS = new Set([
  "ADD",
  "ARG",
  "CMD",
  "COPY",
  "ENTRYPOINT",
  "ENV",
  "EXPOSE",
  "FROM",
  "HEALTHCHECK",
  "LABEL",
  "MAINTAINER",
  "ONBUILD",
  "RUN",
  "SHELL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
]);

const HEREDOC_KEYWORDS = new Set(["ADD", "COPY", "RUN"]);

export function isKnownKeyword(keyword: string): boolean {
  return KEYWORDS.has(keyword);
}

/** The parts of a logical line; all numbers are positions in its text. */
export interface InstructionParts {
  readonly keyword: string;
  readonly keywordStart: number;
  readonly keywordEnd: number;
  readonly flags: readonly FlagWord[];
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/** Splits the logical line `text` from `start` on into keyword, flags and body. */
export function splitInstruction(
  text: string,
  start: number,
  escape: string,
): InstructionParts {
  const keywordStart = skipSpace(text, start, text.length);
  const end = trimSpaceEnd(text, keywordStart, text.length);
  let keywordEnd = keywordStart;
  while (keywordEnd < end && !isSeparator(text.charCodeAt(keywordEnd))) {
    keywordEnd++;
  }
  const { flags, rest } = readFlags(text, keywordEnd, end, escape);
  const lastFlag = flags.at(-1)?.end ?? keywordEnd;
  const bodyStart = skipSpace(text, rest, end);
  return {
    keyword: upperCase(text.slice(keywordStart, keywordEnd)),
    keywordStart,
    keywordEnd,
    flags,
    // An empty body stands right after what precedes it, not after trailing blanks.
    bodyStart: bodyStart === end ? Math.max(lastFlag, rest) : bodyStart,
    bodyEnd: bodyStart === end ? Math.max(lastFlag, rest) : end,
  };
}

/** ASCII only: `toUpperCase` would turn a dotless ı into the I of a real keyword. */
function upperCase(keyword: string): string {
  if (KEYWORDS.has(keyword)) return keyword;
  return keyword.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** The JSON form of an instruction, see `readJsonForm`. */
export function instructionJson(
  keyword: string,
  body: string,
): readonly string[] | "invalid" | undefined {
  if (JSON_FORM.has(keyword)) return readJsonForm(body);
  if (keyword !== "HEALTHCHECK") return undefined;
  // HEALTHCHECK CMD […]: the array follows the type.
  const command = /^\S+\s+(.*)$/s.exec(body)?.[1];
  return command === undefined ? undefined : readJsonForm(command);
}

/** Whether BuildKit looks for heredocs in the logical line `text`: not in the JSON form. */
export function takesHeredocs(
  { keyword, bodyStart, bodyEnd }: InstructionParts,
  text: string,
  escape: string,
): boolean {
  if (!text.includes("<<")) return false;
  if (keyword === "ONBUILD") {
    const inner = splitInstruction(text.slice(0, bodyEnd), bodyStart, escape);
    return HEREDOC_KEYWORDS.has(inner.keyword) && takesHeredocs(inner, text, escape);
  }
  return (
    HEREDOC_KEYWORDS.has(keyword) &&
    !Array.isArray(instructionJson(keyword, text.slice(bodyStart, bodyEnd)))
  );
}
