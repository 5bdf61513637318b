import { readAssignments } from "./assignments.ts";
import { isDockerSyntax } from "./directives.ts";
import { checkFlags } from "./flag-rules.ts";
import { instructionJson, isKnownKeyword } from "./instruction.ts";
import { readPhysicalLine } from "./logical-line.ts";
import { lex } from "./lexer.ts";
import { splitWords } from "./space.ts";
import type { Dockerfile, Instruction, ParseProblem } from "./types.ts";

/** Why `text` can't be a Dockerfile at all; undefined if it can. */
export function checkText(text: string): ParseProblem | undefined {
  const nul = text.indexOf("\0");
  const undecoded = text.indexOf("\uFFFD");
  const index = nul === -1 ? undecoded : nul;
  if (index === -1) return undefined;
  const range = { start: index, end: index + 1 };
  return nul !== -1
    ? {
        message: "The file holds a NUL character: it is binary or UTF-16.",
        hint: "Save it as UTF-8.",
        range,
      }
    : {
        message: "The file isn't valid UTF-8: a character could not be decoded.",
        hint: "Save it as UTF-8.",
        range,
      };
}

/** Longest physical line that BuildKit reads, in bytes of UTF-8. */
const MAX_LINE_BYTES = 65_535;

function checkLineLengths(text: string, problems: ParseProblem[]): void {
  for (let start = 0; start < text.length;) {
    const { end, next } = readPhysicalLine(text, start);
    // A UTF-16 unit takes three bytes at most.
    if (
      (end - start) * 3 > MAX_LINE_BYTES &&
      new TextEncoder().encode(text.slice(start, end)).length > MAX_LINE_BYTES
    ) {
      problems.push({
        message: `The line is longer than the ${MAX_LINE_BYTES} bytes that Docker reads.`,
        hint: "Break it up with escape characters at the ends of the lines.",
        range: { start, end },
      });
    }
    start = next;
  }
}

/** Adds what BuildKit refuses in the file as a whole. */
export function checkFile(dockerfile: Dockerfile, problems: ParseProblem[]): void {
  const { instructions, stages, directives, text } = dockerfile;
  if (text.length * 3 > MAX_LINE_BYTES) checkLineLengths(text, problems);
  const unknown = instructions.filter(({ keyword }) => {
    return !isKnownKeyword(keyword);
  });
  const syntax = directives.find(({ name }) => name === "syntax");
  if (unknown.length > 0 && syntax !== undefined && !isDockerSyntax(syntax)) {
    problems.push({
      message: `The file is written for the frontend “${syntax.value}”, whose grammar isn't known here.`,
      hint: "Leave the file out, or use docker/dockerfile.",
      range: syntax.range,
    });
  } else {
    for (const { keyword, keywordRange, range } of unknown) {
      problems.push({
        message:
          keyword === ""
            ? "An escape character stands alone, with no instruction after it."
            : `Docker knows no instruction “${keyword}”.`,
        hint: "Correct the keyword, or end the line above with an escape character if this line continues it.",
        range: keyword === "" ? range : keywordRange,
      });
    }
  }
  if (stages.length === 0) {
    const end = text.trimEnd().length;
    problems.push({
      message: "The file has no FROM, so there is nothing to build.",
      hint: "Start it with FROM and a base image.",
      range: { start: 0, end },
    });
    return;
  }
  for (const instruction of instructions) {
    if (instruction.stage !== undefined) break;
    if (instruction.keyword === "ARG" || !isKnownKeyword(instruction.keyword)) {
      continue;
    }
    problems.push({
      message: `${instruction.keyword} stands before the first FROM, where only ARG may stand.`,
      hint: "Move it below the FROM.",
      range: instruction.keywordRange,
    });
  }
}

/** Adds what BuildKit refuses in one instruction of a known keyword. */
export function checkInstruction(
  instruction: Instruction,
  escape: string,
  problems: ParseProblem[],
): void {
  const { keyword, body } = instruction;
  if (!isKnownKeyword(keyword)) return;
  checkFlags(instruction, problems);
  const found = bodyProblem(instruction, escape);
  if (found === undefined) return;
  const range =
    body.text === ""
      ? instruction.keywordRange
      : { start: body.offsetAt(0), end: body.offsetAt(body.text.length) };
  problems.push({ ...found, range });
}

type Finding = Pick<ParseProblem, "message" | "hint">;

