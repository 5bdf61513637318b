import type { Command } from "unbash";
import { selfUpgrades } from "../knowledge/self-upgrades.ts";
import { readInvocation } from "../shell/invocation.ts";
import { literalValue } from "../shell/words.ts";
import { factsOf } from "./command-facts.ts";
import type { Context } from "./graph.ts";
import type { Lookups } from "./state.ts";

/** A path as an argument: its last part may be a program that is put there. */
const programPath = /\/s?bin\/([\w.+-]+)$/;

/** Whether the command may concern a program that can come to be elsewhere. */
export function concernsLookups(command: Command, program: string): boolean {
  return (
    /^python[\d.]*$|^easy_install$|^n$/.test(program) ||
    selfUpgrades.some(({ member }) => member.test(program)) ||
    command.args.some(({ text }) => text.includes("get-pip.py") || text.includes("bin/"))
  );
}

/** What a command does to where programs are, whatever the shell remembers. */
export interface Moves {
  /** The program's name if the shell looks it up by that, and not through another program. */
  readonly lookedUp: string | undefined;
  /** It is a program that can come to be elsewhere, wherever the file puts it. */
  readonly isMember: boolean;
  readonly upgraded: readonly string[];
  readonly placed: readonly string[];
}

function readMoves(command: Command): Moves {
  const invocation = readInvocation(command);
  const { program } = invocation ?? {};
  if (invocation === undefined || program === undefined)
    return { lookedUp: undefined, isMember: false, upgraded: [], placed: [] };
  const args = invocation.args.map(
    (arg) => literalValue(arg) ?? arg.text.replace(/["']/g, ""),
  );
  return {
    lookedUp:
      invocation.prefixes.length === 0 && command.name?.value === program
        ? program
        : undefined,
    isMember: selfUpgrades.some(({ member }) => member.test(program)),
    upgraded: selfUpgrades
      .filter((upgrade) => upgrade.upgrades(program, args))
      .map(({ family }) => family),
    placed: args.flatMap((arg) => {
      const name = programPath.exec(arg)?.[1];
      return name === undefined ? [] : [`/${name}`];
    }),
  };
}

/** What the shell remembers after it has run the command. */
export function lookupsAfter(
  command: Command,
  lookups: Lookups,
  context: Pick<Context, "text" | "upgradedInPlace" | "placedPrograms">,
): Lookups {
  const facts = factsOf(command, context.text);
  const { lookedUp, isMember, upgraded, placed } = (facts.moves ??= readMoves(command));
  const isNew =
    lookedUp !== undefined &&
    (isMember || context.placedPrograms.has(lookedUp)) &&
    !lookups.remembered.includes(lookedUp);
  const moved = upgraded.filter((family) => !context.upgradedInPlace.has(family));
  if (!isNew && moved.length === 0 && placed.length === 0) return lookups;
  const remembered = isNew ? [...lookups.remembered, lookedUp] : lookups.remembered;
  return withMoved({ ...lookups, remembered }, [...moved, ...placed]);
}

/**
 * Marks what the shell remembers of these as out of date.
 *
 * @param moved families of self-upgrades, and single programs as `/name`
 */
export function withMoved(lookups: Lookups, moved: readonly string[]): Lookups {
  const members = selfUpgrades.filter(({ family }) => moved.includes(family));
  const stale = lookups.remembered.filter(
    (program) =>
      moved.includes(`/${program}`) || members.some(({ member }) => member.test(program)),
  );
  return {
    remembered: lookups.remembered,
    stale: union(lookups.stale, stale),
    moved: union(lookups.moved, moved),
  };
}

function union(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])].sort();
}

const lookupCommands: ReadonlySet<string> = new Set(["command", "type", "hash"]);

/** Whether the shell would run or name the program where it no longer is the first. */
export function isStale(command: Command, { stale }: Lookups): boolean {
  if (stale.length === 0) return false;
  const name = command.name?.value ?? "";
  return (
    stale.includes(name) ||
    (lookupCommands.has(name) && command.args.some(({ text }) => stale.includes(text))) ||
    // A substitution runs in a copy of this shell and remembers the same.
    command.args.some(
      ({ text }) =>
        /\$\(|`/.test(text) && stale.some((program) => text.includes(program)),
    )
  );
}

/** Names of programs that scripts may put somewhere by path: `ln -s x /usr/local/bin/node`. */
export function programsPlaced(scripts: readonly string[]): ReadonlySet<string> {
  const names = scripts.flatMap((script) =>
    script.includes("bin/")
      ? [...script.matchAll(/\/s?bin\/([\w.+-]+)(?=["'\s;)&|]|$)/g)].map(
          (match) => match[1] ?? "",
        )
      : [],
  );
  return new Set(names);
}
