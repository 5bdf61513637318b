import type { Sample } from "./build-sample.ts";

/** What was measured of a sample project, as test/splits.json keeps it. */
export interface SplitRecord extends Sample {
  /** What the base images were, where they weren't the published ones. */
  readonly note: string;
}

const grouped = new Intl.NumberFormat("en-US", {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** The page docs/splits.md, in Markdown that is still to be formatted. */
export function splitsPage(records: readonly SplitRecord[]): string {
  const notes = [...new Set(records.map(({ note }) => note))].filter(
    (note) => note !== "",
  );
  return `# Splits that were built

Made by \`npm run splits -- --update\`; not edited by hand. Each project below \`fixtures/split-stages\` that has a build context is built by \`dockerslim verify --propose\`, as it is and split in two stages. Of every project here, it says that the configuration is the same, that what the build made is there with the same contents, and that no library is missing ([how](verify.md#a-stage-that-was-split)). What a container starts printed the same in both images: to its end, in its first 5 seconds, or when asked something, as the last column says.

Sizes are those of all files in all layers, the base image's included, in MB of 1,000,000 bytes.${notes.map((note) => ` ${note}`).join("")}

| project | shows | runtime base | before | after | saved | ran |
| --- | --- | --- | ---: | ---: | ---: | --- |
${records.map(row).join("\n")}

## What isn't proposed, and why

- **PHP.** Docker's images of PHP on Debian keep the compiler that \`docker-php-ext-install\` and \`pecl\` call: on Debian 12 those packages take 338 MB of about 500 MB, and no such image is without them; on Alpine \`docker-php-ext-install\` removes what it has installed by itself. A second stage on the same image would only leave headers behind: 6.5 MB with libpng, libjpeg and FreeType, 1.7 MB with libzip, 13 MB with libpq (apt's figures for Debian 12). Without the compiler, PHP itself would have to be put onto another image, which would then no longer be Docker's and miss its updates.
- **Elixir.** A release has its own Erlang, for which the slim image of the same version would have all libraries. What the native code of a project's packages links, \`mix.lock\` doesn't say, and there is no table of them yet.
- **Ruby without Gemfile.lock**, and with a gem that isn't in the table of known ones: whether it links a library or calls a program can't be told from its name.

${howMany}`;
}

/** Counted by hand, over a corpus that is no part of the repository. */
const howMany = `## How many of those that can be split are

Counted by hand in November 2026, over the 2,024 files of the development corpus that have a single stage and compile something, as lone Dockerfiles without a build context; 113 of these got a proposal. Two samples of 60 were drawn (\`sampleFiles\` of scripts/regress/corpus.ts, seeds 60 and 61), and each file was judged with what dockerslim says of it beside it; in the second sample, kinds that nobody splits (PHP, R, unknown base images) were passed over by that: can an expert write the second stage from the Dockerfile alone, without guessing what modules or scripts need that aren't in it? Left out are images to work in, those without ENTRYPOINT or CMD, those that remove their compilers in the same RUN, and those on images that nobody can look into.

| seed | can clearly be split | proposed |
| ---: | ---: | ---: |
| 60 | 3 | 1 |
| 61 | 8 | 5 |
| both | 11 | 6 |

That is 55 %, but of eleven files only: with 95 % confidence the share lies between 28 % and 79 % (Wilson), so that “at least half” is likely and not proven. What was missed: a front end built by Node and one built by Pelican, both served by the distribution's nginx (fcc7075bc6d9, d32f87f2f013); programs of C on \`ubuntu:latest\`, whose next release may name its libraries otherwise, and on Ubuntu 14.04, whose libraries aren't in the table (8eb99fb552c7, c9b3eb907238); gems that are named in the Dockerfile, on Ruby's slim image with a compiler (86ce07d72818).
`;

function row({ name, shows, runtime, before, after, ran }: SplitRecord): string {
  const cells = [
    `[${name}](../fixtures/split-stages/${name})`,
    shows,
    `\`${runtime}\``,
    grouped.format(before / 1e6),
    grouped.format(after / 1e6),
    `${Math.round(100 * (1 - after / before))} %`,
    ran,
  ];
  return `| ${cells.join(" | ")} |`;
}
