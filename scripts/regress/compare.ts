import type { Figures } from "./figures.ts";

/** The goal for the merges that adjacency allows. */
const leastMergeShare = 0.9;

/** What may never be, whatever was recorded. */
export function brokenLimits(figures: Figures): string[] {
  const faults = Object.entries(figures.faults)
    .filter(([, files]) => files > 0)
    .map(([name, files]) => `${name}: ${files} files, must be 0`);
  const share = mergeShare(figures);
  return share >= leastMergeShare
    ? faults
    : [
        ...faults,
        `merges made: ${percent(share)}, must be at least ${percent(leastMergeShare)}`,
      ];
}

/** Figures that are worse than the recorded ones. */
export function setbacks(recorded: Figures, figures: Figures): string[] {
  if (recorded.corpus.fingerprint !== figures.corpus.fingerprint) {
    return ["these are other files than the recorded ones; record with --update"];
  }
  return [
    ...grown("refused as invalid", invalidFiles(recorded), invalidFiles(figures)),
    ...shrunk("files changed", recorded.changedFiles, figures.changedFiles),
    ...shrunk("merges made", recorded.merges.made, figures.merges.made),
    ...shrunk("RUNs saved", savedRuns(recorded), savedRuns(figures)),
    ...Object.entries(recorded.caches.managers).flatMap(([id, { cleaned }]) =>
      shrunk(
        `RUNs cleaned of ${id}'s cache`,
        cleaned,
        figures.caches.managers[id]?.cleaned ?? 0,
      ),
    ),
    ...Object.entries(recorded.transforms).flatMap(([id, { files }]) =>
      shrunk(`files changed by ${id}`, files, figures.transforms[id]?.files ?? 0),
    ),
    ...Object.entries(recorded.proposals).flatMap(([id, files]) =>
      shrunk(`proposals by ${id}`, files, figures.proposals[id] ?? 0),
    ),
  ];
}

/** Says so if a figure is higher than before. */
export function grown(name: string, before: number, now: number): string[] {
  return now > before ? [`${name}: ${now}, was ${before}`] : [];
}

/** Says so if a figure is lower than before. */
export function shrunk(name: string, before: number, now: number): string[] {
  return now < before ? [`${name}: ${now}, was ${before}`] : [];
}

export function invalidFiles({ invalidInput }: Figures): number {
  return Object.values(invalidInput).reduce((sum, files) => sum + files, 0);
}

export function mergeShare({ merges: { possible, made } }: Figures): number {
  return possible === 0 ? 1 : made / possible;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** RUNs that leave a cache behind, and those of them that no longer do. */
export function cacheTotals({ caches }: Figures): { left: number; cleaned: number } {
  const counts = Object.values(caches.managers);
  return {
    left: counts.reduce((sum, { left }) => sum + left, 0),
    cleaned: counts.reduce((sum, { cleaned }) => sum + cleaned, 0),
  };
}

function savedRuns({ runs: { before, after } }: Figures): number {
  return before - after;
}
