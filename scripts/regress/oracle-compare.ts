import { grown, percent, shrunk } from "./compare.ts";
import type { OracleFigures, Tally } from "./oracle-figures.ts";

/** The oracle says nothing about a skipped file. */
const mostSkipped = 0.05;

/** What may never be, whatever was recorded. */
export function brokenOracleLimits({ corpus, fixtures }: OracleFigures): string[] {
  return [
    ...limitsOf("corpus files", corpus.total),
    ...limitsOf("fixtures", fixtures.total),
  ];
}

function limitsOf(name: string, { files, skipped, different }: Tally): string[] {
  const share = files === 0 ? 0 : skipped / files;
  return [
    ...(different > 0 ? [`${different} ${name} behave differently, must be 0`] : []),
    ...(share > mostSkipped
      ? [
          `${percent(share)} of the ${name} skipped, must be at most ${percent(mostSkipped)}`,
        ]
      : []),
  ];
}

/**
 * What is worse than recorded. A sample is only held to what was recorded of its files; the
 * numbers count where the whole corpus was judged.
 */
export function oracleSetbacks(
  recorded: OracleFigures,
  figures: OracleFigures,
  isWhole: boolean,
): string[] {
  const [before, now] = [recorded.corpus, figures.corpus];
  const isSameCorpus = before.fingerprint === now.fingerprint;
  if (isWhole && !isSameCorpus)
    return ["these are other files than the recorded ones; record with --update"];
  const numbers = isWhole && before.failures === now.failures;
  return [
    ...newIds(before, now),
    ...newIds(recorded.fixtures, figures.fixtures),
    ...fewer("fixtures", recorded.fixtures.total, figures.fixtures.total),
    ...(numbers ? fewer("corpus", before.total, now.total) : []),
    ...(numbers
      ? Object.entries(before.transforms).flatMap(([id, tally]) =>
          fewer(id, tally, now.transforms[id] ?? nothing),
        )
      : []),
  ];
}

const nothing: Tally = {
  files: 0,
  equal: 0,
  incomplete: 0,
  skipped: 0,
  different: 0,
  events: 0,
  injected: 0,
};

/** Files that were judged to their end and no longer are. */
function newIds(
  before: Pick<OracleFigures["corpus"], "skipped" | "incomplete">,
  now: Pick<OracleFigures["corpus"], "skipped" | "incomplete">,
): string[] {
  const skipped = new Set(Object.values(before.skipped).flat());
  const known = new Set([...skipped, ...before.incomplete]);
  const newlySkipped = Object.entries(now.skipped).flatMap(([reason, ids]) =>
    ids.filter((id) => !skipped.has(id)).map((id) => `${id} is skipped: ${reason}`),
  );
  const newlyIncomplete = now.incomplete
    .filter((id) => !known.has(id))
    .map((id) => `${id} is judged only up to where a script stops by itself`);
  return [...newlySkipped, ...newlyIncomplete];
}

function fewer(name: string, before: Tally, now: Tally): string[] {
  return [
    ...shrunk(`${name}: files equal`, before.equal, now.equal),
    ...shrunk(`${name}: steps compared`, before.events, now.events),
    ...shrunk(`${name}: failures tried`, before.injected, now.injected),
    ...grown(`${name}: incomplete`, before.incomplete, now.incomplete),
    ...grown(`${name}: skipped`, before.skipped, now.skipped),
  ];
}
