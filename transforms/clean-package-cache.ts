import { stagesInImage } from "../src/dockerfile/reachability.ts";
import { stateBefore } from "../src/dockerfile/state.ts";
import type { Instruction } from "../src/dockerfile/types.ts";
import {
  managersNamed,
  packageManagers,
  type PackageManager,
} from "../src/knowledge/package-managers.ts";
import { readFilling } from "../src/rewrite/cleanup/cache-filling.ts";
import { mountCaches } from "../src/rewrite/cache-mounts/cache-mount-change.ts";
import { cleanupEdits, cleanupFor } from "../src/rewrite/cleanup/cleanup-edits.ts";
import { layoutFor } from "../src/rewrite/layout.ts";
import { laterReader } from "../src/rewrite/cleanup/list-readers.ts";
import { commandsWithNested } from "../src/rewrite/cleanup/nested-commands.ts";
import { ownUpdates, type OwnUpdates } from "../src/rewrite/cleanup/own-update.ts";
import { runProgram, type ScriptProgram } from "../src/rewrite/run-program.ts";
import { savedByCleanup } from "../src/rewrite/cleanup/saved-bytes.ts";
import { mayChangeGlobs } from "../src/shell/glob-settings.ts";
import type { Script } from "../src/shell/parse.ts";
import type {
  Change,
  Refusal,
  Transform,
  TransformContext,
} from "../src/engine/types.ts";

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
    "apt, yum, dnf, microdnf, tdnf, zypper, pacman, xbps, opkg, swupd, npm, Yarn 1, conda and",
    "composer. Folders in root's home are removed where the RUN is known to be run by root:",
    "those of pipenv, poetry, pdm, pipx, pip-tools, cpanm and cpan, of Go's compiled packages",
    "where nothing builds later, of pip in images that may be too old for its option, and of an",
    "npm that replaces itself. So are /tmp/pear (pecl, pear),",
    "/tmp/downloaded_packages (install2.r), /var/cache/luarocks, and the archives of gem and",
    "bundler in the official image ruby. [All managers](../package-managers.md), with the reasons why some are",
    "left alone.",
    "",
    "Where a later RUN of the stage installs by apt's lists, and something between keeps the two",
    "from becoming one, it gets the earlier RUN's update in front of its install, and cleans up as",
    "well: only if the update is sure to have succeeded, and nothing since can have changed what it",
    "fetches. [What that takes](../safety.md#an-update-of-its-own).",
    "",
    "Left alone: a RUN that cleans up already, by whatever spelling; a cache that is a mount,",
    "or that a variable or option moves; a cache that a later command needs, in the stage or in",
    "one that is built on it; a stage that isn't part of the final image, unless the setting",
    "`stages` is `all`; Yarn Berry, whose cache belongs to the project. Where a later script from",
    "the build context may read apt's lists, the change is unsafe.",
    "",
    'With `"strategy": "cache-mount"`, the caches of apt, dnf, npm and Yarn 1 become BuildKit',
    "cache mounts, in any stage, and clean-up of these folders goes; so do Go's modules and",
    "Cargo's registry in stages that are no part of the image. A mount may be empty at",
    "any time and hides what is below it. A cache is therefore removed instead where an",
    "install relies on what was there before, where the user's home isn't known, where the",
    "clean-up can't be taken out or a script may have one, and where the frontend that",
    "`# syntax=` names may not know mounts. Exec form and heredocs are left alone.",
  ].join("\n"),

  apply(stage, context) {
    const changes: Change[] = [];
    const refusals: Refusal[] = [];
    const mounts = context.settings["clean-package-cache"].strategy === "cache-mount";
    // A clean-up only makes the image smaller; a mount makes the build of any stage faster.
    const cleans =
      context.requested ||
      context.settings["clean-package-cache"].stages === "all" ||
      stagesInImage(context.dockerfile).has(stage);
    const ways = [...(mounts ? [mountCaches] : []), ...(cleans ? [cleanUp] : [])];
    if (ways.length === 0) return { changes, refusals };
    const changeFor = (
      run: Instruction,
      program: ScriptProgram,
      manager: PackageManager,
    ): Change | undefined => {
      for (const way of ways) {
        const result = way(run, program, manager, context);
        if (typeof result !== "string") return result;
        refusals.push({ range: run.range, reason: `${manager.id}: ${result}` });
      }
      return undefined;
    };
    for (const run of stage.instructions) {
      if (run.keyword !== "RUN") continue;
      const program = runProgram(run, context.dockerfile);
      if (program.kind !== "script") continue;
      // One manager at a time: the edits for a second one may meet those for the first.
      for (const manager of managersIn(program.script)) {
        // Who wants no option against the cache wants the cache.
        if (manager.flag && context.isIgnored(run, "no-cache-flags")) continue;
        const change = changeFor(run, program, manager);
        if (!change) continue;
        if (context.isIgnored(run))
          refusals.push({
            range: run.range,
            reason: `${manager.id}: a comment asks to leave it alone`,
          });
        else changes.push(change);
        break;
      }
    }
    return { changes, refusals };
  },
};

function managersIn(script: Script): PackageManager[] {
  const called = new Set(
    commandsWithNested(script).flatMap(({ invocation }) =>
      managersNamed(invocation?.program ?? ""),
    ),
  );
  if (called.size === 0) return [];
  return packageManagers.filter(
    (manager) =>
      called.has(manager) && (manager.cleanup.length > 0 || manager.leave !== undefined),
  );
}

function cleanUp(
  run: Instruction,
  program: ScriptProgram,
  manager: PackageManager,
  context: TransformContext,
): Change | string | undefined {
  const { dockerfile } = context;
  const filling = readFilling(run, program, manager, dockerfile);
  if (filling === undefined || typeof filling === "string") return filling;
  const layout = layoutFor([run], dockerfile, context.layout);
  const reader = laterReader(run, manager, dockerfile);
  const own =
    reader?.certainty === "certain" &&
    context.settings["clean-package-cache"].strategy === "remove"
      ? ownUpdates(run, program, filling, layout, context)
      : undefined;
  if (reader?.certainty === "certain" && !own)
    return `“${reader.command}” needs what it would remove`;
  const cleanup = cleanupFor(filling, stateBefore(run, dockerfile).user);
  if (!cleanup) return "it runs with rights that the clean-up could not have";
  if (
    cleanup.commands.some((command) => command.includes("*")) &&
    mayChangeGlobs(program.script)
  )
    return "the RUN changes what the pattern of the clean-up matches";
  const edits = cleanupEdits(run, program, cleanup, dockerfile, layout);
  if (!edits) return "no place for the clean-up is proven to change nothing else";
  const size = savedByCleanup(run, manager, dockerfile);
  const removes = `Removes what ${manager.id} leaves in its cache`;
  const isSafe = reader === undefined || own !== undefined;
  const condition = own
    ? later(own)
    : reader
      ? `, unless “${reader.command}” needs it`
      : "";
  return {
    message: `${removes}${condition}${size ? `: ${size.wording}` : ""}.`,
    range: run.range,
    edits: [...edits, ...(own?.edits ?? [])],
    level: isSafe ? "safe" : "unsafe",
    declares: {
      addedCommands: [...cleanup.commands, ...(own?.cleanups ?? [])],
      ...(own ? { addedUpdates: own.updates } : {}),
    },
    ...(size ? { savedBytes: size.bytes } : {}),
  };
}

function later({ updates }: OwnUpdates): string {
  const [first] = updates;
  const who = updates.length === 1 ? "the later RUN" : `${updates.length} later RUNs`;
  return `, and has ${who} fetch it anew by “${first?.command ?? ""}”`;
}
