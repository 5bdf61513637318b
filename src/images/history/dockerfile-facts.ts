import { parseDockerfile } from "../../dockerfile/parse.ts";
import { createLocator } from "../../dockerfile/position.ts";
import { fix } from "../../engine/engine.ts";
import type { HistoryEntry } from "../types.ts";
import { matchInstructions } from "./match-instructions.ts";

/** What the Dockerfile tells about the entries of an image's history, by their position. */
export interface DockerfileFacts {
  /** 1-based; undefined for an entry of the base image. */
  lineOf(entry: number): number | undefined;
  /** The transforms that would change all of these entries' instructions at once. */
  transformsFor(...entries: readonly number[]): readonly string[];
  /** Why a transform left the instruction of an entry alone. */
  refusal(entry: number): string | undefined;
}

/** @param target Name of the stage that was built; undefined: the last one. */
export function dockerfileFacts(
  history: readonly HistoryEntry[],
  text: string,
  target: string | undefined,
): DockerfileFacts {
  const dockerfile = parseDockerfile(text);
  const locate = createLocator(text);
  const instructions = matchInstructions(history, dockerfile, target);
  const lines = instructions.map((instruction) =>
    instruction === undefined
      ? undefined
      : {
          first: locate(instruction.range.start).line,
          last: locate(instruction.range.end).line,
        },
  );
  const { changes, notes } = fix(text, { unsafe: true });
  return {
    lineOf: (entry) => lines[entry]?.first,
    transformsFor(...entries) {
      const covering = changes.filter((change) =>
        entries.every((entry) => {
          const range = lines[entry];
          return (
            range !== undefined &&
            change.line <= range.last &&
            change.endLine >= range.first
          );
        }),
      );
      return [...new Set(covering.map(({ transform }) => transform))];
    },
    refusal(entry) {
      const range = lines[entry];
      if (range === undefined) return undefined;
      return notes.find(({ line }) => line >= range.first && line <= range.last)?.message;
    },
  };
}
