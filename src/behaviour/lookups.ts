import type { Command } from "unbash";
import { selfUpgrades } from "../knowledge/self-upgrades.ts";
import { readInvocation } from "../shell/invocation.ts";
import { literalValue } from "../shell/words.ts";
import type { Lookups } from "./state.ts";

/** Whether the command may concern a program that can be installed anew elsewhere. */
export function concernsLookups(command: Command, program: string): boolean {
  return (
    /^python[\d.]*$|^easy_install$/.test(program) ||
    selfUpgrades.some(({ member }) => member.test(program)) ||
    command.args.some(({ text }) => text.includes("get-pip.py"))
  );
}

/** What the shell remembers after it has run the command. */
export function lookupsAfter(
  command: Command,
  lookups: Lookups,
  upgradedInPlace: ReadonlySet<string>,
): Lookups {
  const invocation = readInvocation(command);
  const { program } = invocation ?? {};
  if (invocation === undefined || program === undefined) return lookups;
  const args = invocation.args.map((arg) => literalValue(arg) ?? "");
  const isLookedUp =
    invocation.prefixes.length === 0 &&
    command.name?.value === program &&
    selfUpgrades.some(({ member }) => member.test(program)) &&
    !lookups.remembered.includes(program);
  const remembered = isLookedUp ? [...lookups.remembered, program] : lookups.remembered;
  const upgraded = selfUpgrades
    .filter(({ family }) => !upgradedInPlace.has(family))
    .filter((upgrade) => upgrade.upgrades(program, args))
    .map(({ family }) => family);
  if (!isLookedUp && upgraded.length === 0) return lookups;
  return withMoved({ ...lookups, remembered }, upgraded);
}

/** Marks what the shell remembers of these families as out of date. */
export function withMoved(lookups: Lookups, families: readonly string[]): Lookups {
  const members = selfUpgrades.filter(({ family }) => families.includes(family));
  const moved = lookups.remembered.filter((program) =>
    members.some(({ member }) => member.test(program)),
  );
  return {
    remembered: lookups.remembered,
    stale: union(lookups.stale, moved),
    moved: union(lookups.moved, families),
  };
}

function union(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])].sort();
}

/** Whether the shell would run the program from a place where it no longer is the first. */
export function isStale(command: Command, { stale }: Lookups): boolean {
  return stale.length > 0 && stale.includes(command.name?.value ?? "");
}
