/**
 * A small reader of Dockerfiles for the oracle alone. It follows the line grammar of
 * BuildKit (frontend/dockerfile/parser) and shares nothing with src/, so that a mistake of
 * the product's own parser can't hide itself.
 */
import { splitRawWords } from "./words.ts";

export interface Heredoc {
  readonly name: string;
  /** False where a quote in the name stops variables from being replaced. */
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly content: string;
}

export interface Instruction {
  /** 1-based line of the file on which the instruction starts. */
  readonly line: number;
  /** In upper case. */
  readonly keyword: string;
  readonly flags: readonly string[];
  /** What follows the keyword and the flags, continuation lines joined. */
  readonly rest: string;
  /** The words of the exec form. */
  readonly json: readonly string[] | undefined;
  readonly heredocs: readonly Heredoc[];
}

export type Reading =
  | {
      readonly ok: true;
      readonly escape: string;
      /** `syntax`, `check` and the like, as written at the top of the file. */
      readonly directives: ReadonlyMap<string, string>;
      readonly instructions: readonly Instruction[];
    }
  | { readonly ok: false; readonly reason: string };

const KEYWORDS = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);
const WITH_FLAGS = new Set(["ADD", "COPY", "FROM", "HEALTHCHECK", "RUN", "ONBUILD"]);
const WITH_HEREDOCS = new Set(["ADD", "COPY", "RUN"]);

class Unreadable extends Error {}

export function readDockerfile(text: string): Reading {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message };
    throw error;
  }
}

function read(text: string): Reading {
  // Each line keeps its newline, because a heredoc's content does.
  const lines = text.replace(/^\uFEFF/, "").match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const directives = readDirectives(lines);
  const escape = directives.get("escape") ?? "\\";
  if (escape !== "\\" && escape !== "`") throw new Unreadable("invalid escape directive");
  const quoted = escape === "`" ? "`" : "\\\\";
  const continuation = new RegExp(`([^${quoted}])${quoted}[ \\t]*$|^${quoted}[ \\t]*$`);
  const instructions: Instruction[] = [];
  let next = 0;

  while (next < lines.length) {
    const line = next + 1;
    const first = withoutNewline(lines[next++] ?? "");
    if (isComment(first)) continue;
    let open = continuation.test(first.trimStart());
    let logical = first.trimStart().replace(continuation, "$1");
    if (!open && logical.trim() === "") continue;
    while (open && next < lines.length) {
      const more = withoutNewline(lines[next++] ?? "");
      if (isComment(more) || more.trim() === "") continue;
      open = continuation.test(more);
      logical += more.replace(continuation, "$1");
    }
    if (logical.trim() === "") continue;

    const heredocs: Heredoc[] = [];
    if (mayHoldHeredocs(logical) && logical.includes("<<")) {
      for (const mark of heredocMarks(logical, escape)) {
        let content = "";
        let ended = false;
        while (!ended && next < lines.length) {
          const raw = lines[next++] ?? "";
          const bare = withoutNewline(raw);
          ended = (mark.chomp ? bare.replace(/^\t+/, "") : bare) === mark.name;
          if (!ended) content += raw;
        }
        if (!ended) throw new Unreadable(`heredoc ${mark.name} has no end`);
        heredocs.push({ ...mark, content });
      }
    }
    instructions.push(toInstruction(logical, line, heredocs));
  }
  if (!instructions.some((instruction) => instruction.keyword === "FROM"))
    throw new Unreadable("no FROM instruction");
  return { ok: true, escape, directives, instructions };
}

/** The comments at the top that steer the parser; the first other line ends them. */
function readDirectives(lines: readonly string[]): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  for (const line of lines) {
    const directive = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(
      withoutNewline(line).trim(),
    );
    if (!directive) break;
    directives.set((directive[1] ?? "").toLowerCase(), directive[2] ?? "");
  }
  return directives;
}

function withoutNewline(line: string): string {
  return line.replace(/[\r\n]+$/, "");
}

function isComment(line: string): boolean {
  return line.trimStart().startsWith("#");
}

function mayHoldHeredocs(logical: string): boolean {
  const words = logical.trim().split(/\s+/, 2);
  const keyword = (words[0] ?? "").toUpperCase();
  return WITH_HEREDOCS.has(
    keyword === "ONBUILD" ? (words[1] ?? "").toUpperCase() : keyword,
  );
}

function heredocMarks(logical: string, escape: string): Omit<Heredoc, "content">[] {
  return splitRawWords(logical, escape).flatMap((word) => {
    const match = /^\d*<<(-?)([^<]+)$/.exec(word);
    if (!match) return [];
    const written = match[2] ?? "";
    const name = written.replace(/["'\\]/g, "");
    if (name === "") return [];
    return [{ name, expand: name === written, chomp: match[1] === "-" }];
  });
}

function toInstruction(
  logical: string,
  line: number,
  heredocs: readonly Heredoc[],
): Instruction {
  const split = /^(\S+)\s*([\s\S]*)$/.exec(logical.trim());
  const keyword = (split?.[1] ?? "").toUpperCase();
  let rest = split?.[2] ?? "";
  if (!KEYWORDS.has(keyword))
    throw new Unreadable(`line ${line}: unknown instruction ${keyword.slice(0, 30)}`);
  const flags: string[] = [];
  if (WITH_FLAGS.has(keyword)) {
    for (;;) {
      const flag = /^(--[^\s"']*(?:"[^"]*"[^\s"']*|'[^']*'[^\s"']*)*)(?:\s+|$)/.exec(
        rest,
      );
      if (flag?.[1] === undefined || flag[1] === "") break;
      rest = rest.slice(flag[0].length);
      if (flag[1] === "--") break;
      flags.push(flag[1]);
    }
  }
  return { line, keyword, flags, rest, json: jsonWords(rest), heredocs };
}

/** The exec form: a JSON array that holds strings alone. */
function jsonWords(rest: string): readonly string[] | undefined {
  if (!rest.trimStart().startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(rest);
    return Array.isArray(value) && value.every((word) => typeof word === "string")
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}
