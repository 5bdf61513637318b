import { stagesInImage } from "../src/dockerfile/reachability.ts";
import type { Instruction } from "../src/dockerfile/types.ts";
import {
  packageManagers,
  type PackageManager,
} from "../src/knowledge/package-managers.ts";
import { readFilling } from "../src/rewrite/cache-filling.ts";
import { cleanupCommands, cleanupEdits } from "../src/rewrite/cleanup-edits.ts";
import { layoutFor } from "../src/rewrite/layout.ts";
import { laterReader } from "../src/rewrite/list-readers.ts";
import { runProgram, type ScriptProgram } from "../src/rewrite/run-program.ts";
import { savedByCleanup } from "../src/rewrite/saved-bytes.ts";
import { simpleCommands } from "../src/shell/commands.ts";
import type { Script } from "../src/shell/parse.ts";
import type {
  Change,
  Refusal,
  Transform,
  TransformContext,
} from "../src/rewrite/types.ts";

export const cleanPackageCache: Transform = {
  id: "clean-package-cache",
  level: "safe",
  summary: "Removes a package manager's cache in the RUN that fills it",
  why: [
    "Package lists and downloaded archives are of no use in an image, and a later RUN can't",
    "make it smaller by deleting them: the layer that holds them stays.",
  ].join("\n"),
  how: [
    "Appends the manager's own clean-up to the command that installs, with the same `sudo`:",
    "apt, yum, dnf, microdnf, zypper, pacman, npm, Yarn 1 and conda.",
    "",
    "Left alone: a RUN that cleans up already, by whatever spelling; a cache that is a mount,",
    "or that a variable or option moves; apt's lists where a later RUN installs from them;",
    "a stage that isn't part of the final image; Yarn Berry, whose cache belongs to the",
    "project. Where a later script from the build context may read the lists, the change",
    "is unsafe.",
  ].join("\n"),

  apply(stage, context) {
    const changes: Change[] = [];
    const refusals: Refusal[] = [];
    if (!context.requested && !stagesInImage(context.dockerfile).has(stage))
      return { changes, refusals };
    for (const run of stage.instructions) {
      if (run.keyword !== "RUN" || context.isIgnored(run)) continue;
      const program = runProgram(run, context.dockerfile);
      if (program.kind !== "script") continue;
      // One manager at a time: the edits for a second one may meet those for the first.
      for (const manager of managersIn(program.script)) {
        const result = cleanUp(run, program, manager, context);
        if (typeof result === "string")
          refusals.push({ range: run.range, reason: `${manager.id}: ${result}` });
        else if (result) {
          changes.push(result);
          break;
        }
      }
    }
    return { changes, refusals };
  },
};

function managersIn(script: Script): PackageManager[] {
  const programs = new Set(
    simpleCommands(script).map(({ invocation }) => invocation?.program ?? ""),
  );
  return packageManagers.filter((manager) =>
    [...programs].some((program) => manager.programs.test(program)),
  );
}

function cleanUp(
  run: Instruction,
  program: ScriptProgram,
  manager: PackageManager,
  { dockerfile, layout }: TransformContext,
): Change | string | undefined {
  const filling = readFilling(run, program, manager, dockerfile);
  if (filling === undefined || typeof filling === "string") return filling;
  const reader = laterReader(run, manager, dockerfile);
  if (reader?.certainty === "certain")
    return `“${reader.command}” needs what it would remove`;
  const commands = cleanupCommands(filling);
  if (!commands) return "it runs with rights that the clean-up could not have";
  const edits = cleanupEdits(
    run,
    program,
    filling,
    commands,
    dockerfile,
    layoutFor([run], dockerfile, layout),
  );
  if (!edits) return "no place for the clean-up is proven to change nothing else";
  const size = savedByCleanup(run, manager, dockerfile);
  const removes = `Removes what ${manager.id} leaves in its cache`;
  const condition = reader ? `, unless “${reader.command}” needs it` : "";
  return {
    message: `${removes}${condition}${size ? `: ${size.wording}` : ""}.`,
    range: run.range,
    edits,
    level: reader ? "unsafe" : "safe",
    declares: { addedCommands: commands },
    ...(size ? { savedBytes: size.bytes } : {}),
  };
}
