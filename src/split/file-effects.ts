import type { CommandArgument } from "unbash";
import type { Effect } from "./effects.ts";
import { absolutes, operands, optionValue } from "./operands.ts";
import { absolutePath, baseName } from "./paths.ts";
import type { StageCommand } from "./stage-commands.ts";
import { systemFolders } from "./system-folders.ts";

/**
 * The effect of cp, mv, install, rm and rmdir; undefined for other programs, and for
 * calls of which it can't be told. Source: POSIX and the manual of coreutils.
 */
export function fileEffect(command: StageCommand): Effect | undefined {
  switch (command.program) {
    case "rm":
    case "rmdir": {
      const paths = absolutes(command, patterns(command));
      return paths && { kind: "removal", paths };
    }
    case "cp":
      return copied(command, ["-S", "-t", "--target-directory"], false);
    case "mv":
      return copied(command, ["-S", "-t", "--target-directory"], true);
    case "install": {
      const { args } = command;
      const valued = ["-m", "-o", "-g", "-S", "-t", "--mode", "--target-directory"];
      if (!args.some((word) => /^(-[a-zA-Z]*d[a-zA-Z]*|--directory)$/.test(word ?? "")))
        return copied(command, valued, false);
      const paths = absolutes(command, operands(args, valued));
      return paths && { kind: "setup", paths, creates: true };
    }
    default:
      return undefined;
  }
}

/** The words that are no options, with patterns as they are written. */
function patterns(
  command: StageCommand,
  valueOptions: readonly string[] = [],
): readonly string[] | undefined {
  const words = command.node.invocation?.args.map(
    (word, index) => command.args[index] ?? patternOf(word),
  );
  return words?.every((word) => word !== undefined)
    ? operands(words, valueOptions)
    : undefined;
}

function patternOf(word: CommandArgument): string | undefined {
  return word.type === "Word" && /^[\w./{},*?+@-]+$/.test(word.text)
    ? word.text
    : undefined;
}

function copied(
  command: StageCommand,
  valueOptions: readonly string[],
  moves: boolean,
): Effect | undefined {
  const words = patterns(command, valueOptions);
  const folder = optionValue(command.args, /^(-t|--target-directory)$/);
  if (!words || folder === null) return undefined;
  const sources = folder === undefined ? words.slice(0, -1) : words;
  const last = folder ?? words.at(-1);
  const target = last === undefined ? undefined : absolutePath(last, command.folder);
  const from = absolutes(command, sources);
  if (last === undefined || target === undefined || !from || from.length === 0)
    return undefined;
  const isFolder =
    folder !== undefined ||
    from.length > 1 ||
    last.endsWith("/") ||
    systemFolders.has(target);
  // Whose name in the folder can be told, are files of their own; else it is the folder.
  const isNamed = sources.every((source) => !/[*?{]|(^|\/)\.{1,2}\/?$/.test(source));
  const paths =
    isFolder && isNamed
      ? from.map((path) => `${target === "/" ? "" : target}/${baseName(path)}`)
      : [target];
  return { kind: "content", paths, from, moves };
}
