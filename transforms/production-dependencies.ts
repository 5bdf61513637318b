import { stagesInImage } from "../src/dockerfile/reachability.ts";
import type { Instruction, Range } from "../src/dockerfile/types.ts";
import {
  productionFlag,
  readDependencyInstall,
  type DependencyInstall,
} from "../src/rewrite/dependency-install.ts";
import { provenChanges, type CallChange } from "../src/rewrite/proven-calls.ts";
import { runProgram } from "../src/rewrite/run-program.ts";
import type {
  Change,
  Refusal,
  Transform,
  TransformContext,
  TransformResult,
} from "../src/rewrite/types.ts";
import { insertWords } from "../src/rewrite/word-insertion.ts";
import { simpleCommands } from "../src/shell/commands.ts";

export const productionDependencies: Transform = {
  id: "production-dependencies",
  level: "unsafe",
  summary:
    "Leaves out the development dependencies of a project that the image only runs (npm, Yarn 1, pnpm, Composer)",
  why: [
    "Compilers, test runners and linters of a project are often larger than what it needs to",
    "run, and come along with `npm ci` unless it is told otherwise.",
  ].join("\n"),
  how: [
    "Adds `--omit=dev` to `npm ci` and `npm install` (`--only=production` or",
    "`--production` in images with an npm before 7), `--production` to `yarn install`, `--prod` to `pnpm install` and `--no-dev` to",
    "`composer install`.",
    "",
    "This is unsafe: scripts that the install itself runs (`prepare`, `postinstall`) and what",
    "the application loads may come from a package that is listed for development only.",
    "",
    "Left alone: a stage that isn't part of the final image; installs after which the build,",
    "a container, or a stage built on this one runs anything that may need development",
    "dependencies, such as `npm run build`, `npm start`, `npx` or a script whose content the",
    "file doesn't show; a file that doesn't say what the image starts; `NODE_ENV`, other",
    "variables or settings that decide already; installs under a condition; an npm of unknown",
    "age; Yarn Berry; Bundler, which remembers `--without` and has dropped it.",
  ].join("\n"),

  apply(stage, context) {
    if (!stagesInImage(context.dockerfile).has(stage))
      return { changes: [], refusals: [] };
    const results = stage.instructions
      .filter(({ keyword }) => keyword === "RUN")
      .map((run) => changeRun(run, context));
    return {
      changes: results.flatMap(({ changes }) => changes),
      refusals: results.flatMap(({ refusals }) => refusals),
    };
  },
};

/** An install as plain text, for RUNs that aren't read any further. */
const callText =
  /\b(npm|pnpm)['",\s]+([^&|;]*\s)?(i|ci|install|clean-install|install-clean)\b|\byarn\b|\bcomposer(\.phar)?['",\s]+([^&|;]*\s)?install\b/;

function changeRun(run: Instruction, context: TransformContext): TransformResult {
  const { dockerfile } = context;
  const text = dockerfile.text.slice(run.range.start, run.range.end);
  if (!callText.test(run.body.text) && !callText.test(text))
    return { changes: [], refusals: [] };
  const program = runProgram(run, dockerfile);
  if (program.kind === "opaque")
    return { changes: [], refusals: [{ range: run.range, reason: program.reason }] };
  const refusals: Refusal[] = [];
  const offers: Offer[] = [];
  for (const command of simpleCommands(program.script)) {
    const install = readDependencyInstall(command);
    if (!install) continue;
    const found = context.isIgnored(run)
      ? { reason: "a comment asks to leave it alone" }
      : productionFlag(install, run, program, dockerfile);
    if ("reason" in found) {
      refusals.push({ range: rangeOf(install, run), reason: found.reason });
      continue;
    }
    const { flag } = found;
    const insertion = { side: "behind", of: install.word, words: [flag] } as const;
    const change = insertWords(command.node, [insertion], run, program, dockerfile);
    offers.push({ ...change, install, flag });
  }
  const proven = provenChanges(program, offers);
  for (const { install } of offers.filter((offer) => !proven.includes(offer))) {
    const reason = "inside this construct the rewrite can't be proven";
    refusals.push({ range: rangeOf(install, run), reason });
  }
  return { changes: proven.map((offer) => toChange(offer, run)), refusals };
}

interface Offer extends CallChange {
  readonly install: DependencyInstall;
  readonly flag: string;
}

function toChange({ install, flag, edits, declares }: Offer, run: Instruction): Change {
  const { manifest } = install.manager;
  return {
    message: `Leaves out development dependencies (${flag}). What ${manifest}'s own scripts use during the install, and what the application loads, has to be among the others.`,
    range: rangeOf(install, run),
    edits: edits.file,
    level: "unsafe",
    declares,
  };
}

function rangeOf({ command: { node } }: DependencyInstall, { body }: Instruction): Range {
  return { start: body.offsetAt(node.pos), end: body.offsetAt(node.end - 1) + 1 };
}
