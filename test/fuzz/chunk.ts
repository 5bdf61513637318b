/** A number of generated cases under one seed, checked one after the other. */
import fc from "fast-check";
import type { FixOptions } from "../../src/index.ts";
import type { Runner } from "../oracle/native.ts";
import { compareDockerfiles } from "../oracle/oracle.ts";
import { describeVerdict } from "../oracle/verdict.ts";
import { fuzzCase, type FuzzCase } from "./dockerfiles.ts";
import { mutantCase } from "./mutants.ts";
import { checkFix, type Defect, type Fix } from "./properties.ts";

export interface Chunk {
  readonly seed: number;
  readonly cases: number;
  /** Replays the one case to which this path of fast-check leads. */
  readonly path?: string | undefined;
  /** Single failures that the oracle tries per case. */
  readonly failures: number;
  /** How many smaller cases are tried once one has failed. */
  readonly shrinks: number;
  /** Texts of Dockerfiles whose mutants are the cases. Without them they are generated. */
  readonly files?: readonly string[] | undefined;
}

export interface CheckOptions {
  /** Without one, nothing is executed: what shows in the texts alone is checked. */
  readonly runner?: Runner;
  /** What is checked; default: dockerslim's own. */
  readonly fix?: Fix;
}

export interface Failure {
  readonly seed: number;
  readonly path: string;
  readonly property: string;
  readonly detail: string;
  readonly before: string;
  readonly after: string;
  readonly options: FixOptions;
}

export interface ChunkResult {
  readonly seed: number;
  readonly cases: number;
  readonly changed: number;
  readonly equal: number;
  /** Of these, the ones whose build stops by itself before its end. */
  readonly incomplete: number;
  /** Reasons why a case, or the verdict on it, was passed over, with their number. */
  readonly skipped: ReadonlyMap<string, number>;
  readonly failure: Failure | undefined;
}

export async function checkChunk(
  { seed, cases, path, failures, shrinks, files }: Chunk,
  { runner, fix }: CheckOptions = {},
): Promise<ChunkResult> {
  const counts = { cases: 0, changed: 0, equal: 0, incomplete: 0 };
  const skipped = new Map<string, number>();
  const skip = (reason: string): void => {
    skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  };
  let found: (Defect & { readonly of: FuzzCase }) | undefined;
  let shrunk = 0;

  const holds = async (tried: FuzzCase): Promise<boolean> => {
    if (found && (shrunk += 1) > shrinks) return true;
    const outcome = checkFix(tried, fix);
    const count = (key: keyof typeof counts): void => {
      if (!found) counts[key] += 1;
    };
    count("cases");
    if (outcome.kind === "invalid") {
      skip(`Docker would refuse it: ${outcome.reason}`);
      return true;
    }
    if (outcome.kind === "unchanged") return true;
    let defect: Defect | undefined;
    if (outcome.kind === "defect") defect = outcome;
    else {
      count("changed");
      if (!runner) return true;
      const { output } = outcome;
      const verdict = await compareDockerfiles(tried.text, output, runner, {
        failures,
        seed,
      });
      if (verdict.kind === "skipped") skip(verdict.reason);
      if (verdict.kind === "equal") count("equal");
      if (verdict.kind === "equal" && !verdict.complete) count("incomplete");
      if (verdict.kind === "different") {
        const detail = describeVerdict(verdict);
        defect = { kind: "defect", property: "both behave alike", detail, output };
      }
    }
    // A smaller case that breaks something else is another failure, not this one.
    if (!defect || (found && found.property !== defect.property)) return true;
    found = { ...defect, of: tried };
    return false;
  };

  const details = await fc.check(
    fc.asyncProperty(files ? mutantCase(files) : fuzzCase(), holds),
    {
      seed,
      numRuns: cases,
      ...(path === undefined ? {} : { path, endOnFailure: true }),
    },
  );
  if (!details.failed) return { ...counts, seed, skipped, failure: undefined };
  if (!found) throw details.errorInstance;
  const { property, detail, output, of } = found;
  const failure = {
    seed,
    path: details.counterexamplePath ?? "0",
    property,
    detail,
    before: of.text,
    after: output,
    options: of.options,
  };
  return { ...counts, seed, skipped, failure };
}
