import type { ScriptProgram } from "../behaviour/run-sequence.ts";
import { programsPlaced } from "../behaviour/lookups.ts";
import { oncePer } from "../dockerfile/once-per.ts";
import { defaultShell, shellBefore } from "../dockerfile/state.ts";
import type { Dockerfile, Instruction } from "../dockerfile/types.ts";
import { upgradedInPlace } from "../knowledge/self-upgrades.ts";
import { keepsDefaultShell } from "../knowledge/base-shells.ts";
import { readShell, type Shell } from "../shell/dialect.ts";
import { parseScript } from "../shell/parse.ts";
import { rootImage } from "./root-image.ts";
import { placeOf } from "./run-place.ts";

export type { ScriptProgram };

/** A RUN as the shell sees it, or the reason why nothing can be said of it. */
export type RunProgram =
  | ScriptProgram
  | { readonly kind: "opaque"; readonly text: string; readonly reason: string };

const known = new WeakMap<Instruction, RunProgram>();

export function runProgram(run: Instruction, dockerfile: Dockerfile): RunProgram {
  const cached = known.get(run);
  if (cached) return cached;
  const program = readProgram(run, dockerfile);
  known.set(run, program);
  return program;
}

function readProgram(run: Instruction, dockerfile: Dockerfile): RunProgram {
  const text = dockerfile.text.slice(run.range.start, run.range.end);
  const opaque = (reason: string): RunProgram => ({ kind: "opaque", text, reason });
  if (run.json) return opaque("exec form runs without a shell");
  if (run.heredocs.length > 0) return opaque("heredocs are left as they are");
  const shellWords = shellBefore(run);
  const shell = shellWords && knownShell(shellWords);
  if (!shell) return opaque("the shell is not one of sh, bash, dash and ash");
  const script = parseScript(run.body.text, shell.dialect);
  if (script.unreadable !== undefined) return opaque(script.unreadable);
  if (script.tree.commands.length === 0) return opaque("it runs no command");
  return {
    kind: "script",
    script,
    shell: shellWords === defaultShell ? assumedShell(run, shell) : shell,
    flags: flagsText(run, dockerfile),
    upgradedInPlace: mayUpgradeItself.test(script.text)
      ? upgradedInPlace(run.stage && rootImage(run.stage)?.repository)
      : nothing,
    placedPrograms: programsPlacedIn(dockerfile),
    place: placeOf(run, dockerfile),
  };
}

/** The words of one SHELL serve many RUNs. */
const knownShell = oncePer(readShell);

/** What may be in force where a base image decides on the shell. */
const withUncertainErrexit = oncePer((shell: Shell): Shell => {
  return { ...shell, options: { ...shell.options, errexit: "unknown" } };
});

/**
 * Without a SHELL in the file, the base image may have set one, which no Dockerfile shows.
 * Docker's official images set none; others may, even with `-e`.
 */
function assumedShell({ stage }: Instruction, shell: Shell): Shell {
  const image = stage && rootImage(stage);
  if (image === undefined || keepsDefaultShell(image)) return shell;
  return withUncertainErrexit(shell);
}

const programsPlacedIn = oncePer((dockerfile: Dockerfile): ReadonlySet<string> => {
  const runs = dockerfile.instructions.filter(({ keyword }) => keyword === "RUN");
  return programsPlaced(runs.map(({ body }) => body.text));
});

/** Spares most scripts the look at their base image. */
const mayUpgradeItself = /pip|npm|gem/;
const nothing: ReadonlySet<string> = new Set();

function flagsText(run: Instruction, dockerfile: Dockerfile): string {
  return run.flags
    .map(({ range }) => dockerfile.text.slice(range.start, range.end))
    .join(" ");
}
