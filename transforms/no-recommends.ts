import { stagesInImage } from "../src/dockerfile/reachability.ts";
import type { Instruction } from "../src/dockerfile/types.ts";
import { changedRuns } from "../src/rewrite/changed-runs.ts";
import { rangeInFile } from "../src/rewrite/command-range.ts";
import { provenCalls, type CallChange } from "../src/rewrite/proven-calls.ts";
import {
  decidesAlready,
  keptPackages,
  lossesOf,
  readRecommendsCall,
  removedPackages,
  whyRecommends,
  type Kept,
  type RecommendsCall,
} from "../src/rewrite/dependencies/recommends-call.ts";
import type { ScriptProgram } from "../src/rewrite/run-program.ts";
import type {
  Change,
  Transform,
  TransformContext,
  TransformResult,
} from "../src/engine/types.ts";
import { insertWords } from "../src/rewrite/word-insertion.ts";
import { isSureToRun } from "../src/shell/commands.ts";

export const noRecommends: Transform = {
  id: "no-recommends",
  level: "unsafe",
  summary: "Installs packages with apt without those that they only recommend",
  why: [
    "apt installs what a package needs, and by default also what it recommends: manuals,",
    "further programs, whole toolchains. An image mostly has a single purpose, and little of",
    "it is for that.",
  ].join("\n"),
  how: [
    "Adds `--no-install-recommends` to `apt-get install` and `apt install`, and `-R` to",
    "`aptitude install`. Recommended packages without which the others fail at their main",
    "purpose are named beside them: `ca-certificates` for curl, wget and git, `libc6-dev` for",
    "gcc, `gcc` and `make` for cmake, `xauth` for xvfb, `openssh-client` for git over ssh,",
    "`gnupg` for add-apt-repository.",
    "The message names other losses that are known to be missed.",
    "",
    "This is unsafe: what the application runs may rely on a package that only came along.",
    "Build the image, try it, and name in the install what is missing.",
    "",
    "Left alone: calls and files that decide about recommended packages themselves, by an",
    "option or in apt's configuration; desktops, tasks and Wine, which only recommend most of",
    "what they stand for; `build-dep` and upgrades; functions, heredocs and exec form; a",
    "stage that isn't part of the final image.",
  ].join("\n"),

  apply(stage, context) {
    if (!context.requested && !stagesInImage(context.dockerfile).has(stage))
      return { changes: [], refusals: [] };
    const installed = new Set<string>();
    return changedRuns(stage, context, callText, (run, program) =>
      changeRun(run, program, installed, context),
    );
  },
};

/** An install as plain text, for RUNs that aren't read any further. */
const callText = /\b(apt(-get)?|aptitude)['",\s]+([^&|;]*\s)?install\b/;

/** @param installed packages that calls so far are sure to install; gets those of this RUN */
function changeRun(
  run: Instruction,
  program: ScriptProgram,
  installed: Set<string>,
  context: TransformContext,
): TransformResult {
  const { dockerfile } = context;
  const { proven, refusals } = provenCalls(run, program, (command) => {
    for (const name of removedPackages(command)) installed.delete(name);
    const call = readRecommendsCall(command);
    if (!call || decidesAlready(call, run, program, dockerfile)) return undefined;
    // Without packages, `apt-get install -f` only repairs.
    if (call.packages.length === 0 && !call.hasMore) return undefined;
    const reason = context.isIgnored(run)
      ? "a comment asks to leave it alone"
      : whyRecommends(call, run, program, dockerfile);
    if (reason !== undefined) return reason;
    const offer = offerFor(call, installed, run, program, context);
    if (isSureToRun(command, program.script))
      for (const { name } of [...call.packages, ...offer.kept]) installed.add(name);
    return offer;
  });
  return { changes: proven.map((offer) => toChange(offer, run)), refusals };
}

interface Offer extends CallChange {
  readonly call: RecommendsCall;
  readonly kept: readonly Kept[];
}

function offerFor(
  call: RecommendsCall,
  installed: ReadonlySet<string>,
  run: Instruction,
  program: ScriptProgram,
  { dockerfile }: TransformContext,
): Offer {
  const kept = keptPackages(call, installed, run, dockerfile);
  const insertion = insertWords(
    call.command.node,
    [
      { side: "behind", of: call.subcommand.word, words: [call.manager.flag] },
      ...kept.map(({ name, by }) => ({
        side: "before" as const,
        of: by.word,
        words: [name],
      })),
    ],
    run,
    program,
    dockerfile,
  );
  return { ...insertion, call, kept };
}

function toChange({ call, kept, edits, declares }: Offer, run: Instruction): Change {
  const names = kept.map(
    ({ name, by, purpose }) => `${name}, which ${by.name} needs ${purpose}`,
  );
  const sentences = [
    `Installs no packages that are only recommended (${call.manager.flag}).`,
    ...(names.length > 0 ? [`Names ${names.join("; ")}.`] : []),
    ...lossesOf(call).map((loss) => `It leaves ${loss}.`),
    ...(call.hasMore ? ["Not all the packages are named here: check the others."] : []),
  ];
  return {
    message: sentences.join(" "),
    range: rangeInFile(call.command.node, run),
    edits: edits.file,
    level: "unsafe",
    declares,
  };
}
