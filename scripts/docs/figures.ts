import { existsSync, readFileSync } from "node:fs";
import { compareRecord, type CompareResult } from "../compare/result.ts";
import type { GuardsResult } from "../guards/report.ts";
import type { Figures } from "../regress/figures.ts";

/** Numbers of files; of the record that `npm run regress -- --oracle --update` leaves. */
export interface OracleTally {
  readonly files: number;
  readonly equal: number;
  /** Equal as far as the scripts run, since their commands are only recorded. */
  readonly incomplete: number;
  readonly skipped: number;
  readonly different: number;
  /** Steps that were compared while every command succeeds. */
  readonly events: number;
  /** Single commands that were made to fail in turn. */
  readonly injected: number;
}

export interface OracleRecord {
  readonly corpus: {
    readonly files: number;
    /** Commands that fail in turn, at most, per file. */
    readonly failures: number;
    readonly total: OracleTally;
    readonly transforms: Readonly<Record<string, OracleTally>>;
  };
  readonly fixtures: { readonly total: OracleTally };
}

/** The results of the latest runs that were recorded in the repository. */
export interface Records {
  readonly corpus: Figures;
  readonly guards: GuardsResult;
  readonly compare: CompareResult;
  /** Undefined as long as none is recorded. */
  readonly oracle: OracleRecord | undefined;
}

export function readRecords(): Records {
  return {
    corpus: read(recordAt("corpus-baseline.json")) as Figures,
    guards: read(recordAt("guards/result.json")) as GuardsResult,
    compare: read(compareRecord) as CompareResult,
    oracle: readOracle(recordAt("oracle-baseline.json")),
  };
}

function readOracle(file: URL): OracleRecord | undefined {
  return existsSync(file) ? (read(file) as OracleRecord) : undefined;
}

function recordAt(path: string): URL {
  return new URL(`../../test/${path}`, import.meta.url);
}

function read(file: URL): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
