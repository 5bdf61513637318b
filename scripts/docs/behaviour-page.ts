import { compareTable } from "../compare/result.ts";
import { thousands } from "./compare-section.ts";
import type { Tally } from "../regress/oracle-figures.ts";
import type { Records } from "./figures.ts";

const percentDigits = 1;

/** docs/behaviour.md, in Markdown that is still to be formatted. */
export function behaviourPage(records: Records): string {
  return [
    '<!-- Made by "npm run docs" from the results recorded in test/. -->',
    "# How it is shown that builds stay the same",
    "[safety.md](safety.md) says what a safe rewrite promises. This page says how the promise is checked, on what, with which result, and what no check covers. Its figures are those of the latest runs that were recorded in the repository.",
    "## What is checked, and how",
    methods,
    "## On what",
    ...samples(records),
    "## Results",
    ...corpusResults(records),
    ...oracleResults(records),
    ...fuzzResults(records),
    ...compareResults(records),
    "## What is not checked",
    notChecked,
    "## Guards",
    ...guardTables(records),
    "",
  ].join("\n\n");
}

const methods = `
| check | what it shows | where | when |
| --- | --- | --- | --- |
| static proof | the rewritten text, parsed afresh, has the same instructions, and its RUNs run the same commands in the same state of the shell, over every outcome of every command, but for what was declared | [src/engine/proof.ts](../src/engine/proof.ts) | with each change, before anything is shown or written; a change that fails is dropped |
| oracle | real shells (dash, bash) execute both Dockerfiles with every command recorded in place of being run: arguments, folder, environment, umask, user, standard input, open files, files that the shell writes, configuration of the image. It shares no code with the product | [test/oracle](../test/oracle/README.md) | \`npm run regress -- --oracle\` |
| failure injection | the same again with single commands, \`cd\`s, reads and writes failing, and with every question about files and commands answered the other way | part of the oracle | as above |
| fixtures | one trap each, before and after, byte for byte; a second run changes nothing | [fixtures](../fixtures) | \`npm test\` |
| fuzzing of texts | whatever the text: nothing throws, no internal error, a second run changes nothing, bad input stays as it is | [test/engine.test.ts](../test/engine.test.ts) | \`npm test\` |
| fuzzing of builds | generated Dockerfiles of everything that shells and package managers have: the same, and the oracle's verdict on each rewrite, with up to three failures | [test/fuzz](../test/fuzz/README.md) | \`npm run fuzz\`, a few cases in \`npm test\` |
| corpus | real Dockerfiles: no crash, no internal error, every output parses, no line outside a change is touched | [scripts/regress.ts](../scripts/regress.ts) | \`npm run regress\` |
| wrong rewrites | the proof refuses rewrites with a mistake in them, and the engine drops them, keeps the good ones and says so | [test/guards](../test/guards/wrong-rewrites.test.ts) | \`npm test\` |
| guards | each safety guard is needed: disabled in turn, a test fails | [test/guards](../test/guards/index.ts) | \`npm run guards\` |
| comparison | other programs' results before the same oracle | [scripts/compare.ts](../scripts/compare.ts) | \`npm run compare\` |
`.trim();

const notChecked = `
- **What commands do.** The checks show that the same programs run in the same circumstances. Which files they make, and whether a later one needs what a clean-up removes, is knowledge: tables in [src/knowledge](../src/knowledge), each fact with its source. So is which programs leave a process behind.
- **Network.** Nothing is downloaded in a check. That a mirror answers differently a moment later is not reckoned with.
- **Time.** One RUN in place of three runs at another moment, and is cached and repeated as a whole.
- **Commands that look at the structure of layers**, at the process tree or at the image's history. One layer in place of three is the purpose.
- **Base images.** Their SHELL, USER, environment and files are assumptions, listed in [safety.md](safety.md#assumptions).
- **Commands that run at the same time.** Whether two of them race isn't tried.
- **busybox's own builtins.** The oracle executes dash and bash. The proof claims what holds in dash, ash and bash.
- **Unsafe changes and proposals.** They may change behaviour, and say how.
- **What is left alone.** Exec form, heredocs, other shells and whatever can't be proven isn't changed, so there is nothing to check.
`.trim();

function samples({ corpus, guards }: Records): string[] {
  const families = new Map(
    guards.guards.map(({ shownBy, failing, passing }) => [
      shownBy.split(" > ")[0] ?? "",
      failing + passing,
    ]),
  );
  const fixtures = [...families].filter(([family]) => family in corpus.transforms);
  const counts = fixtures.map(([family, tests]) => `${tests} of \`${family}\``);
  return [
    [
      `- **Corpus**: ${thousands(corpus.corpus.files)} Dockerfiles from public repositories, without duplicates, old and new, some of them broken. It isn't part of the repository; its fingerprint is \`${corpus.corpus.fingerprint}\`.`,
      `- **Fixtures**: ${counts.join(", ")}.`,
      `- **Guards**: ${guards.guards.length} of them, in the transforms, what these share, and the proof.`,
    ].join("\n"),
  ];
}

