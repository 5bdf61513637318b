import { nothing, unknownEffect, type Effect } from "./effects.ts";
import { operands, optionValue } from "./operands.ts";
import type { StageCommand } from "./stage-commands.ts";

/** The package managers of the distributions that a stage can be split on. */
interface SystemManager {
  readonly programs: RegExp;
  readonly install: RegExp;
  readonly remove: RegExp;
  /** Subcommands that neither install nor remove what was named. */
  readonly others: RegExp;
  readonly valueOptions: readonly string[];
}

/** apt-get(8), apk(8): subcommands, and options with a value. */
const managers: readonly SystemManager[] = [
  {
    programs: /^(apt|apt-get|aptitude)$/,
    install: /^install$/,
    remove: /^(remove|purge)$/,
    others:
      /^(update|upgrade|dist-upgrade|full-upgrade|clean|dist-clean|distclean|autoclean|autoremove|auto-remove)$/,
    valueOptions: ["-o", "-t", "-c", "--option", "--target-release", "--default-release"],
  },
  {
    programs: /^apk$/,
    install: /^add$/,
    remove: /^del$/,
    others: /^(update|upgrade|cache|fix)$/,
    valueOptions: ["-t", "--virtual", "-X", "--repository"],
  },
];

/** Whether a stage removes a package again, by its name or by that of its `apk add --virtual`. */
export function isRemovedAgain(name: string, commands: readonly StageCommand[]): boolean {
  const calls = commands.flatMap((command) => readCall(command) ?? []);
  const removed = new Set(
    calls.flatMap(({ kind, names }) => (kind === "remove" ? names : [])),
  );
  const installs = calls.filter(
    ({ kind, names }) => kind === "install" && names.includes(name),
  );
  return (
    removed.has(name) ||
    (installs.length > 0 &&
      installs.every(({ group }) => group !== undefined && removed.has(group)))
  );
}

/**
 * Whether a command sets up a package that the stage doesn't install by itself: the small image
 * may not have it.
 */
export function lacksPackage(
  { program = "", args }: StageCommand,
  commands: readonly StageCommand[],
): boolean {
  const isOfLocales = /^(locale-gen|localedef|update-locale)$/.test(program);
  if (program !== "dpkg-reconfigure" && !isOfLocales) return false;
  const valued = ["-f", "--frontend", "-p", "--priority"];
  const names = isOfLocales ? ["locales"] : operands(args, valued);
  const installed = commands.flatMap((command) => {
    const effect = packageEffect(command);
    return effect?.kind === "packages" ? effect.names : [];
  });
  return names?.every((name) => installed.includes(name)) !== true;
}

/** @returns undefined for a command that is no system package manager */
export function packageEffect(command: StageCommand): Effect | undefined {
  const call = readCall(command);
  switch (call?.kind) {
    case undefined:
      return undefined;
    case "install":
      return { kind: "packages", program: command.program ?? "", names: call.names };
    case "remove":
    case "other":
      return nothing;
    case "unreadable":
      return unknownEffect(command);
  }
}

interface Call {
  readonly kind: "install" | "remove" | "other" | "unreadable";
  readonly names: readonly string[];
  /** The name of what `apk add --virtual` installs. */
  readonly group?: string;
}

function readCall({ program = "", args }: StageCommand): Call | undefined {
  const manager = managers.find(({ programs }) => programs.test(program));
  if (!manager) return undefined;
  const words = operands(args, manager.valueOptions);
  const [subcommand, ...rest] = words ?? [];
  // A variable may hold several of them.
  const names = rest.flatMap((word) => word.split(/\s+/).filter((name) => name !== ""));
  if (args.every((word) => word === "--print-arch")) return { kind: "other", names: [] };
  if (subcommand === undefined) return { kind: "unreadable", names: [] };
  if (manager.install.test(subcommand)) {
    const group = program === "apk" ? optionValue(args, /^(-t|--virtual)$/) : undefined;
    return { kind: "install", names, ...(typeof group === "string" ? { group } : {}) };
  }
  if (manager.remove.test(subcommand)) return { kind: "remove", names };
  return { kind: manager.others.test(subcommand) ? "other" : "unreadable", names: [] };
}
