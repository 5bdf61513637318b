import { compareTable, type CompareResult, type CompareRow } from "../compare/result.ts";

const start = '<!-- From here, made by "npm run docs" from test/compare-result.json. -->';
const end = "<!-- Up to here. -->";

/** The README with its section on other tools brought up to date; still to be formatted. */
export function withCompareSection(readme: string, result: CompareResult): string {
  const [before, rest] = readme.split(start);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`README.md lacks the lines “${start}” and “${end}”.`);
  return `${before}${start}\n\n${compareSection(result)}\n\n${end}${after}`;
}

function compareSection(result: CompareResult): string {
  const { date, corpus, rows, leftOut } = result;
  return [
    `Linters name what could be better and leave the work to a person. Formatters change the layout. dockerslim changes what the build consists of, and so has to show that it still does the same. The table holds programs from npm that write Dockerfiles anew against [the same judge](test/oracle/README.md), which executes every RUN before and after in real shells. The others are formatters: no other program that changes what a RUN does was to be had from there.`,
    compareTable(result),
    `Measured on ${date} by \`npm run compare -- --sample ${corpus.sample} --seed ${corpus.seed}\`: ${thousands(corpus.sample)} of ${thousands(corpus.files)} real Dockerfiles, chosen by the seed. “Behaviour kept” counts the changed files that the judge could decide. It is strict: the same commands with the same arguments in the same circumstances, with every command succeeding and with single ones failing, and the same configuration of the image. White space that changes inside an argument or a value counts, and so does a MAINTAINER that becomes a LABEL. What it found to differ:`,
    rows.map(differencesLine).join("\n"),
    `Without a row: ${leftOut.map(({ names, reason }) => `${names} (${reason})`).join("; ")}.`,
  ].join("\n\n");
}

function differencesLine({ name, differences }: CompareRow): string {
  const parts = Object.entries(differences).map(([kind, files]) => `${files} × ${kind}`);
  return `- ${name}: ${parts.length === 0 ? "nothing" : parts.join(", ")}.`;
}

export function thousands(value: number): string {
  return value.toLocaleString("en");
}
