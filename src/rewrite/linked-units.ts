import type { Range } from "../dockerfile/types.ts";
import type { CacheSize } from "../knowledge/sizes.ts";
import type { Place } from "./command-range.ts";
import type { Change, Declarations, Edit, WordList } from "../engine/types.ts";

/** Edits of one RUN that hold together, and what they need to hold. */
export interface Unit {
  /** Commands that it changes or removes. */
  readonly commands: readonly Place[];
  /** Commands that other units have to change or remove for this one to be right. */
  readonly needs: readonly Place[];
  readonly range: Range;
  readonly edits: readonly Edit[];
  readonly declares: Declarations;
  /** What it keeps out of the layer, where that is known. */
  readonly saved?: CacheSize | undefined;
  /** What an added option does, e.g. “Keeps pip from …”. */
  readonly purpose: string | undefined;
  /** The source text of what is idle and goes. */
  readonly dropped: readonly string[];
}

/** One change for each set of units that need each other, in the order of the text. */
export function linkUnits(units: readonly Unit[]): Change[] {
  const parents = new Map<Place, Place>();
  const rootOf = (command: Place): Place => {
    let root = command;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root))
      root = parent;
    if (root !== command) parents.set(command, root);
    return root;
  };
  for (const { commands, needs } of units) {
    const [first, ...others] = [...commands, ...needs];
    for (const other of others) {
      const otherRoot = rootOf(other);
      const root = first === undefined ? otherRoot : rootOf(first);
      if (root !== otherRoot) parents.set(otherRoot, root);
    }
  }
  const groups = new Map<Place | undefined, Unit[]>();
  for (const unit of units) {
    const [first] = unit.commands;
    const root = first === undefined ? undefined : rootOf(first);
    groups.set(root, [...(groups.get(root) ?? []), unit]);
  }
  return [...groups.values()].map(toChange).sort((a, b) => a.range.start - b.range.start);
}

function toChange(units: readonly Unit[]): Change {
  const ordered = [...units].sort((a, b) => a.range.start - b.range.start);
  const all = (name: WordList): string[] => [
    ...new Set(ordered.flatMap(({ declares }) => declares[name] ?? [])),
  ];
  const saved = ordered.reduce((sum, unit) => sum + (unit.saved?.bytes ?? 0), 0);
  return {
    ...(saved > 0 ? { savedBytes: saved } : {}),
    message: message(ordered),
    range: {
      start: Math.min(...ordered.map(({ range }) => range.start)),
      end: Math.max(...ordered.map(({ range }) => range.end)),
    },
    edits: ordered.flatMap(({ edits }) => edits),
    level: "safe",
    declares: {
      addedWords: all("addedWords"),
      removedWords: all("removedWords"),
      removedCommands: all("removedCommands"),
    },
  };
}

function message(units: readonly Unit[]): string {
  const purposes = [...new Set(units.flatMap(({ purpose }) => purpose ?? []))];
  const sizes = units.flatMap(({ saved }) => (saved ? [`Saves ${saved.wording}.`] : []));
  const dropped = [...new Set(units.flatMap((unit) => unit.dropped))];
  const drops =
    dropped.length > 0
      ? `Drops ${dropped.map((text) => `“${text}”`).join(" and ")}, idle beside --no-cache.`
      : undefined;
  return [...purposes, ...(drops === undefined ? [] : [drops]), ...sizes].join(" ");
}
