import type { Command, CommandArgument } from "unbash";
import { sourceWords } from "../../behaviour/simple-command.ts";
import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import { simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import { literalValue } from "../../shell/words.ts";
import { isRemovable, removeCommands, removeWords, wordRanges } from "../removal.ts";
import type { ScriptProgram } from "../run-program.ts";
import { isProvenRun } from "../../engine/run-proof.ts";
import type { Declarations, Edit } from "../../engine/types.ts";

/** A folder that is to be, or is, a cache mount. */
export interface MountedFolder {
  readonly path: string;
  /** Whether a command of the manager empties it. */
  emptiedBy(command: SimpleCommand): boolean;
}

interface Cleanup {
  readonly command: Command;
  /** The words that go; undefined if the command goes as a whole. */
  readonly words: readonly CommandArgument[] | undefined;
}

export interface CleanupRemoval {
  readonly edits: readonly Edit[];
  readonly declares: Declarations;
}

/**
 * Takes the clean-up of folders out of a RUN that has them as cache mounts: it would empty
 * the cache, and `rm` of a mount itself fails. A string says why that can't be done.
 *
 * @param home of the user who runs it, for `~` and `$HOME`
 */
export function removeCleanups(
  run: Instruction,
  program: ScriptProgram,
  folders: readonly MountedFolder[],
  home: string | undefined,
  dockerfile: Dockerfile,
): CleanupRemoval | string {
  const cleanups: Cleanup[] = [];
  for (const command of simpleCommands(program.script)) {
    const found = readCleanup(command, folders, home);
    if (typeof found === "string") return found;
    if (found) cleanups.push(found);
  }
  if (cleanups.length === 0) return { edits: [], declares: {} };
  const unremovable = "its clean-up can't be taken out without changing anything else";
  if (!cleanups.every(({ command }) => isRemovable(program.script, command)))
    return unremovable;
  const whole = cleanups.filter(({ words }) => !words).map(({ command }) => command);
  const partly = cleanups.flatMap(({ command, words }) =>
    words ? wordRanges(command, words, run) : [],
  );
  const commandEdits =
    whole.length > 0
      ? removeCommands(run, program, new Set(whole), dockerfile)
      : { script: [], file: [] };
  const wordEdits =
    partly.length > 0 ? removeWords(partly, run) : { script: [], file: [] };
  if (!commandEdits || !wordEdits) return "a comment in its clean-up would be lost";
  const declares: Declarations = {
    removedCommands: whole.map((command) =>
      sourceWords(command, program.script.text).join(" "),
    ),
    removedWords: cleanups.flatMap(({ words = [] }) => words.map(({ text }) => text)),
  };
  const script = [...commandEdits.script, ...wordEdits.script];
  if (!isProvenRun(program, script, [declares])) return unremovable;
  return { edits: [...commandEdits.file, ...wordEdits.file], declares };
}

/** Programs that may go to a folder or above it without minding what is in it. */
const passing = /^(cd|pushd|popd|mkdir|ls|test|\[|\[\[|echo|printf|export)$/;

/** What a command takes from the folders; a string where it does something else with them. */
export function readCleanup(
  command: SimpleCommand,
  folders: readonly MountedFolder[],
  home: string | undefined,
): Cleanup | string | undefined {
  const { invocation, node } = command;
  if (!invocation) return undefined;
  const { program, args } = invocation;
  if (folders.some((folder) => folder.emptiedBy(command)))
    return { command: node, words: undefined };
  if (program !== undefined && /clean/i.test(program))
    return "a clean-up script may remove the mount";
  if (program !== undefined && passing.test(program)) return undefined;
  const near = args.filter((arg) => folders.some(({ path }) => touches(arg, path, home)));
  if (near.length === 0) return undefined;
  const isRecursive = args.some((arg) =>
    /^-[a-zA-Z]*[rRf]|^--(recursive|force)/.test(arg.text),
  );
  const isInside = near.every((arg) =>
    folders.some(({ path }) => isWithin(pathOf(arg, home), path)),
  );
  if (program !== "rm" || !isRecursive || !isInside)
    return `“${[invocation.programWord, ...args].map(({ text }) => text).join(" ")}” uses its folder`;
  if (!invocation.prefixes.every((name) => /^(sudo|doas)$/.test(name)))
    return "its clean-up runs in a way of its own";
  const paths = args.filter((arg) => !arg.text.startsWith("-"));
  return { command: node, words: near.length === paths.length ? undefined : near };
}

/** The path that a word names, without a glob at the end; undefined where that is not known. */
function pathOf(arg: CommandArgument, home: string | undefined): string | undefined {
  if (arg.type !== "Word") return undefined;
  const [, below] =
    /^(?:~|"?\$HOME"?|"?\$\{HOME\}"?)(\/[^$`"'{}]*|)"?$/.exec(arg.text) ?? [];
  const path =
    below === undefined
      ? (literalValue(arg) ?? (/["'$`]/.test(arg.text) ? undefined : arg.text))
      : home && home + below;
  if (path === undefined || /[{}]/.test(path)) return undefined;
  return path.replace(/\/+(\*|\.|\.\*|\*\/\*|\.\[!\.\]\*)?\/*$/, "") || "/";
}

function isWithin(path: string | undefined, folder: string): boolean {
  return path !== undefined && (path === folder || path.startsWith(`${folder}/`));
}

/** Whether a word may name the folder, something in it or a folder above it. */
function touches(
  arg: CommandArgument,
  folder: string,
  home: string | undefined,
): boolean {
  const path = pathOf(arg, home);
  if (path === undefined) {
    // A name in the folder's path gives it away, as in `$dir/lists` and `/var/{cache,log}`.
    const names = folder.split("/").slice(-2);
    return (
      arg.text.includes("/") &&
      arg.text.split(/[^\w.-]+/).some((word) => names.includes(word))
    );
  }
  // A script in one word, as in `sh -c '…'`.
  if (/\s/.test(path)) return path.includes(folder.split("/").at(-1) ?? folder);
  if (/[*?[]/.test(path)) {
    const fixed = path.slice(0, path.search(/[*?[]/));
    return folder.startsWith(fixed) || fixed.startsWith(`${folder}/`);
  }
  return isWithin(path, folder) || (path !== "/" && folder.startsWith(`${path}/`));
}
