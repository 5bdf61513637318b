import { cacheTotals, invalidFiles, mergeShare, percent } from "./compare.ts";
import {
  faultTests,
  idsByKind,
  uncleaned,
  type Faults,
  type Figures,
} from "./figures.ts";
import type { Measurement } from "./measure.ts";

const shownIds = 3;
const shownFaults = 20;
const shownSlow = 3;

/** The figures as text, each with what was recorded where that was another number. */
export function reportText(
  measurements: readonly Measurement[],
  figures: Figures,
  recorded: Figures | undefined,
): string {
  const line = (name: string, now: number, before: number | undefined, rest = "") =>
    `${name.padEnd(28)}${number(now)}${delta(now, before)}${rest}`;
  const { faults, merges, runs } = figures;
  const share = `  (${percent(mergeShare(figures))} of ${merges.possible})`;
  return [
    line("files", figures.corpus.files, recorded?.corpus.files),
    line("refused as invalid", invalidFiles(figures), recorded && invalidFiles(recorded)),
    ...faultNames.map((name) =>
      line(faultTitles[name], faults[name], recorded?.faults[name]),
    ),
    line("files changed", figures.changedFiles, recorded?.changedFiles),
    line("RUNs before", runs.before, recorded?.runs.before),
    line("RUNs after", runs.after, recorded?.runs.after),
    line("merges made", merges.made, recorded?.merges.made, share),
    ...Object.entries(figures.transforms).map(([id, { changes, files }]) =>
      line(
        `changes by ${id}`,
        changes,
        recorded?.transforms[id]?.changes,
        inFiles(files),
      ),
    ),
    ...Object.entries(figures.proposals).map(([id, files]) =>
      line(`proposals by ${id}`, files, recorded?.proposals[id]),
    ),
    "",
    ...cacheLines(figures, recorded),
    "",
    "Caches that stay in the image, by reason:",
    ...table(idsByKind(measurements, uncleaned), recorded?.caches.reasons),
    "",
    "Left alone, by reason:",
    ...table(
      idsByKind(measurements, ({ refusals }) => refusals),
      recorded?.refusals,
    ),
    "",
    "Refused as invalid, by reason:",
    ...table(
      idsByKind(measurements, ({ invalid }) => (invalid === undefined ? [] : [invalid])),
      recorded?.invalidInput,
    ),
    "",
    `Slowest: ${slowest(measurements)}`,
    ...faultDetails(measurements),
    "",
  ].join("\n");
}

/** RUNs of the final image that leave a cache behind: how many no longer do. */
function cacheLines(figures: Figures, recorded: Figures | undefined): string[] {
  const line = (
    name: string,
    now: { left: number; cleaned: number },
    before: { cleaned: number } | undefined,
  ) =>
    `${name.padEnd(28)}${number(now.cleaned)}${delta(now.cleaned, before?.cleaned)}  (${percent(now.cleaned / now.left)} of ${now.left})`;
  const managers = Object.entries(figures.caches.managers);
  return [
    line(
      "caches cleaned, by RUN",
      cacheTotals(figures),
      recorded && cacheTotals(recorded),
    ),
    ...managers.map(([id, counts]) =>
      line(`  ${id}`, counts, recorded?.caches.managers[id]),
    ),
  ];
}

const faultTitles: Readonly<Record<keyof Faults, string>> = {
  crashes: "crashes",
  internalErrors: "files with internal errors",
  changedBySecondRun: "changed by a second run",
  unparsableOutputs: "outputs that don't parse",
  disturbedLines: "other lines disturbed",
};

const faultNames = Object.keys(faultTitles) as (keyof Faults)[];

function table(
  ids: ReadonlyMap<string, readonly string[]>,
  recorded: Readonly<Record<string, number>> | undefined,
): string[] {
  const lines = [...ids].map(([kind, all]) => {
    const examples = [...new Set(all)].slice(0, shownIds).join(" ");
    const before = recorded && (recorded[kind] ?? 0);
    return `${number(all.length)}${delta(all.length, before)}  ${kind}  ${examples}`;
  });
  return lines.length === 0 ? ["  none"] : lines;
}

function faultDetails(measurements: readonly Measurement[]): string[] {
  return faultNames.flatMap((name) => {
    const files = measurements.filter(faultTests[name]);
    if (files.length === 0) return [];
    return [
      "",
      `${faultTitles[name]}:`,
      ...files.slice(0, shownFaults).map(({ id, crash, internalErrors }) => {
        const messages = name === "crashes" ? [crash ?? ""] : internalErrors;
        const text = ["crashes", "internalErrors"].includes(name)
          ? messages.map((message) => `  ${message.slice(0, 400)}`).join("\n  ")
          : "";
        return `  ${id}${text}`;
      }),
      ...(files.length > shownFaults ? [`  and ${files.length - shownFaults} more`] : []),
    ];
  });
}

function slowest(measurements: readonly Measurement[]): string {
  return [...measurements]
    .sort((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, shownSlow)
    .map(({ id, milliseconds }) => `${id} ${milliseconds.toFixed(0)} ms`)
    .join(", ");
}

function number(value: number): string {
  return String(value).padStart(7);
}

function delta(now: number, before: number | undefined): string {
  if (before === undefined || before === now) return "";
  return ` (${now > before ? "+" : "−"}${Math.abs(now - before)})`;
}

function inFiles(files: number): string {
  return `  (in ${files} files)`;
}
