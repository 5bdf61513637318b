import { stagesInImage } from "../src/dockerfile/reachability.ts";
import type { Instruction } from "../src/dockerfile/types.ts";
import {
  readBuildInstall,
  type BuildInstall,
} from "../src/rewrite/dependencies/build-packages-run.ts";
import { cleanupEdits } from "../src/rewrite/cleanup/cleanup-edits.ts";
import { rangeInFile } from "../src/rewrite/command-range.ts";
import { layoutFor } from "../src/rewrite/layout.ts";
import { runProgram, type ScriptProgram } from "../src/rewrite/run-program.ts";
import { isProvenRun } from "../src/engine/run-proof.ts";
import type { Change, Transform, TransformContext } from "../src/engine/types.ts";
import { insertWords } from "../src/rewrite/word-insertion.ts";

export const removeBuildDependencies: Transform = {
  id: "remove-build-dependencies",
  level: "unsafe",
  summary:
    "Removes compilers in the RUN that installs them for pip, gem or npm (apt, apk)",
  why: [
    "An extension in C needs a compiler once, while it is installed. A compiler that stays is",
    "often the largest part of the image, and of use to an attacker.",
  ].join("\n"),
  how: [
    "Appends `apt-get purge -y --auto-remove` or `apk del`, with the build tools that the RUN",
    "installs, behind the last `pip install`, `gem install`, `bundle install`, `npm ci` or",
    "`yarn install` in it. Libraries that come with a compiler and that extensions load",
    "(`libgomp1`; in Alpine `libgcc`, `libgomp`, `libstdc++`) are named in the install, so that",
    "they stay. It runs after `merge-runs`, which brings an install and its build together.",
    "",
    "This is unsafe: a program may call the compiler while it runs, or a tool that came along",
    "with it.",
    "",
    "Left alone: packages with headers of a library (`libpq-dev`), because the library would",
    "go with them; python3-dev, Fortran and Rust; images that may have compilers of their own;",
    "installs under a condition; a RUN that removes packages already; tools that anything else",
    "in the RUN, in a later one, or at the start of a container may use; a file that doesn't",
    "say what the image starts; a stage that isn't part of the final image.",
  ].join("\n"),

  apply(stage, context) {
    const { dockerfile } = context;
    if (!stagesInImage(dockerfile).has(stage)) return { changes: [], refusals: [] };
    const results = stage.instructions.flatMap((run) => {
      if (run.keyword !== "RUN" || !callText.test(run.body.text)) return [];
      const program = runProgram(run, dockerfile);
      if (program.kind !== "script") return [];
      const found = readBuildInstall(run, program, dockerfile);
      if (!found) return [];
      const reason = context.isIgnored(run)
        ? "a comment asks to leave it alone"
        : undefined;
      const change =
        "reason" in found
          ? found.reason
          : (reason ?? changeFor(found, run, program, context));
      return [{ change, range: rangeInFile(found.command.node, run) }];
    });
    return {
      changes: results.flatMap(({ change }) =>
        typeof change === "string" ? [] : [change],
      ),
      refusals: results.flatMap(({ change, range }) =>
        typeof change === "string" ? [{ range, reason: change }] : [],
      ),
    };
  },
};

const callText = /\b(apt|apt-get|apk)\b/;

function changeFor(
  { manager, command, packages, lastBuilder, rights }: BuildInstall,
  run: Instruction,
  program: ScriptProgram,
  { dockerfile, layout }: TransformContext,
): Change | string {
  const names = packages.map(({ name }) => name);
  const removal = `${rights}${manager.removal} ${names.join(" ")}`;
  const edits = cleanupEdits(
    run,
    program,
    {
      commands: [removal],
      concerns: ({ pos, end }) =>
        pos <= lastBuilder.node.pos && lastBuilder.node.pos < end,
    },
    dockerfile,
    layoutFor([run], dockerfile, layout),
  );
  if (!edits) return "no place for the removal is proven to change nothing else";
  const all = (command.invocation?.args ?? []).map(({ text }) => text);
  const libraries = new Set(
    manager.libraries
      .filter(({ of }) => names.some((name) => of.test(name)))
      .flatMap((library) => library.names)
      .filter((name) => !all.includes(name)),
  );
  const [first] = packages;
  const kept =
    first && libraries.size > 0
      ? insertWords(
          command.node,
          [{ side: "before", of: first.word, words: [...libraries] }],
          run,
          program,
          dockerfile,
        )
      : undefined;
  if (kept && !isProvenRun(program, kept.edits.script, [kept.declares]))
    return "inside this construct the rewrite can't be proven";
  const stays =
    libraries.size > 0 ? ` ${[...libraries].join(", ")} is named to stay.` : "";
  return {
    message: `Removes ${names.join(", ")} after the last command that builds with them, and what came along.${stays}`,
    range: rangeInFile(command.node, run),
    edits: [...(kept?.edits.file ?? []), ...edits],
    level: "unsafe",
    declares: { ...kept?.declares, addedCommands: [removal] },
  };
}
