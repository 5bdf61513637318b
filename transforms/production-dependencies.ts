import { stagesInImage } from "../src/dockerfile/reachability.ts";
import type { Instruction } from "../src/dockerfile/types.ts";
import { changedRuns } from "../src/rewrite/changed-runs.ts";
import { rangeInFile } from "../src/rewrite/command-range.ts";
import {
  productionFlag,
  readDependencyInstall,
  type DependencyInstall,
} from "../src/rewrite/dependencies/dependency-install.ts";
import { provenCalls, type CallChange } from "../src/rewrite/proven-calls.ts";
import type { ScriptProgram } from "../src/rewrite/run-program.ts";
import type {
  Change,
  Transform,
  TransformContext,
  TransformResult,
} from "../src/engine/types.ts";
import { insertWords } from "../src/rewrite/word-insertion.ts";

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
    return changedRuns(stage, context, callText, (run, program) =>
      changeRun(run, program, context),
    );
  },
};

/** An install as plain text, for RUNs that aren't read any further. */
const callText =
  /\b(npm|pnpm)['",\s]+([^&|;]*\s)?(i|ci|install|clean-install|install-clean)\b|\byarn\b|\bcomposer(\.phar)?['",\s]+([^&|;]*\s)?install\b/;

function changeRun(
  run: Instruction,
  program: ScriptProgram,
  context: TransformContext,
): TransformResult {
  const { dockerfile } = context;
  const { proven, refusals } = provenCalls(run, program, (command) => {
    const call = readDependencyInstall(command);
    if (!call) return undefined;
    const found = context.isIgnored(run)
      ? { reason: "a comment asks to leave it alone" }
      : productionFlag(call, run, program, dockerfile);
    if ("reason" in found) return found.reason;
    const { flag } = found;
    const insertion = { side: "behind", of: call.word, words: [flag] } as const;
    const change = insertWords(command.node, [insertion], run, program, dockerfile);
    return { ...change, call, flag };
  });
  return { changes: proven.map((offer) => toChange(offer, run)), refusals };
}

interface Offer extends CallChange {
  readonly call: DependencyInstall;
  readonly flag: string;
}

function toChange({ call, flag, edits, declares }: Offer, run: Instruction): Change {
  const { manifest } = call.manager;
  return {
    message: `Leaves out development dependencies (${flag}). What ${manifest}'s own scripts use during the install, and what the application loads, has to be among the others.`,
    range: rangeInFile(call.command.node, run),
    edits: edits.file,
    level: "unsafe",
    declares,
  };
}
