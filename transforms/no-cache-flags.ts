import { stagesInImage } from "../src/dockerfile/reachability.ts";
import type { Instruction } from "../src/dockerfile/types.ts";
import { overlap } from "../src/engine/edit.ts";
import {
  fillsCache,
  hasFlag,
  readCacheFlagCall,
} from "../src/rewrite/cache-flags/cache-flag-call.ts";
import { placeOf, rangeInFile } from "../src/rewrite/command-range.ts";
import {
  addFlag,
  isNewEnough,
  whyNoFlag,
  type FlagAddition,
} from "../src/rewrite/cache-flags/flag-addition.ts";
import { removeIdleCommands } from "../src/rewrite/cache-flags/idle-removal.ts";
import { linkUnits, type Unit } from "../src/rewrite/linked-units.ts";
import { provenCalls } from "../src/rewrite/proven-calls.ts";
import { runProgram } from "../src/rewrite/run-program.ts";
import { withIndexSaved } from "../src/rewrite/cleanup/saved-bytes.ts";
import type {
  Change,
  Refusal,
  Transform,
  TransformContext,
} from "../src/engine/types.ts";

export const noCacheFlags: Transform = {
  id: "no-cache-flags",
  level: "safe",
  summary:
    "Adds the options that keep pip, apk, uv and composer from storing a cache in the layer",
  why: [
    "pip, uv and composer keep what they download and build, and apk keeps its package index,",
    "for the next time. In an image there is no next time: the cache is dead weight in the",
    "layer.",
  ].join("\n"),
  how: [
    "Adds `--no-cache-dir` to `pip install`, `pip wheel` and `pip download`, and `--no-cache`",
    "to `apk add`, `apk upgrade`, `uv sync`, `uv add`, `uv pip install` and `uv tool install`,",
    "and to `composer install` and its like where the program comes from an image that knows",
    "the option. `apk update`, `-U`, `--update` and `rm -rf /var/cache/apk/*` go where that",
    "leaves them nothing to do.",
    "",
    "Left alone: a cache that is a mount, that an option or a variable moves or switches off,",
    "that the same RUN removes (but for apk), or that something else in the file may rely on;",
    "images whose program may not know the option; uv where it may install links into its",
    "cache; text for another shell, functions, heredocs and exec form; a stage that isn't part",
    "of the final image. `apk update` stays where a script or a plain `apk add` may still need",
    "the index.",
  ].join("\n"),

  apply(stage, context) {
    const { dockerfile } = context;
    if (!context.requested && !stagesInImage(dockerfile).has(stage))
      return { changes: [], refusals: [] };
    const results = stage.instructions
      .filter(({ keyword }) => keyword === "RUN")
      .map((run) => addFlags(run, context));
    const additions = results.flatMap((result) => result.additions);
    const idle = removeIdleCommands(stage, dockerfile, additions, (run) =>
      context.isIgnored(run),
    );
    const units = withIndexSaved([...additions.map(toUnit), ...idle], stage, dockerfile);
    return {
      changes: withoutOverlap(linkUnits(units)),
      refusals: results.flatMap((result) => result.refusals),
    };
  },
};

/** A call of a manager as plain text, for RUNs that aren't read any further. */
const callText =
  /\bpip[\d.]*['",\s]+(install|wheel|download)\b|\bapk['",\s]+([^&|;]*\s)?(add|upgrade)\b|\buv['",\s]+(sync|add|tool['",\s]+install)\b/;

function addFlags(
  run: Instruction,
  context: TransformContext,
): {
  readonly additions: readonly FlagAddition[];
  readonly refusals: readonly Refusal[];
} {
  const { dockerfile } = context;
  if (!/pip|apk|uv|composer/.test(dockerfile.text.slice(run.range.start, run.range.end)))
    return { additions: [], refusals: [] };
  const program = runProgram(run, dockerfile);
  if (program.kind === "opaque") {
    const refusal = { range: run.range, reason: program.reason };
    return { additions: [], refusals: callText.test(program.text) ? [refusal] : [] };
  }
  const { proven, refusals } = provenCalls(run, program, (command) => {
    const call = readCacheFlagCall(command);
    if (!call || !fillsCache(call) || !isNewEnough(call, run, dockerfile))
      return undefined;
    const isThere = hasFlag(call, run, dockerfile);
    const reason = context.isIgnored(run)
      ? "a comment asks to leave it alone"
      : isThere
        ? undefined
        : whyNoFlag(call, run, program, dockerfile);
    if (reason !== undefined) return isThere ? undefined : reason;
    const addition = addFlag(call, run, !isThere);
    return addition.edits.file.length > 0 ? addition : undefined;
  });
  return { additions: proven, refusals };
}

function toUnit(addition: FlagAddition): Unit {
  const { call, run, command, isAdded, dropped, edits, declares } = addition;
  return {
    commands: [placeOf(command, run)],
    needs: [],
    range: rangeInFile(call.command.node, run),
    edits: edits.file,
    declares,
    purpose: isAdded ? call.manager.message : undefined,
    dropped: isAdded ? [] : dropped,
  };
}

/** What meets another change's edits comes up again in the next round. */
function withoutOverlap(changes: readonly Change[]): Change[] {
  if (!overlap(changes.flatMap(({ edits }) => edits))) return [...changes];
  const kept: Change[] = [];
  for (const change of changes) {
    const edits = [...kept, change].flatMap((item) => item.edits);
    if (!overlap(edits)) kept.push(change);
  }
  return kept;
}