function bodyProblem(instruction: Instruction, escape: string): Finding | undefined {
  const { keyword, json } = instruction;
  const body = instruction.body.text;
  if (json === undefined && instructionJson(keyword, body) === "invalid") {
    return {
      message: `The JSON array of ${keyword} holds something other than strings.`,
      hint: "Put every element in double quotes.",
    };
  }
  switch (keyword) {
    case "FROM":
      return fromProblem(body, escape);
    case "ENV":
    case "LABEL":
    case "ARG": {
      const assignments = readAssignments(keyword, body, escape);
      if (typeof assignments !== "string") {
        return expansionProblem(
          assignments.map(({ value }) => value ?? ""),
          escape,
        );
      }
      return {
        message: assignments,
        hint: `Write ${keyword} name=value, with quotes around a value that holds blanks.`,
      };
    }
    case "ADD":
    case "COPY":
      return copyProblem(instruction, json ?? splitWords(body), escape);
    case "MAINTAINER":
      return body === "" ? missingArgument(keyword) : undefined;
    case "STOPSIGNAL":
    case "USER":
    case "WORKDIR":
      return body === "" ? missingArgument(keyword) : expansionProblem([body], escape);
    case "EXPOSE":
      return body === ""
        ? missingArgument(keyword)
        : expansionProblem(splitWords(body), escape);
    case "VOLUME": {
      const volumes = json ?? splitWords(body);
      return volumes.length === 0 || volumes.some((name) => name.trim() === "")
        ? missingArgument(keyword)
        : expansionProblem(volumes, escape);
    }
    case "SHELL":
      return json === undefined || json.length === 0
        ? {
            message: "SHELL takes a JSON array with at least one string.",
            hint: 'Write, e.g., SHELL ["/bin/bash", "-c"].',
          }
        : undefined;
    case "HEALTHCHECK":
      return healthcheckProblem(body, json);
    case "ONBUILD":
      return onbuildProblem(body);
    default:
      // RUN, CMD and ENTRYPOINT may be empty.
      return undefined;
  }
}

function missingArgument(keyword: string): Finding {
  return {
    message: `${keyword} needs an argument.`,
    hint: "Add it, or remove the instruction.",
  };
}

function fromProblem(body: string, escape: string): Finding | undefined {
  const words = splitWords(body);
  const [image, as, name] = words;
  if (image === undefined) {
    return {
      message: "FROM names no base image.",
      hint: "Add an image, e.g. FROM debian:12-slim.",
    };
  }
  if (words.length !== 1 && (words.length !== 3 || !/^as$/i.test(as ?? ""))) {
    return {
      message: "FROM takes an image, or an image, AS and a name.",
      hint: "Write FROM image AS name; a comment needs its own line.",
    };
  }
  if (name !== undefined && !/^[a-z][a-z0-9\-_.]*$/.test(name.toLowerCase())) {
    return {
      message: `“${name}” can't name a stage.`,
      hint: "Start with a letter; then letters, digits, - _ and . may follow.",
    };
  }
  return expansionProblem([image], escape);
}

/** Where BuildKit expands variables, it also wants complete quotes. */
function expansionProblem(
  values: readonly string[],
  escape: string,
): Finding | undefined {
  const options = { escape, keepQuotes: false, keepEscapes: false };
  const broken = values.find((value) => {
    return /['"$]/.test(value) && lex(value, options) === undefined;
  });
  if (broken === undefined) return undefined;
  return {
    message: `Docker can't read the quotes or the expansions in “${broken}”.`,
    hint: "Close every quote and every ${…}.",
  };
}

function copyProblem(
  { keyword, heredocs }: Instruction,
  paths: readonly string[],
  escape: string,
): Finding | undefined {
  if (paths.length < 2) {
    return {
      message: `${keyword} needs a source and a destination.`,
      hint: "Add what is missing.",
    };
  }
  if (/^\d*<<-?[^<]+$/.test(paths.at(-1) ?? "")) {
    return {
      message: `${keyword} can't have a heredoc as its destination.`,
      hint: "Add a path behind the heredoc.",
    };
  }
  // A quoted delimiter may hold blanks, so its words needn't be complete.
  return heredocs.length > 0 ? undefined : expansionProblem(paths, escape);
}

function healthcheckProblem(
  body: string,
  json: readonly string[] | undefined,
): Finding | undefined {
  const [, type = "", command = ""] = /^(\S*)\s*(.*)$/s.exec(body) ?? [];
  switch (type.toUpperCase()) {
    case "":
      return missingArgument("HEALTHCHECK");
    case "NONE":
      return command === ""
        ? undefined
        : {
            message: "HEALTHCHECK NONE takes no arguments.",
            hint: "Remove what follows NONE.",
          };
    case "CMD":
      return command === "" || json?.length === 0
        ? {
            message: "HEALTHCHECK CMD needs a command.",
            hint: "Add it behind CMD.",
          }
        : undefined;
    default:
      return {
        message: `HEALTHCHECK takes CMD or NONE, not “${type}”.`,
        hint: "Put CMD before the command.",
      };
  }
}

function onbuildProblem(body: string): Finding | undefined {
  const trigger = splitWords(body)[0]?.toUpperCase();
  if (trigger === undefined) return missingArgument("ONBUILD");
  if (["ONBUILD", "FROM", "MAINTAINER"].includes(trigger)) {
    return {
      message: `ONBUILD can't trigger ${trigger}.`,
      hint: "Remove the line.",
    };
  }
  return undefined;
}
