import type { Command } from "unbash";
import type { Moves } from "./lookups.ts";
import { serialize } from "./serialize.ts";

/**
 * What has been found out about a simple command. It depends on the command's words alone,
 * so commands with equal words share it: the same ones come up in the original script, in
 * each form that is tried and in the result, and most of them in many files.
 */
export interface CommandFacts {
  /** The texts of assignments, words and redirections with their heredoc bodies, in order. */
  readonly words: readonly string[];
  isInert?: boolean;
  assigns?: boolean;
  lingersSomewhere?: boolean;
  moves?: Moves;
}

const known = new WeakMap<Command, CommandFacts>();

/** Bounds the memory of the facts; a file rarely has more than a few hundred commands. */
const sharedLimit = 2048;
const shared = new Map<string, CommandFacts>();

/** @param text the script that the command's offsets refer to */
export function factsOf(command: Command, text: string): CommandFacts {
  let facts = known.get(command);
  if (!facts) {
    facts = sharedFacts(command, text);
    known.set(command, facts);
  }
  return facts;
}

function sharedFacts(command: Command, text: string): CommandFacts {
  const items = [
    ...command.prefix,
    ...(command.name ? [command.name] : []),
    ...command.suffix,
  ];
  const words = items.map((item) =>
    item.type === "Word" ? item.text : serialize(item, text),
  );
  const key = `${command.prefix.length} ${items.map(({ type }) => type[0]).join("")} ${words.join("\0")}`;
  let facts = shared.get(key);
  if (!facts) {
    if (shared.size >= sharedLimit) shared.clear();
    facts = { words };
    shared.set(key, facts);
  }
  return facts;
}
