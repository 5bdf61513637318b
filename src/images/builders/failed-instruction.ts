import { parseDockerfile } from "../../dockerfile/parse.ts";
import { createLocator } from "../../dockerfile/position.ts";
import type { Step } from "./build-log.ts";

/** The instruction at which a build ended. */
export interface FailedInstruction {
  /** 1-based line of the Dockerfile. */
  readonly line: number;
  /** Its first line as it stands there. */
  readonly text: string;
}

/** @param text The Dockerfile. */
export function failedInstruction(
  text: string,
  step: Step | undefined,
): FailedInstruction | undefined {
  if (step === undefined) return undefined;
  const dockerfile = parseDockerfile(text);
  const locate = createLocator(text);
  const instructions = dockerfile.instructions;
  const lineOf = (offset: number) => locate(offset).line;
  const found = () => {
    switch (step.kind) {
      case "line":
        return instructions.findLast(({ range }) => lineOf(range.start) <= step.line);
      case "instruction":
        return withKeyword(instructions[step.number - 1], step.text);
      case "text": {
        const same = instructions.filter(
          ({ range }) =>
            onOneLine(text.slice(range.start, range.end)) ===
            step.text.replace(/\s+/g, " "),
        );
        return same.length === 1 ? same[0] : undefined;
      }
      case "stage": {
        const stage = dockerfile.stages[step.stage - 1];
        return withKeyword(stage?.instructions[step.number - 1], step.text);
      }
    }
  };
  const instruction = found();
  if (instruction === undefined) return undefined;
  const { start, end } = instruction.range;
  const [first = "", ...rest] = text.slice(start, end).split("\n");
  return {
    line: lineOf(start),
    text: rest.length === 0 ? first : `${first.replace(/[\\`]?\s*$/, "").trimEnd()} …`,
  };
}

/** As BuildKit prints an instruction, but for what it puts in place of variables. */
function onOneLine(text: string): string {
  return text.replace(/[\\`][ \t]*\r?\n/g, "").replace(/\s+/g, " ");
}

/** Where the numbers don't mean what they are taken for, nothing is better than a wrong line. */
function withKeyword<T extends { readonly keyword: string }>(
  instruction: T | undefined,
  text: string,
): T | undefined {
  const keyword = /^\w+/.exec(text)?.[0].toUpperCase();
  return instruction?.keyword === keyword ? instruction : undefined;
}
