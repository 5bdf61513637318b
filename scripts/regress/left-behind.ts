import { stagesInImage } from "../../src/dockerfile/reachability.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { stateBefore } from "../../src/dockerfile/state.ts";
import type { Dockerfile, Instruction } from "../../src/dockerfile/types.ts";
import type { FixResult, Note } from "../../src/index.ts";
import { hasNoCache } from "../../src/knowledge/old-releases.ts";
import {
  packageManagers,
  type PackageManager,
} from "../../src/knowledge/package-managers.ts";
import {
  fillsCache,
  hasFlag,
  readCacheFlagCall,
} from "../../src/rewrite/cache-flags/cache-flag-call.ts";
import { covers, hasMountOver } from "../../src/rewrite/cache-mounts/cache-mounts.ts";
import { cacheRole } from "../../src/rewrite/cleanup/list-readers.ts";
import { commandsWithNested } from "../../src/rewrite/cleanup/nested-commands.ts";
import { rootImage } from "../../src/rewrite/root-image.ts";
import { runProgram } from "../../src/rewrite/run-program.ts";
import type { SimpleCommand } from "../../src/shell/commands.ts";
import { nestedScript } from "../../src/shell/invocation.ts";

/** A RUN of the final image that leaves a manager's cache behind, and what became of it. */
export interface LeftBehind {
  readonly manager: string;
  /** Undefined where the result keeps nothing of the cache. */
  readonly reason: string | undefined;
}

/** A call that fills a cache; `key` finds it again in the rewritten text. */
interface Filler {
  readonly run: Instruction;
  readonly manager: PackageManager;
  readonly key: string;
}

/** What each RUN of a file's final image left behind before, and whether it is gone. */
export function leftBehind(
  text: string,
  { output, notes, proposals }: FixResult,
): LeftBehind[] {
  const before = parseDockerfile(text);
  const rest = fillers(parseDockerfile(output));
  const found = new Map<Instruction, Map<PackageManager, boolean>>();
  for (const { run, manager, key } of fillers(before)) {
    const index = rest.findIndex(
      (filler) => filler.manager === manager && filler.key === key,
    );
    if (index !== -1) rest.splice(index, 1);
    const byManager = found.get(run) ?? new Map<PackageManager, boolean>();
    byManager.set(manager, index !== -1 || byManager.get(manager) === true);
    found.set(run, byManager);
  }
  return [...found].flatMap(([run, byManager]) =>
    [...byManager].map(([manager, isLeft]) => ({
      manager: manager.id,
      reason: isLeft
        ? reasonFor(run, manager, before, [...proposals, ...notes])
        : undefined,
    })),
  );
}

