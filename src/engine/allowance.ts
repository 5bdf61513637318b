import { nothingAllowed, sameWords, type Allowance } from "../behaviour/compare.ts";
import type { Declarations, WordList } from "./types.ts";

/** What the proof has to accept for these changes, and nothing more. */
export function allowanceFor(declarations: readonly Declarations[]): Allowance {
  const all = (name: WordList): Set<string> =>
    new Set(declarations.flatMap((declared) => declared[name] ?? []));
  const addedCommands = all("addedCommands");
  const removedCommands = all("removedCommands");
  const addedWords = all("addedWords");
  const removedWords = all("removedWords");
  // No script that can be read has a NUL byte.
  const changedCommands = new Set(
    declarations.flatMap(({ changedCommands: changed = [] }) =>
      changed.map(({ before, after }) => `${before}\0${after}`),
    ),
  );
  const addedUpdates = new Set(
    declarations.flatMap(({ addedUpdates: added = [] }) =>
      added.map(({ command, reader }) => `${command}\0${reader}`),
    ),
  );
  const sets = [
    addedCommands,
    removedCommands,
    addedWords,
    removedWords,
    changedCommands,
    addedUpdates,
  ];
  if (sets.every(({ size }) => size === 0)) return nothingAllowed;
  return {
    isAdded: (words) => addedCommands.has(words.join(" ")),
    isRemoved: (words) => removedCommands.has(words.join(" ")),
    isInFront: (words, next) => addedUpdates.has(`${words.join(" ")}\0${next.join(" ")}`),
    isSame: (original, rewritten) => {
      if (changedCommands.has(`${original.join(" ")}\0${rewritten.join(" ")}`))
        return true;
      const others = (words: readonly string[]): string[] =>
        words.filter((word) => !addedWords.has(word) && !removedWords.has(word));
      const count = (words: readonly string[], declared: Set<string>): number =>
        words.filter((word) => declared.has(word)).length;
      return (
        sameWords(others(original), others(rewritten)) &&
        count(original, addedWords) <= count(rewritten, addedWords) &&
        count(original, removedWords) >= count(rewritten, removedWords)
      );
    },
  };
}
