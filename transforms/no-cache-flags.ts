import { stagesInImage } from "../src/dockerfile/reachability.ts";
import type { Instruction } from "../src/dockerfile/types.ts";
import {
  fillsCache,
  hasFlag,
  readCacheFlagCall,
  type CacheFlagCall,
} from "../src/rewrite/cache-flag-call.ts";
import { flagDeclarations, flagEdits, whyNoFlag } from "../src/rewrite/flag-addition.ts";
import { runProgram } from "../src/rewrite/run-program.ts";
import { isProvenRun } from "../src/rewrite/run-proof.ts";
import type {
  Change,
  Edit,
  Refusal,
  Transform,
  TransformContext,
} from "../src/rewrite/types.ts";
import { simpleCommands } from "../src/shell/commands.ts";

export const noCacheFlags: Transform = {
  id: "no-cache-flags",
  level: "safe",
  summary: "Adds the options that keep pip and apk from storing a cache in the layer",
  why: [
    "pip keeps what it downloads and builds, and apk keeps its package index, for the next",
    "time. In an image there is no next time: the cache is dead weight in the layer.",
  ].join("\n"),
  how: [
    "Adds `--no-cache-dir` to `pip install`, `pip wheel` and `pip download`, and `--no-cache`",
    "to `apk add` and `apk upgrade`.",
  ].join("\n"),

  apply(stage, context) {
    const changes: Change[] = [];
    const refusals: Refusal[] = [];
    if (!context.requested && !stagesInImage(context.dockerfile).has(stage))
      return { changes, refusals };
    for (const run of stage.instructions) {
      if (run.keyword !== "RUN") continue;
      const result = addFlags(run, context);
      changes.push(...result.changes);
      refusals.push(...result.refusals);
    }
    return { changes, refusals };
  },
};

/** A call of a manager as plain text, for RUNs that aren't read any further. */
const callText =
  /\bpip[\d.]*['",\s]+(install|wheel|download)\b|\bapk['",\s]+([^&|;]*\s)?(add|upgrade)\b/;

function addFlags(
  run: Instruction,
  context: TransformContext,
): { changes: Change[]; refusals: Refusal[] } {
  const { dockerfile } = context;
  const refusals: Refusal[] = [];
  if (!/pip|apk/.test(dockerfile.text.slice(run.range.start, run.range.end)))
    return { changes: [], refusals };
  const program = runProgram(run, dockerfile);
  if (program.kind === "opaque") {
    if (callText.test(program.text))
      refusals.push({ range: run.range, reason: program.reason });
    return { changes: [], refusals };
  }
  const calls: CacheFlagCall[] = [];
  for (const command of simpleCommands(program.script)) {
    const call = readCacheFlagCall(command);
    if (!call || !fillsCache(call) || hasFlag(call, run, dockerfile)) continue;
    const reason = context.isIgnored(run)
      ? "a comment asks to leave it alone"
      : whyNoFlag(call, run, program, dockerfile);
    if (reason === undefined) calls.push(call);
    else refusals.push({ range: rangeOf(call, run), reason });
  }
  const isProven = (some: readonly CacheFlagCall[]): boolean =>
    isProvenRun(program, some.flatMap(flagEdits), some.map(flagDeclarations));
  const proven = isProven(calls)
    ? calls
    : calls.filter((call) => {
        const isFine = isProven([call]);
        if (!isFine)
          refusals.push({
            range: rangeOf(call, run),
            reason: "inside this construct the rewrite can't be proven",
          });
        return isFine;
      });
  const changes = proven.map((call): Change => {
    return {
      message: call.manager.message,
      range: rangeOf(call, run),
      edits: flagEdits(call).map((edit) => inDockerfile(edit, run)),
      level: "safe",
      declares: flagDeclarations(call),
    };
  });
  return { changes, refusals };
}

function rangeOf({ command }: CacheFlagCall, run: Instruction): Change["range"] {
  const { pos, end } = command.node;
  return { start: run.body.offsetAt(pos), end: run.body.offsetAt(end - 1) + 1 };
}

/** The position behind a character belongs to that character's line. */
function inDockerfile({ range, text }: Edit, { body }: Instruction): Edit {
  const start = range.start === 0 ? body.offsetAt(0) : body.offsetAt(range.start - 1) + 1;
  const end = range.end === range.start ? start : body.offsetAt(range.end - 1) + 1;
  return { range: { start, end }, text };
}
