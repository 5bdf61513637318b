import type { OracleFigures, Tally } from "./oracle-figures.ts";

const shownIds = 5;

/** The figures as text. */
export function oracleReportText({ corpus, fixtures }: OracleFigures): string {
  return [
    "",
    header,
    ...Object.entries(corpus.transforms).map(([id, tally]) => row(id, tally)),
    row("the corpus", corpus.total),
    row("fixtures", fixtures.total),
    "",
    ...reasons({ ...corpus.skipped }),
    ...reasons({ ...fixtures.skipped }),
    `${fixtures.leftOut.length} fixtures left out: their changes don't claim to be safe`,
    "",
  ].join("\n");
}

const columns = [
  "files",
  "equal",
  "incomplete",
  "skipped",
  "different",
  "events",
  "injected",
] as const satisfies readonly (keyof Tally)[];

const nameWidth = 22;
const header = "".padEnd(nameWidth) + columns.map((name) => name.padStart(11)).join("");

function row(name: string, tally: Tally): string {
  const numbers = columns.map((column) => String(tally[column]).padStart(11));
  return name.padEnd(nameWidth) + numbers.join("");
}

function reasons(skipped: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(skipped).map(
    ([reason, ids]) =>
      `${ids.length} skipped, ${reason}: ${ids.slice(0, shownIds).join(" ")}`,
  );
}
