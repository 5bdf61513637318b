import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { defaultCorpus } from "./corpus.ts";

export interface RegressOptions {
  /** JSON lines, gzipped or not; absolute path. */
  readonly corpus: string;
  /** Record the figures in place of comparing them. */
  readonly update: boolean;
  /** Judge the outputs with real shells in place of counting. */
  readonly oracle: OracleOptions | undefined;
}

export interface OracleOptions {
  /** Number of files, chosen by the seed; all where undefined. */
  readonly sample: number | undefined;
  readonly seed: number;
  /** Single failing commands that are tried per file; 3, or all for a pair. */
  readonly failures: number;
  /** The one file to judge. */
  readonly id: string | undefined;
  /** Record the figures in place of comparing them. */
  readonly update: boolean;
  /** Two Dockerfiles to judge in place of the corpus. */
  readonly pair: readonly [string, string] | undefined;
}

/** @returns the options, or what is wrong with the arguments. */
export function regressOptions(words: readonly string[]): RegressOptions | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        corpus: { type: "string", default: defaultCorpus },
        update: { type: "boolean", default: false },
        oracle: { type: "boolean", default: false },
        sample: { type: "string" },
        seed: { type: "string" },
        failures: { type: "string" },
        id: { type: "string" },
        pair: { type: "boolean" },
      },
    });
    const forOracle = ["sample", "seed", "failures", "id", "pair"] as const;
    const stray = forOracle.find((name) => values[name] !== undefined);
    if (stray !== undefined && !values.oracle) return `--${stray} goes with --oracle.`;
    const [before, after] = positionals;
    if (positionals.length !== (values.pair ? 2 : 0)) {
      return "--pair takes two Dockerfiles, and nothing else takes files.";
    }
    const part = (["sample", "failures", "id", "pair"] as const).find(
      (name) => values[name] !== undefined,
    );
    if (values.update && part !== undefined) {
      return `--update records all of the corpus; --${part} doesn't go with it.`;
    }
    return {
      corpus: resolve(values.corpus),
      update: values.update,
      oracle: values.oracle
        ? {
            sample: wholeNumber("sample", values.sample),
            seed: wholeNumber("seed", values.seed) ?? 1,
            failures:
              wholeNumber("failures", values.failures) ?? (values.pair ? Infinity : 3),
            id: values.id,
            update: values.update,
            pair:
              before === undefined || after === undefined ? undefined : [before, after],
          }
        : undefined,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw new Error(`--${name} takes a whole number.`);
  return Number(value);
}
