import type { Command, CommandArgument } from "unbash";
import { sourceWords } from "../behaviour/simple-command.ts";
import type { Dockerfile, Instruction } from "../dockerfile/types.ts";
import type { RunEdits } from "./removal.ts";
import type { ScriptProgram } from "./run-program.ts";
import type { Declarations } from "../engine/types.ts";

/** Words that a command gets, in front of or behind one that it has. */
export interface Insertion {
  readonly side: "before" | "behind";
  readonly of: CommandArgument;
  readonly words: readonly string[];
}

export interface WordInsertion {
  readonly edits: RunEdits;
  /** This one command with these words in these places, and nothing else. */
  readonly declares: Declarations;
}

/** Words in front of another one are set off from it as that one is from what precedes it. */
export function insertWords(
  command: Command,
  insertions: readonly Insertion[],
  run: Instruction,
  { script }: ScriptProgram,
  { text }: Dockerfile,
): WordInsertion {
  const items = [
    ...command.prefix,
    ...(command.name ? [command.name] : []),
    ...command.suffix,
  ];
  const before = sourceWords(command, script.text);
  const at = (side: Insertion["side"], item: (typeof items)[number]): readonly string[] =>
    insertions
      .filter((insertion) => insertion.side === side && insertion.of.pos === item.pos)
      .flatMap(({ words }) => words);
  const after = items.flatMap((item, index) => [
    ...at("before", item),
    before[index] ?? "",
    ...at("behind", item),
  ]);
  const edits = merged(insertions).map(({ side, of, words }) => {
    if (side === "behind") {
      const end = run.body.offsetAt(of.end - 1) + 1;
      const inserted = words.map((word) => ` ${word}`).join("");
      return { position: of.end, offset: end, inserted, plain: inserted };
    }
    const offset = run.body.offsetAt(of.pos);
    const gap = gapBefore(text, offset);
    return {
      position: of.pos,
      offset,
      inserted: words.map((word) => `${word}${gap}`).join(""),
      plain: words.map((word) => `${word} `).join(""),
    };
  });
  return {
    edits: {
      script: edits.map(({ position, plain }) => ({
        range: { start: position, end: position },
        text: plain,
      })),
      file: edits.map(({ offset, inserted }) => ({
        range: { start: offset, end: offset },
        text: inserted,
      })),
    },
    declares: {
      changedCommands: [{ before: before.join(" "), after: after.join(" ") }],
    },
  };
}

/** One insertion per place: edits of one change can't start at the same offset. */
function merged(insertions: readonly Insertion[]): Insertion[] {
  const byPlace = new Map<string, Insertion>();
  for (const insertion of insertions) {
    const key = `${insertion.side} ${insertion.of.pos}`;
    const words = [...(byPlace.get(key)?.words ?? []), ...insertion.words];
    byPlace.set(key, { ...insertion, words });
  }
  return [...byPlace.values()];
}

/** A word on a line of its own gets a neighbour on a line of its own. */
function gapBefore(text: string, offset: number): string {
  const [gap] = /[ \t]+[\\`][ \t]*\r?\n[ \t]*$/.exec(text.slice(0, offset)) ?? [];
  return gap ?? " ";
}
