import { parseArgs } from "node:util";
import { defaultCorpus } from "../regress/corpus.ts";

export interface FuzzOptions {
  readonly cases: number;
  readonly seed: number;
  /** Where a failure was found under this seed; then it alone is looked at. */
  readonly path: string | undefined;
  /** Path of the corpus whose mutants are checked; without it, cases are generated. */
  readonly corpus: string | undefined;
  /** Record the figures, unless something failed. */
  readonly update: boolean;
}

/** @returns the options, or what is wrong with the arguments. */
export function fuzzOptions(words: readonly string[]): FuzzOptions | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        cases: { type: "string", default: "1000" },
        seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
        path: { type: "string" },
        mutants: { type: "boolean", default: false },
        corpus: { type: "string", default: defaultCorpus },
        update: { type: "boolean", default: false },
      },
    });
    const { path, update, mutants } = values;
    if (path !== undefined && !/^\d+(:\d+)*$/.test(path))
      return "--path takes numbers with colons between them, as a failure prints them.";
    if (path !== undefined && update)
      return "--update records a run, not one case of it.";
    if (mutants && update) return "--update records generated cases, not mutants.";
    return {
      cases: wholeNumber("cases", values.cases),
      seed: wholeNumber("seed", values.seed),
      path,
      corpus: mutants ? values.corpus : undefined,
      update,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wholeNumber(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value))
    throw new Error(`--${name} takes a whole number of at most nine digits.`);
  return Number(value);
}
