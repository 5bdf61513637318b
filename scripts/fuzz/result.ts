import type { ChunkResult } from "../../test/fuzz/chunk.ts";
import type { FuzzOptions } from "./options.ts";

/** Where the latest fuzzing without a failure is recorded. */
export const fuzzRecord = new URL("../../test/fuzz/result.json", import.meta.url);

/** What a fuzzing came to; all but the date and the seed are numbers of cases. */
export interface FuzzResult {
  /** Day of the run, as in 2026-01-31. */
  readonly date: string;
  /** The first chunk's; each other chunk has the next one. */
  readonly seed: number;
  readonly cases: number;
  readonly changed: number;
  readonly equal: number;
  /** Of the equal ones, those whose build stops by itself before its end. */
  readonly incomplete: number;
  readonly failed: number;
  /** By the reason why they were passed over, the most frequent first. */
  readonly skipped: Readonly<Record<string, number>>;
}

export function fuzzResult(
  { seed }: FuzzOptions,
  chunks: readonly ChunkResult[],
): FuzzResult {
  const sum = (of: (chunk: ChunkResult) => number): number =>
    chunks.reduce((total, chunk) => total + of(chunk), 0);
  const skipped = new Map<string, number>();
  for (const [reason, count] of chunks.flatMap((chunk) => [...chunk.skipped]))
    skipped.set(reason, (skipped.get(reason) ?? 0) + count);
  return {
    date: new Date().toISOString().slice(0, 10),
    seed,
    cases: sum((chunk) => chunk.cases),
    changed: sum((chunk) => chunk.changed),
    equal: sum((chunk) => chunk.equal),
    incomplete: sum((chunk) => chunk.incomplete),
    failed: sum((chunk) => (chunk.failure ? 1 : 0)),
    skipped: Object.fromEntries([...skipped].sort(([, a], [, b]) => b - a)),
  };
}
