import { fileEffect } from "./file-effects.ts";
import { absolutePath, isWithin } from "./paths.ts";
import type { StageCommand } from "./stage-commands.ts";
import type { SplitSubject } from "./subject.ts";

/**
 * The one folder of an archive: archives of sources have one, which the build enters, or moves,
 * as soon as it is there.
 *
 * @param path where the archive is unpacked
 * @returns undefined for what is no archive, and where it can't be told
 */
export function unpackedFolder(
  command: StageCommand,
  path: string,
  { commands, copies }: SplitSubject,
): string | undefined {
  const { program = "", args, run } = command;
  const isWhole = !args.some((word) => /^--(strip|transform)/.test(word ?? "--strip"));
  if (!/^(tar|unzip)$/.test(program) || !command.isSure || !isWhole) return undefined;
  const place = commands.indexOf(command);
  const later = commands
    .slice(place + 1)
    .filter((item) => !passing.test(item.program ?? "?"));
  const next = later[0];
  if (next?.run !== run && next?.program === "mv") return undefined;
  const entered = next && (movedFrom(next, path) ?? next.folder);
  if (entered === undefined || entered === path || !isWithin(entered, path))
    return undefined;
  const [name = ""] = entered.slice(path === "/" ? 1 : path.length + 1).split("/");
  const folder = `${path === "/" ? "" : path}/${name}`;
  const isOlder =
    commands
      .slice(0, place + 1)
      .some((item) => item.folder !== undefined && isWithin(item.folder, folder)) ||
    copies.some(
      ({ destination }) => destination !== undefined && isWithin(destination, folder),
    );
  return isOlder || /[*?[{]/.test(name) ? undefined : folder;
}

/** Whether a file is an archive that a later command unpacks, so that nothing else needs it. */
export function isUnpackedLater(
  path: string,
  command: StageCommand,
  { commands, start }: SplitSubject,
): boolean {
  const isNamed = (start?.commands ?? []).some(({ args, folder }) =>
    args.some((word) => word !== undefined && absolutePath(word, folder) === path),
  );
  return (
    !isNamed &&
    /\.(tar|tgz|tbz2?|txz|zip|tar\.\w+)$/.test(path) &&
    commands
      .slice(commands.indexOf(command) + 1)
      .some(
        ({ program, args, folder }) =>
          /^(tar|unzip)$/.test(program ?? "") &&
          args.some((word) => word !== undefined && absolutePath(word, folder) === path),
      )
  );
}

/** What may stand between the unpacking of an archive and the first use of what was in it. */
const passing = /^(cd|echo|ls|rm|set|export|true|:)$/;

function movedFrom(command: StageCommand, path: string): string | undefined {
  const effect = command.program === "mv" ? fileEffect(command) : undefined;
  const from = effect?.kind === "content" ? effect.from : undefined;
  return from?.length === 1 && from[0] !== undefined && isWithin(from[0], path)
    ? from[0]
    : undefined;
}
