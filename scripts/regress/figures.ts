import { fingerprint } from "./corpus.ts";
import type { Measurement } from "./measure.ts";

/** What is recorded in the repository: numbers and kinds, no text of the corpus. */
export interface Figures {
  readonly corpus: { readonly files: number; readonly fingerprint: string };
  readonly faults: Faults;
  readonly changedFiles: number;
  readonly runs: { readonly before: number; readonly after: number };
  readonly merges: { readonly possible: number; readonly made: number };
  readonly transforms: Readonly<Record<string, { changes: number; files: number }>>;
  /** Numbers of proposals, by transform. */
  readonly proposals: Readonly<Record<string, number>>;
  readonly invalidInput: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly caches: CacheFigures;
}

/** RUNs of the final image that leave a package manager's cache behind. */
export interface CacheFigures {
  /** By manager: RUNs that did so before, and those that no longer do. */
  readonly managers: Readonly<Record<string, { left: number; cleaned: number }>>;
  /** Why the others still do, by manager and reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Numbers of files; each of them has to be zero. */
export interface Faults {
  readonly crashes: number;
  readonly internalErrors: number;
  readonly changedBySecondRun: number;
  readonly unparsableOutputs: number;
  readonly disturbedLines: number;
}

export const faultTests: Readonly<Record<keyof Faults, (m: Measurement) => boolean>> = {
  crashes: ({ crash }) => crash !== undefined,
  internalErrors: ({ internalErrors }) => internalErrors.length > 0,
  changedBySecondRun: ({ secondRunChanges }) => secondRunChanges,
  unparsableOutputs: ({ unparsableOutput }) => unparsableOutput,
  disturbedLines: ({ disturbsOtherLines }) => disturbsOtherLines,
};

export function figuresOf(measurements: readonly Measurement[]): Figures {
  const count = (test: (measurement: Measurement) => boolean) =>
    measurements.filter(test).length;
  const sum = (value: (measurement: Measurement) => number) =>
    measurements.reduce((total, measurement) => total + value(measurement), 0);
  const possible = sum(({ merges }) => merges.possible);
  return {
    corpus: { files: measurements.length, fingerprint: fingerprint(measurements) },
    faults: {
      crashes: count(faultTests.crashes),
      internalErrors: count(faultTests.internalErrors),
      changedBySecondRun: count(faultTests.changedBySecondRun),
      unparsableOutputs: count(faultTests.unparsableOutputs),
      disturbedLines: count(faultTests.disturbedLines),
    },
    changedFiles: count(({ changed }) => changed),
    runs: {
      before: sum(({ runs }) => runs.before),
      after: sum(({ runs }) => runs.after),
    },
    merges: { possible, made: possible - sum(({ merges }) => merges.left) },
    transforms: transformFigures(measurements),
    proposals: sizes(idsByKind(measurements, ({ proposals }) => proposals)),
    invalidInput: sizes(
      idsByKind(measurements, ({ invalid }) => (invalid === undefined ? [] : [invalid])),
    ),
    refusals: sizes(idsByKind(measurements, ({ refusals }) => refusals)),
    caches: cacheFigures(measurements),
  };
}

function cacheFigures(measurements: readonly Measurement[]): CacheFigures {
  const all = measurements.flatMap((measurement) => measurement.leftBehind);
  const managers = new Map<string, { left: number; cleaned: number }>();
  for (const { manager, reason } of all) {
    const counts = managers.get(manager) ?? { left: 0, cleaned: 0 };
    counts.left += 1;
    counts.cleaned += reason === undefined ? 1 : 0;
    managers.set(manager, counts);
  }
  return {
    managers: Object.fromEntries([...managers].sort(([, a], [, b]) => b.left - a.left)),
    reasons: sizes(idsByKind(measurements, uncleaned)),
  };
}

/** What a RUN still leaves, as `manager: reason`. */
export function uncleaned({ leftBehind }: Measurement): string[] {
  return leftBehind.flatMap(({ manager, reason }) =>
    reason === undefined ? [] : [`${manager}: ${reason}`],
  );
}

function transformFigures(measurements: readonly Measurement[]): Figures["transforms"] {
  const ids = idsByKind(measurements, ({ changes }) => changes);
  return Object.fromEntries(
    [...ids].map(([id, files]) => [
      id,
      { changes: files.length, files: new Set(files).size },
    ]),
  );
}

/** Ids of the files with each kind, most frequent kind first; an id for each occurrence. */
export function idsByKind(
  measurements: readonly Measurement[],
  kindsOf: (measurement: Measurement) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const measurement of measurements) {
    for (const kind of kindsOf(measurement)) {
      const known = ids.get(kind);
      if (known) known.push(measurement.id);
      else ids.set(kind, [measurement.id]);
    }
  }
  return new Map(
    [...ids].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1)),
  );
}

function sizes(ids: ReadonlyMap<string, readonly string[]>): Record<string, number> {
  return Object.fromEntries([...ids].map(([kind, { length }]) => [kind, length]));
}