function corpusResults({ corpus }: Records): string[] {
  const { faults, changedFiles, runs, merges } = corpus;
  const rows: [string, number | string][] = [
    ["files changed", thousands(changedFiles)],
    ["RUNs before", thousands(runs.before)],
    ["RUNs after", thousands(runs.after)],
    [
      "merges that adjacency allows, and made",
      `${thousands(merges.made)} of ${thousands(merges.possible)} (${share(merges.made, merges.possible)})`,
    ],
    ["crashes", faults.crashes],
    ["internal errors (a change failed its proof)", faults.internalErrors],
    ["outputs that don't parse", faults.unparsableOutputs],
    ["outputs that a second run changes", faults.changedBySecondRun],
    ["files with a line touched outside of the changes", faults.disturbedLines],
  ];
  return [
    "### The whole corpus",
    table(
      ["figure", "value"],
      rows.map(([name, value]) => [name, String(value)]),
    ),
  ];
}

function oracleResults({ oracle }: Records): string[] {
  const { corpus, fixtures } = oracle;
  const row = (name: string, tally: Tally): string[] => [
    name,
    ...[tally.files, tally.equal, tally.different, tally.skipped].map(thousands),
    ...[tally.events, tally.injected].map(thousands),
  ];
  return [
    "### The oracle",
    `All ${thousands(corpus.files)} files of the corpus; in each one that was changed, up to ${corpus.failures} commands fail in turn. A file counts for each transform that changed it. Among the fixtures, each command fails.`,
    table(
      [
        "changed",
        "files",
        "equal",
        "different",
        "not judged",
        "steps compared",
        "failures",
      ],
      [
        ...Object.entries(corpus.transforms).map(([id, tally]) =>
          row(`by \`${id}\``, tally),
        ),
        row("corpus", corpus.total),
        row("fixtures", fixtures.total),
      ],
    ),
    `In ${thousands(corpus.total.incomplete)} of the equal files of the corpus a script stops by itself, since its commands are only recorded; these are equal up to there.`,
  ];
}

function fuzzResults({ fuzz }: Records): string[] {
  const skipped = Object.entries(fuzz.skipped);
  const rows: [string, number][] = [
    ["generated Dockerfiles", fuzz.cases],
    ["changed", fuzz.changed],
    ["of these: equal", fuzz.equal],
    ["of these: equal as far as the build runs by itself", fuzz.incomplete],
    ["failed", fuzz.failed],
    ...skipped.map(([reason, count]): [string, number] => [
      `passed over: ${reason}`,
      count,
    ]),
  ];
  return [
    "### Fuzzing of builds",
    `The latest run that was recorded, on ${fuzz.date}, from seed ${fuzz.seed}. One with a failure isn't recorded: what it finds becomes a fixture first.`,
    table(
      ["figure", "value"],
      rows.map(([name, value]) => [name, thousands(value)]),
    ),
  ];
}

function compareResults({ compare }: Records): string[] {
  const { date, corpus, node } = compare;
  return [
    "### Beside other tools",
    `A sample of ${thousands(corpus.sample)} files, seed ${corpus.seed}, on ${date}, Node.js ${node.replace("v", "")}. The [README](../README.md#why-another-tool) says what the figures mean.`,
    compareTable(compare),
  ];
}

function guardTables({ guards }: Records): string[] {
  const parts = new Map<string, string[][]>();
  for (const { id, file, protects, shownBy, failing } of guards.guards) {
    const [part = "", name = ""] = id.split("/");
    const test = shownBy.split(" > ").slice(1).join(" > ");
    const row = [name, `\`${file}\``, protects, test, String(failing)];
    parts.set(part, [...(parts.get(part) ?? []), row]);
  }
  return [
    `A guard is a place in the code that keeps a rewrite from being made, or makes it another one. \`npm run guards\` takes out one at a time, in the text that the tests load and not in the files, and runs the tests concerned. On ${guards.date} each of the ${guards.guards.length} was missed by at least the test that is named here. What the proof would refuse anyway isn't counted as a guard of a transform, unless a fixture shows the difference.`,
    ...[...parts].flatMap(([part, rows]) => [
      `### ${part}`,
      table(["guard", "in", "what it keeps away", "test", "tests that fail"], rows),
    ]),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(percentDigits)} %`;
}
