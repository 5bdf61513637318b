import { readFileSync } from "node:fs";
import { compareRecord, type CompareResult } from "../compare/result.ts";
import { fuzzRecord, type FuzzResult } from "../fuzz/result.ts";
import type { GuardsResult } from "../guards/report.ts";
import type { Figures } from "../regress/figures.ts";
import type { OracleFigures } from "../regress/oracle-figures.ts";

/** The results of the latest runs that were recorded in the repository. */
export interface Records {
  readonly corpus: Figures;
  readonly guards: GuardsResult;
  readonly compare: CompareResult;
  readonly oracle: OracleFigures;
  readonly fuzz: FuzzResult;
}

export function readRecords(): Records {
  return {
    corpus: read(recordAt("corpus-baseline.json")) as Figures,
    guards: read(recordAt("guards/result.json")) as GuardsResult,
    compare: read(compareRecord) as CompareResult,
    oracle: read(recordAt("oracle-baseline.json")) as OracleFigures,
    fuzz: read(fuzzRecord) as FuzzResult,
  };
}

function recordAt(path: string): URL {
  return new URL(`../../test/${path}`, import.meta.url);
}

function read(file: URL): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