/** Notes on a merged RUN stand at the first of the RUNs that it is made of. */
function reasonFor(
  run: Instruction,
  manager: PackageManager,
  dockerfile: Dockerfile,
  notes: readonly Note[],
): string {
  const program = runProgram(run, dockerfile);
  if (program.kind === "opaque") return program.reason;
  const end = lineOf(dockerfile.text, run.range.end);
  const own = notes.filter(
    ({ transform, line }) =>
      line <= end &&
      (transform === "clean-package-cache" || transform === "no-cache-flags"),
  );
  const prefix = `${manager.id}: `;
  const note = own.findLast(
    ({ message }) =>
      message.startsWith(prefix) ||
      message.includes(`what ${manager.id} leaves`) ||
      (manager.flag !== undefined && message.includes(manager.id)),
  );
  if (note === undefined) return "no reason is given";
  return note.message.startsWith("Removes")
    ? "a script further down may need it"
    : note.message.slice(note.message.startsWith(prefix) ? prefix.length : 0);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The calls whose cache stays in the layers of the final image. */
function fillers(dockerfile: Dockerfile): Filler[] {
  const stages = stagesInImage(dockerfile);
  return dockerfile.instructions
    .filter(({ keyword, stage }) => keyword === "RUN" && stage && stages.has(stage))
    .flatMap((run) => fillersOf(run, dockerfile));
}

function fillersOf(run: Instruction, dockerfile: Dockerfile): Filler[] {
  const program = runProgram(run, dockerfile);
  const image = run.stage && rootImage(run.stage);
  const candidates = packageManagers.filter(
    (manager) =>
      manager.keeps === undefined &&
      !hasMountOver(run, manager) &&
      !(image && hasNoCache(manager, image)),
  );
  if (program.kind === "opaque") {
    const { text } = program;
    return candidates.flatMap((manager) => fillersInText(text, run, manager));
  }
  const commands = commandsWithNested(program.script);
  return candidates.flatMap((manager) => {
    if (isSwitchedOff(manager, run, dockerfile, program.script.text)) return [];
    const last = commands.findLastIndex((command) => isCleanup(command, manager));
    return commands.flatMap((command, index) => {
      const nested = command.invocation && nestedScript(command.invocation);
      if (nested !== undefined)
        return index > last ? fillersInText(nested, run, manager) : [];
      return index > last && fills(command, manager, run, dockerfile)
        ? [{ run, manager, key: keyOf(command) }]
        : [];
    });
  });
}

function fills(
  command: SimpleCommand,
  manager: PackageManager,
  run: Instruction,
  dockerfile: Dockerfile,
): boolean {
  const isOffline = command.invocation?.args.some(({ text }) => text === "--no-network");
  if (isOffline) return false;
  const call = readCacheFlagCall(command);
  if (call?.manager.id === manager.id)
    return (
      (fillsCache(call) || cacheRole(command, manager) === "fills") &&
      !hasFlag(call, run, dockerfile)
    );
  return cacheRole(command, manager) === "fills";
}

/** By a variable; one that only moves the cache leaves it in the image. */
function isSwitchedOff(
  { variables, flag }: PackageManager,
  run: Instruction,
  dockerfile: Dockerfile,
  script: string,
): boolean {
  const { env, args } = stateBefore(run, dockerfile);
  return (
    variables.some((name) => {
      const value = env.get(name) ?? args.get(name);
      return (
        value === "/dev/null" ||
        (name.includes("NO_CACHE") &&
          (env.has(name) || args.has(name) || script.includes(`${name}=`)))
      );
    }) || flag?.settingsText?.test(script) === true
  );
}

function isCleanup(command: SimpleCommand, manager: PackageManager): boolean {
  const { program = "", args = [] } = command.invocation ?? {};
  return (
    cacheRole(command, manager) === "cleans" ||
    /clean/i.test(program) ||
    (/^(rm|find|rmdir|unlink|truncate)$/.test(program) &&
      args.some(({ text }) => manager.folders.some((folder) => covers(text, folder))))
  );
}

/** The words that say what is done; the options are what a rewrite may add or take. */
function keyOf({ invocation }: SimpleCommand): string {
  const words = invocation ? [invocation.programWord, ...invocation.args] : [];
  return words
    .map(({ text }) => text)
    .filter((word) => !word.startsWith("-"))
    .join(" ");
}

/** Text that isn't read as a script here: heredocs, exec form, `su -c '…'`. */
function fillersInText(
  text: string,
  run: Instruction,
  manager: PackageManager,
): Filler[] {
  const calls = text
    .split(/[;&|\n()]+|"\s*,\s*"(?=[^"]*\s)/)
    .map((part) => part.split(/[\s"',[\]\\]+/).filter((word) => word !== ""));
  const isOne = (words: readonly string[], wanted: RegExp): boolean => {
    const at = words.findIndex((word) =>
      manager.programs.test(word.replace(/^.*\//, "")),
    );
    const rest = words.slice(at + 1).filter((word) => !word.startsWith("-"));
    return at !== -1 && wanted.test(rest.join(" "));
  };
  const isCleaned =
    calls.some((words) => manager.cleans !== undefined && isOne(words, manager.cleans)) ||
    calls.some((words) =>
      words.some((word) => manager.folders.some((f) => covers(word, f))),
    ) ||
    (manager.flag !== undefined && text.includes(manager.flag.flag));
  if (isCleaned) return [];
  return calls
    .filter((words) => isOne(words, manager.fills))
    .map((words) => ({ run, manager, key: words.join(" ") }));
}
