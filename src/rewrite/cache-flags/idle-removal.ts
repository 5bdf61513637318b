import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import { placeOf, rangeInFile, type Place } from "../command-range.ts";
import type { FlagAddition } from "./flag-addition.ts";
import { idleCommands, type IdleCommand } from "./idle-commands.ts";
import type { Unit } from "../linked-units.ts";
import { removeCommands, removeWords, type RunEdits } from "../removal.ts";
import { isProvenRun } from "../../engine/run-proof.ts";

/**
 * Takes out what the added options make idle, RUN by RUN, where that can be proven. What has
 * to stay may be the reason for something else to stay, so the search is repeated.
 */
export function removeIdleCommands(
  stage: Stage,
  dockerfile: Dockerfile,
  additions: readonly FlagAddition[],
  isIgnored: (run: Instruction) => boolean,
): Unit[] {
  const flagged = new Set(additions.map(({ command, run }) => placeOf(command, run)));
  const kept = new Set<Place>();
  for (;;) {
    const idle = idleCommands(stage, dockerfile, { flagged, kept, isIgnored });
    const units: Unit[] = [];
    const before = kept.size;
    for (const items of perRun(idle)) {
      const result = removalUnit(items, additions, dockerfile);
      if (result) units.push(result);
      else
        for (const command of unprovable(items, additions, dockerfile)) kept.add(command);
    }
    if (kept.size === before) return units;
  }
}

function perRun(idle: readonly IdleCommand[]): Iterable<readonly IdleCommand[]> {
  const runs = new Map<Instruction, IdleCommand[]>();
  for (const item of idle) {
    const items = runs.get(item.run);
    if (items) items.push(item);
    else runs.set(item.run, [item]);
  }
  return runs.values();
}

/** The commands that can't go even alone; all of them if each one could. */
function unprovable(
  items: readonly IdleCommand[],
  additions: readonly FlagAddition[],
  dockerfile: Dockerfile,
): Place[] {
  const alone = items.filter((item) => !removalUnit([item], additions, dockerfile));
  return (alone.length > 0 ? alone : items).map(({ command, run }) =>
    placeOf(command, run),
  );
}

function removalUnit(
  items: readonly IdleCommand[],
  additions: readonly FlagAddition[],
  dockerfile: Dockerfile,
): Unit | undefined {
  const [first] = items;
  if (!first) return undefined;
  const { run, program } = first;
  const whole = items.filter(({ words }) => !words).map(({ command }) => command);
  const words = items.flatMap((item) => item.words ?? []);
  const parts: (RunEdits | undefined)[] = [
    whole.length > 0
      ? removeCommands(run, program, new Set(whole), dockerfile)
      : undefined,
    words.length > 0 ? removeWords(words, run) : undefined,
  ];
  const edits = parts.flatMap((part) => part ?? []);
  if (edits.length < Number(whole.length > 0) + Number(words.length > 0))
    return undefined;
  const beside = additions.filter((addition) => addition.run === run);
  const script = [...edits, ...beside.map((item) => item.edits)].flatMap(
    (item) => item.script,
  );
  const declarations = [...items, ...beside].map(({ declares }) => declares);
  if (!isProvenRun(program, script, declarations)) return undefined;
  const ranges = items.map(({ command }) => rangeInFile(command, run));
  return {
    commands: items.map(({ command }) => placeOf(command, run)),
    needs: items.flatMap(({ needs }) => needs),
    range: {
      start: Math.min(...ranges.map(({ start }) => start)),
      end: Math.max(...ranges.map(({ end }) => end)),
    },
    edits: edits.flatMap(({ file }) => file),
    declares: {
      removedCommands: items.flatMap(({ declares }) => declares.removedCommands ?? []),
      removedWords: items.flatMap(({ declares }) => declares.removedWords ?? []),
    },
    purpose: undefined,
    dropped: items.flatMap(({ command, words: some, declares }) =>
      some
        ? (declares.removedWords ?? [])
        : [program.script.text.slice(command.pos, command.end).replace(/\s+/g, " ")],
    ),
  };
}
