import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { fix } from "../../src/index.ts";
import { adjacentRuns } from "./adjacency.ts";
import type { CorpusFile } from "./corpus.ts";
import { leftBehind, type LeftBehind } from "./left-behind.ts";
import { keepsUntouchedLines } from "./untouched-lines.ts";

/** What `fix` did to one file. Kinds are messages without what they quote from the file. */
export interface Measurement {
  readonly id: string;
  /** Message of the exception that `fix` must never throw. */
  readonly crash?: string;
  /** Kind of the first problem of input that Docker would refuse. */
  readonly invalid?: string;
  readonly internalErrors: readonly string[];
  readonly secondRunChanges: boolean;
  readonly unparsableOutput: boolean;
  readonly disturbsOtherLines: boolean;
  readonly changed: boolean;
  readonly runs: { readonly before: number; readonly after: number };
  readonly merges: { readonly possible: number; readonly left: number };
  /** Transform of each change. */
  readonly changes: readonly string[];
  /** Kind of each refusal. */
  readonly refusals: readonly string[];
  /** Transform of each proposal. */
  readonly proposals: readonly string[];
  /** For each RUN and manager that leaves a cache in the image. */
  readonly leftBehind: readonly LeftBehind[];
  /** Time that the first `fix` took. */
  readonly milliseconds: number;
}

const nothing: Omit<Measurement, "id" | "milliseconds"> = {
  internalErrors: [],
  secondRunChanges: false,
  unparsableOutput: false,
  disturbsOtherLines: false,
  changed: false,
  runs: { before: 0, after: 0 },
  merges: { possible: 0, left: 0 },
  changes: [],
  proposals: [],
  refusals: [],
  leftBehind: [],
};

export function measure({ id, text }: CorpusFile): Measurement {
  const start = performance.now();
  const elapsed = () => performance.now() - start;
  try {
    const result = fix(text);
    const { output, problems, changes, notes, runCount } = result;
    const milliseconds = elapsed();
    const invalid = problems.find(({ kind }) => kind === "invalid-input");
    if (invalid !== undefined) {
      const disturbsOtherLines = output !== text;
      const kind = kindOf(invalid.message);
      return { ...nothing, id, milliseconds, invalid: kind, disturbsOtherLines };
    }
    const proposed = fix(text, { propose: true });
    const isProposal = proposed.changes.some(({ level }) => level === "proposal");
    return {
      id,
      milliseconds,
      internalErrors: [...problems, ...proposed.problems].map(({ message }) => message),
      secondRunChanges:
        (output !== text && fix(output).output !== output) ||
        (isProposal && isChanged(proposed.output)),
      unparsableOutput: [output, proposed.output].some(
        (result) => parseDockerfile(result).problems.length > 0,
      ),
      disturbsOtherLines: !keepsUntouchedLines(text, output, changes),
      changed: output !== text,
      runs: runCount,
      merges: { possible: adjacentRuns(text), left: adjacentRuns(output) },
      changes: changes.map(({ transform }) => transform),
      refusals: notes.map(({ transform, message }) => `${transform}: ${kindOf(message)}`),
      proposals: proposed.changes.flatMap(({ transform, level }) =>
        level === "proposal" ? [transform] : [],
      ),
      leftBehind: leftBehind(text, result).map(({ manager, reason }) => ({
        manager,
        reason: reason === undefined ? undefined : kindOf(reason),
      })),
    };
  } catch (error) {
    const crash = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...nothing, id, milliseconds: elapsed(), crash };
  }
}

function isChanged(text: string): boolean {
  return fix(text, { propose: true }).output !== text;
}

/**
 * No text of the corpus may get into the recorded figures: neither what a message quotes
 * nor names of images and paths.
 */
function kindOf(message: string): string {
  return message
    .replace(/“.*?”/gs, "“…”")
    .replace(/[^\s“”]*[\w.-][:/][\w.-][^\s“”]*/g, "…");
}
