import { checkFile, checkInstruction, checkText } from "./checks.ts";
import { isComment, readComment } from "./comments.ts";
import { directiveProblem, readDirective } from "./directives.ts";
import { readHeredocs } from "./heredocs.ts";
import type { Heredocs } from "./heredocs.ts";
import { instructionJson, splitInstruction, takesHeredocs } from "./instruction.ts";
import type { InstructionParts } from "./instruction.ts";
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
import type { Comment, Directive, Dockerfile, ParseProblem } from "./types.ts";

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
    const parts = splitInstruction(logical.text, 0, escape);
    const heredocs = takesHeredocs(parts, logical.text, escape)
      ? readHeredocs(text, logical, problems)
      : undefined;
    instructions.push(
      toInstruction(logical, parts, heredocs, leading, instructions.length),
    );
    for (const comment of logical.comments) comments.push(comment);
    at = heredocs?.next ?? logical.next;
    leading = [];
  }

  const stages = linkStages(instructions, escape);
  for (const instruction of instructions) {
    checkInstruction(instruction, escape, problems);
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
  checkFile(dockerfile, problems);
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

function toInstruction(
  line: LogicalLine,
  parts: InstructionParts,
  heredocs: Heredocs | undefined,
  leadingComments: readonly Comment[],
  index: number,
): DraftInstruction {
  const body = sliceLine(line, parts.bodyStart, parts.bodyEnd);
  const json = instructionJson(parts.keyword, body.text);
  return {
    keyword: parts.keyword,
    keywordRange: lineRange(line, parts.keywordStart, parts.keywordEnd),
    range: {
      start: line.range.start,
      end: heredocs?.end ?? line.range.end,
    },
    flags: parts.flags.map(({ name, value, start, end }) => ({
      name,
      value,
      range: lineRange(line, start, end),
    })),
    body,
    heredocs: heredocs?.list ?? [],
    json: json === "invalid" ? undefined : json,
    leadingComments,
    innerComments: line.comments,
    stage: undefined,
    index,
  };
}
