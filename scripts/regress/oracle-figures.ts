import { transforms } from "../../transforms/index.ts";
import type { Level } from "../../src/index.ts";
import type { Verdict } from "../../test/oracle/verdict.ts";
import { fingerprint } from "./corpus.ts";

/** What the oracle found, for one rewritten file. */
export interface JudgedFile {
  /** Of a corpus file, or `<transform>/<case>` of a fixture. */
  readonly id: string;
  /** The transform of each change, repeats included. */
  readonly changes: readonly string[];
  readonly verdict: Verdict;
}

/** Numbers of files. `incomplete` is part of `equal`; the other verdicts exclude each other. */
export interface Tally {
  readonly files: number;
  readonly equal: number;
  /** Equal up to where a script stops by itself, since its commands are only recorded. */
  readonly incomplete: number;
  readonly skipped: number;
  readonly different: number;
  /** Commands and other steps that were compared while every command succeeds. */
  readonly events: number;
  /** Single commands that were made to fail in turn. */
  readonly injected: number;
}

export interface TransformTally extends Tally {
  readonly level: Level;
  readonly changes: number;
  /** Files that no other transform changed. */
  readonly alone: number;
}

/** What is recorded in the repository; docs are made from it. */
export interface OracleFigures {
  readonly corpus: {
    readonly files: number;
    readonly fingerprint: string;
    /** Commands that fail in turn, at most, per file. */
    readonly failures: number;
    readonly total: Tally;
    /** A file counts for each transform that changed it. */
    readonly transforms: Readonly<Record<string, TransformTally>>;
    /** Reason to ids. */
    readonly skipped: Readonly<Record<string, readonly string[]>>;
    /** Ids. */
    readonly incomplete: readonly string[];
  };
  readonly fixtures: {
    readonly total: Tally;
    /** By folder of `fixtures`. */
    readonly folders: Readonly<Record<string, Tally>>;
    /** Ids of those whose changes don't claim to keep behaviour. */
    readonly leftOut: readonly string[];
    readonly skipped: Readonly<Record<string, readonly string[]>>;
    readonly incomplete: readonly string[];
  };
}

export function corpusFigures(
  corpus: readonly { readonly id: string }[],
  failures: number,
  judged: readonly JudgedFile[],
): OracleFigures["corpus"] {
  const tallies = transforms.flatMap(({ id, level }) => {
    const own = judged.filter(({ changes }) => changes.includes(id));
    const changes = own.flatMap((file) => file.changes.filter((name) => name === id));
    const alone = own.filter((file) => file.changes.every((name) => name === id));
    const tally = {
      level,
      changes: changes.length,
      alone: alone.length,
      ...tallyOf(own),
    };
    return own.length === 0 ? [] : [[id, tally] as const];
  });
  return {
    files: corpus.length,
    fingerprint: fingerprint(corpus),
    failures,
    total: tallyOf(judged),
    transforms: Object.fromEntries(tallies),
    skipped: skippedIds(judged),
    incomplete: incompleteIds(judged),
  };
}

export function fixtureFigures(
  judged: readonly JudgedFile[],
  leftOut: readonly string[],
): OracleFigures["fixtures"] {
  const folders = new Set(judged.map(folderOf));
  return {
    total: tallyOf(judged),
    folders: Object.fromEntries(
      [...folders]
        .sort()
        .map((folder) => [
          folder,
          tallyOf(judged.filter((file) => folderOf(file) === folder)),
        ]),
    ),
    leftOut,
    skipped: skippedIds(judged),
    incomplete: incompleteIds(judged),
  };
}

function folderOf({ id }: JudgedFile): string {
  return id.slice(0, id.indexOf("/"));
}

function tallyOf(judged: readonly JudgedFile[]): Tally {
  const verdicts = judged.map(({ verdict }) => verdict);
  const equal = verdicts.filter((verdict) => verdict.kind === "equal");
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return {
    files: judged.length,
    equal: equal.length,
    incomplete: equal.filter(({ complete }) => !complete).length,
    skipped: verdicts.filter(({ kind }) => kind === "skipped").length,
    different: verdicts.filter(({ kind }) => kind === "different").length,
    events: sum(equal.map(({ events }) => events)),
    injected: sum(equal.map(({ injected }) => injected)),
  };
}

function skippedIds(judged: readonly JudgedFile[]): Record<string, string[]> {
  const ids: Record<string, string[]> = {};
  for (const { id, verdict } of judged)
    if (verdict.kind === "skipped") (ids[verdict.reason] ??= []).push(id);
  for (const list of Object.values(ids)) list.sort();
  return ids;
}

function incompleteIds(judged: readonly JudgedFile[]): string[] {
  return judged
    .filter(({ verdict }) => verdict.kind === "equal" && !verdict.complete)
    .map(({ id }) => id)
    .sort();
}
