import { resolve } from "node:path";
import type { Kysely } from "kysely";
import type { Tables } from "../store/tables.ts";
import type { Group } from "./group.ts";
import { readGroups, readGroupSizes } from "./read-groups.ts";

/** What somebody typed isn't the name of exactly one thing. */
export interface NotOne {
  readonly message: string;
  readonly hint: string;
}

/** A group, and the digest that was typed behind its id, as far as that goes. */
export interface ChosenGroup {
  readonly group: Group;
  /** False where a digest was typed that isn't the group's. */
  readonly isCurrent: boolean;
}

const shortestId = 4;
const mostCandidates = 5;

/** @param word `id`, or `id:digest`, of both of which the first digits are enough. */
export async function chooseGroup(
  db: Kysely<Tables>,
  word: string,
): Promise<ChosenGroup | NotOne> {
  const [typed = "", digest = ""] = word.split(":");
  const found = (await readGroupSizes(db)).filter(
    ({ id }) => id === typed || (typed.length >= shortestId && id.startsWith(typed)),
  );
  if (found.length > 1) {
    return { message: `${word} can be ${listOf(found.map(({ id }) => id))}`, hint: "" };
  }
  const [group] = await readGroups(db, new Set(found.map(({ id }) => id)));
  return group === undefined
    ? {
        message: `there is no group ${word}`,
        hint: "`dockerslim batch groups` lists them",
      }
    : { group, isCurrent: group.digest.startsWith(digest) };
}

/**
 * @param keys Of all targets.
 * @param word A key, its end (`owner/name`, `name`), or the path of a clone.
 */
export function chooseTarget(keys: readonly string[], word: string): string | NotOne {
  const exact = keys.find((key) => key === word || key === resolve(word));
  if (exact !== undefined) return exact;
  const found = keys.filter((key) => key.endsWith(`/${word}`));
  const [key] = found;
  if (key === undefined) {
    return { message: `the campaign has no repository ${word}`, hint: "" };
  }
  return found.length === 1
    ? key
    : { message: `${word} can be ${listOf(found)}`, hint: "write more of the name" };
}

function listOf(names: readonly string[]): string {
  const rest = names.length - mostCandidates;
  const shown = names.slice(0, mostCandidates).join(", ");
  return rest > 0 ? `${shown} or ${rest} others` : shown;
}
