import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { Instruction } from "../../src/dockerfile/types.ts";

/** The goal's own list: the tool's would hide a mistake of the tool. */
const configuration: ReadonlySet<string> = new Set([
  "LABEL",
  "EXPOSE",
  "CMD",
  "ENTRYPOINT",
  "HEALTHCHECK",
  "STOPSIGNAL",
  "MAINTAINER",
]);

/**
 * How many merges adjacency alone allows: neighbouring RUNs of a stage in shell form, with
 * equal flags and without heredoc, and only configuration instructions between them.
 */
export function adjacentRuns(text: string): number {
  let pairs = 0;
  for (const { instructions } of parseDockerfile(text).stages) {
    let previous: string | undefined;
    for (const instruction of instructions) {
      if (configuration.has(instruction.keyword)) continue;
      const flags = mergeable(instruction) ? flagText(instruction) : undefined;
      if (flags !== undefined && flags === previous) pairs += 1;
      previous = flags;
    }
  }
  return pairs;
}

function mergeable({ keyword, json, heredocs }: Instruction): boolean {
  return keyword === "RUN" && json === undefined && heredocs.length === 0;
}

function flagText({ flags }: Instruction): string {
  return flags
    .map(({ name, value }) => `--${name}=${value ?? ""}`)
    .sort()
    .join(" ");
}
