import { checkFile, checkInstruction, checkText } from "./checks.ts";
import { isComment, readComment } from "./comments.ts";
import { directiveProblem, readDirective } from "./directives.ts";
import { findHeredocWords, readHeredocBody } from "./heredocs.ts";
import { instructionJson, splitInstruction, takesHeredocs } from "./instruction.ts";
import {
  isBlankLine,
  lineRange,
  readLogicalLine,
  readPhysicalLine,
  sliceLine,
} from "./logical-line.ts";
import type { LogicalLine } from "./logical-line.ts";
import { linkStages } from "./stages.ts";
import type { DraftInstruction } from "./stages.ts";
import type { Comment, Directive, Dockerfile, Heredoc, ParseProblem } from "./types.ts";

/**
 * Parses a Dockerfile by BuildKit's grammar (frontend/dockerfile/parser).
 *
 * Never throws: whatever BuildKit would refuse is listed in `problems`, and the rest is
 * parsed as far as it makes sense.
 */
export function parseDockerfile(text: string): Dockerfile {
  const unreadable = checkText(text);
  if (unreadable !== undefined) {
    return {
      text,
      escape: "\\",
      lineBreak: lineBreakOf(text),
      directives: [],
      instructions: [],
      comments: [],
      stages: [],
      problems: [unreadable],
    };
  }
  const problems: ParseProblem[] = [];
  const bodyStart = text.startsWith("\uFEFF") ? 1 : 0;
  const { directives, escape, next } = readDirectives(text, bodyStart, problems);

  const instructions: DraftInstruction[] = [];
  const comments: Comment[] = [];
  let leading: Comment[] = [];
  for (let at = next; at < text.length;) {
    const line = readPhysicalLine(text, at);
    if (isBlankLine(text, line)) {
      leading = [];
      at = line.next;
      continue;
    }
    if (isComment(text, line.start, line.end)) {
      const comment = readComment(text, line.start, line.end);
      comments.push(comment);
      leading.push(comment);
      at = line.next;
      continue;
    }
    const logical = readLogicalLine(text, line, escape);
    const read = readInstruction(text, logical, escape, problems);
    comments.push(...logical.comments);
    instructions.push({
      ...read.instruction,
      leadingComments: leading,
      index: instructions.length,
    });
    leading = [];
    at = read.next;
  }

  const stages = linkStages(instructions, escape);
  for (const instruction of instructions) {
    problems.push(...checkInstruction(instruction, escape));
  }
  const dockerfile: Dockerfile = {
    text,
    escape,
    lineBreak: lineBreakOf(text),
    directives,
    instructions,
    comments,
    stages,
    problems,
  };
  problems.push(...checkFile(dockerfile));
  return dockerfile;
}

function lineBreakOf(text: string): "\n" | "\r\n" {
  const newline = text.indexOf("\n");
  return newline > 0 && text[newline - 1] === "\r" ? "\r\n" : "\n";
}

function readDirectives(
  text: string,
  start: number,
  problems: ParseProblem[],
): {
  readonly directives: readonly Directive[];
  readonly escape: "\\" | "`";
  readonly next: number;
} {
  const directives: Directive[] = [];
  let escape: "\\" | "`" = "\\";
  let at = start;
  while (at < text.length) {
    const line = readPhysicalLine(text, at);
    const directive = readDirective(text, line.start, line.end);
    if (directive === undefined) break;
    const problem = directiveProblem(directive, directives);
    if (problem !== undefined) problems.push(problem);
    else if (directive.name === "escape" && directive.value === "`") {
      escape = "`";
    }
    directives.push(directive);
    at = line.next;
  }
  return { directives, escape, next: at };
}

function readInstruction(
  text: string,
  line: LogicalLine,
  escape: string,
  problems: ParseProblem[],
): {
  readonly instruction: Omit<DraftInstruction, "leadingComments" | "index">;
  readonly next: number;
} {
  const parts = splitInstruction(line.text, 0, escape);
  const body = sliceLine(line, parts.bodyStart, parts.bodyEnd);
  const json = instructionJson(parts.keyword, body.text);
  const heredocs: Heredoc[] = [];
  let { next } = line;
  let { end } = line.range;
  if (line.text.includes("<<") && takesHeredocs(parts, line.text, escape)) {
    for (const word of findHeredocWords(line.text)) {
      const range = lineRange(line, word.start, word.end);
      const found = readHeredocBody(text, next, word);
      if (found === undefined) {
        problems.push({
          message: `The heredoc “${word.name}” never ends: no later line is exactly “${word.name}”.`,
          hint: `Add a line that holds nothing but “${word.name}”, or quote the << if no heredoc is meant.`,
          range,
        });
        next = text.length;
        break;
      }
      const { name, quoted, stripTabs } = word;
      const { bodyRange, terminatorRange } = found;
      heredocs.push({
        name,
        quoted,
        stripTabs,
        range,
        bodyRange,
        terminatorRange,
      });
      next = found.next;
      end = terminatorRange.end;
    }
  }
  if (next === text.length && heredocs.length === 0 && next > line.next) {
    // Whatever stands below an open heredoc belongs to it.
    end = text.trimEnd().length;
  }
  return {
    instruction: {
      keyword: parts.keyword,
      keywordRange: lineRange(line, parts.keywordStart, parts.keywordEnd),
      range: { start: line.range.start, end },
      flags: parts.flags.map((flag) => ({
        name: flag.name,
        value: flag.value,
        range: lineRange(line, flag.start, flag.end),
      })),
      body,
      heredocs,
      json: json === "invalid" ? undefined : json,
      innerComments: line.comments,
      stage: undefined,
    },
    next,
  };
}
