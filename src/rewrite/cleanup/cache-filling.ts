import type { Command, SyntaxNode } from "unbash";
import { oncePer } from "../../dockerfile/once-per.ts";
import { descendants } from "../../dockerfile/reachability.ts";
import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import { movesCache } from "../../knowledge/manager-calls.ts";
import {
  hasNoCache,
  hasOldTool,
  mayInstallOldConda,
} from "../../knowledge/old-releases.ts";
import type { PackageManager } from "../../knowledge/package-managers.ts";
import { simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import type { Invocation } from "../../shell/invocation.ts";
import { parseScript, type Script } from "../../shell/parse.ts";
import { literalValue } from "../../shell/words.ts";
import { cacheRole } from "./list-readers.ts";
import { covers, hasMountOver } from "../cache-mounts/cache-mounts.ts";
import { homeOf, whyNotHere } from "./cleanup-rights.ts";
import { mayBeOld } from "../cache-flags/flag-addition.ts";
import { whyKeptForBuilds } from "./later-builds.ts";
import { commandsWithNested, type NestedCommand } from "./nested-commands.ts";
import { packagedPlace } from "./packaged-place.ts";
import { rootImage } from "../root-image.ts";
import { runProgram, type ScriptProgram } from "../run-program.ts";
import { isYarn1 } from "../yarn-version.ts";

/** A RUN that leaves a package manager's cache behind. */
export interface Filling {
  readonly manager: PackageManager;
  /** Of the manager's clean-ups, the one that can be given here. */
  readonly cleanup: readonly string[];
  /** The commands that fill the cache. */
  readonly fills: readonly NestedCommand[];
  /** All commands of the manager, these among them. */
  readonly calls: readonly NestedCommand[];
  /** The last one of them: the clean-up goes by its name and its rights. */
  readonly last: NestedCommand;
  /** Whether a part of the script is or contains a command that the clean-up must follow. */
  readonly concerns: (node: SyntaxNode) => boolean;
}

/** What the script leaves in the cache, or why there is nothing to do about it. */
export function readFilling(
  run: Instruction,
  { script }: ScriptProgram,
  manager: PackageManager,
  dockerfile: Dockerfile,
): Filling | string | undefined {
  const { id } = manager;
  const commands = commandsWithNested(script);
  const fills = leftFilled(script, manager);
  const last = fills.at(-1);
  if (!last) return undefined;
  const image = run.stage && rootImage(run.stage);
  const { flag } = manager;
  if (manager.isCleanupForOld && !(image && flag && mayBeOld({ ...flag, id }, image)))
    return undefined;
  if (image && hasNoCache(manager, image)) return undefined;
  const isMounted = hasMountOver(run, manager);
  if (manager.leave !== undefined) return isMounted ? undefined : manager.leave;
  if (isMounted) return "its cache is a mount";
  if (isMentioned(run, manager, dockerfile))
    return "something else in the file uses its cache";
  if (commands.some(({ node }) => node.name?.value === "exec"))
    return "its shell is redirected or replaced";
  const isRead = commands.some((command) => {
    const role = cacheRole(command, manager);
    return role === "reads" || role === "may read";
  });
  if (manager.isIndex && !isRead) return "nothing here installs what it fetches";
  if (isHandledElsewhere(script, fills, manager, dockerfile))
    return "its cache was moved or switched off";
  if (id === "go build" && image && hasOldTool(id, image))
    return "its Go may be from before 1.10, which kept none";
  const builds = whyKeptForBuilds(run, script, last, manager, dockerfile);
  if (builds !== undefined) return builds;
  const reason =
    whyNotByItself(fills, last, manager) ??
    whyNotHere(run, script, last, manager, dockerfile);
  if (reason !== undefined && !isRemovable(run, script, last, manager, dockerfile))
    return reason;
  if (manager.id === "yarn" && !isYarn1(run, fills, dockerfile))
    return "it may be Yarn Berry, whose cache is part of the project";
  if (
    manager.id === "conda" &&
    (installsOldConda(dockerfile) || (image && hasOldTool("conda", image)))
  )
    return "this conda is too old for conda clean -f";
  const home = homeOf(run, script, dockerfile) ?? "/root";
  const own = packagedPlace(run, manager, dockerfile)?.cleanup ?? manager.cleanup;
  const cleanup = (
    reason === undefined ? own : (manager.cleanupByPath ?? manager.cleanup)
  ).map((command) => command.replaceAll(" /root/", ` ${home}/`));
  const calls = commands.filter(({ invocation }) =>
    manager.programs.test(invocation?.program ?? ""),
  );
  const concerns = concernsFor(script, manager);
  return { manager, cleanup, fills, calls, last, concerns };
}

/** The commands that fill a manager's cache, if the script doesn't empty it behind them. */
export function leftFilled(
  script: Script,
  manager: PackageManager,
): readonly NestedCommand[] {
  const fills = commandsWithNested(script).filter(
    (command) => cacheRole(command, manager) === "fills",
  );
  const last = fills.at(-1);
  return last && !isCleaned(script, last, manager) ? fills : [];
}

/** Why the manager, where it is asked to clean up itself, can't be called once more. */
function whyNotByItself(
  fills: readonly SimpleCommand[],
  { invocation, isInOwnShell }: NestedCommand,
  manager: PackageManager,
): string | undefined {
  if (!manager.cleanup.some((command) => command.startsWith("{program}")))
    return undefined;
  if (isInOwnShell) return "the shell that runs it may find it where others don't";
  if (fills.some((command) => replacesItself(command.invocation, manager)))
    return "it replaces itself by a version that may not run here";
  if ((invocation?.assignments ?? []).some((name) => !harmlessVariables.has(name)))
    return "it runs with variables of its own";
  if (/^[^/$~]+\//.test(invocation?.programWord.text.replace(/^["']/, "") ?? ""))
    return "it is called by a path that counts from the folder of the moment";
  return undefined;
}

/** Whether the user's own cache can be removed by its path in place of asking the manager. */
function isRemovable(
  run: Instruction,
  script: Script,
  last: SimpleCommand,
  manager: PackageManager,
  dockerfile: Dockerfile,
): boolean {
  return (
    manager.cleanupByPath !== undefined &&
    whyNotHere(run, script, last, { ...manager, rights: "own-home" }, dockerfile) ===
      undefined
  );
}

const installsOldConda = oncePer(({ text }: Dockerfile) => mayInstallOldConda(text));

/** Variables that make no difference to where a program and its cache are. */
const harmlessVariables: ReadonlySet<string> = new Set([
  "CI",
  "DEBIAN_FRONTEND",
  "DISABLE_OPENCOLLECTIVE",
  "NODE_ENV",
]);

/** `npm install -g npm@latest`: the new one may need another Node.js than the image has. */
function replacesItself(
  invocation: SimpleCommand["invocation"],
  manager: PackageManager,
): boolean {
  return (
    manager.id === "npm" &&
    (invocation?.args.some((arg) => /^npm(@.*)?$/.test(arg.text)) ?? false)
  );
}

/** Programs that may name a cache's folder without needing what is in it. */
const indifferentPrograms = /^(rm|find|rmdir|unlink|truncate|mkdir|chmod|chown)$/;

/**
 * Whether an instruction that shares files with the RUN uses the cache's folder for something
 * else than a clean-up: in its stage, in those below it and in those that have its files.
 */
export function isMentioned(
  { stage }: Instruction,
  manager: PackageManager,
  dockerfile: Dockerfile,
): boolean {
  const mentions = mentionsOf(dockerfile)(manager);
  if (mentions.length === 0 || stage === undefined) return mentions.length > 0;
  const related = relatedStages(dockerfile)(stage);
  return mentions.some((other) => other.stage === undefined || related.has(other.stage));
}

const relatedStages = oncePer((dockerfile: Dockerfile) =>
  oncePer((stage: Stage): ReadonlySet<Stage> => {
    const related = new Set([stage, ...descendants(stage, dockerfile)]);
    for (let { base } = stage; base.kind === "stage"; { base } = base.stage)
      related.add(base.stage);
    return related;
  }),
);

const mentionsOf = oncePer((dockerfile: Dockerfile) =>
  oncePer((manager: PackageManager) => findMentions(dockerfile, manager)),
);

function findMentions(
  dockerfile: Dockerfile,
  manager: PackageManager,
): readonly Instruction[] {
  const { text, instructions } = dockerfile;
  const isNamed = (part: string): boolean =>
    manager.folders.some(
      (folder) =>
        /^[/~]/.test(folder) &&
        (folder.includes("*")
          ? includesAny(part, folder)
          : includesPath(part, folder.replace(/^~/, ""))),
    ) ||
    (manager.handledByOption?.source.includes("keepcache") === true &&
      part.includes("keepcache"));
  const isInText = isNamed(text);
  return instructions.filter((instruction) => {
    if (copiesFolder(instruction, manager, dockerfile)) return true;
    if (!isInText || !isNamed(text.slice(instruction.range.start, instruction.range.end)))
      return false;
    if (instruction.keyword !== "RUN") return true;
    const program = runProgram(instruction, dockerfile);
    if (program.kind !== "script") return true;
    const { script } = program;
    return simpleCommands(script).some(
      ({ node, invocation }) =>
        isNamed(script.text.slice(node.pos, node.end)) &&
        !indifferentPrograms.test(invocation?.program ?? "") &&
        !isRemovalWritten(invocation, isNamed),
    );
  });
}

/** Whether a text that is written into a script names the folder for its removal only. */
function isRemovalWritten(
  invocation: Invocation | undefined,
  isNamed: (text: string) => boolean,
): boolean {
  if (!/^(echo|printf)$/.test(invocation?.program ?? "")) return false;
  const texts = (invocation?.args ?? []).map((arg) => literalValue(arg) ?? arg.text);
  return texts.filter(isNamed).every((text) => {
    const script = parseScript(text, "bash");
    const commands = simpleCommands(script);
    return (
      script.unreadable === undefined &&
      commands.length > 0 &&
      commands.every(
        ({ node, invocation: inner }) =>
          !isNamed(script.text.slice(node.pos, node.end)) ||
          (inner?.program === "rm" &&
            inner.args.some((arg) => /^-[a-zA-Z]*f/.test(arg.text))),
      )
    );
  });
}

/** Whether a command takes a copy of a folder that the cache is in: `cp -r ~/.cache /srv`. */
function copiesFolder(
  run: Instruction,
  { folders }: PackageManager,
  dockerfile: Dockerfile,
): boolean {
  if (run.keyword !== "RUN" || !copying.test(run.body.text)) return false;
  const program = runProgram(run, dockerfile);
  if (program.kind !== "script") return false;
  const isWithin = ({ text }: { readonly text: string }): boolean =>
    folders.some((folder) => covers(text, folder));
  return simpleCommands(program.script).some(({ invocation }) => {
    const { program: name = "", args = [] } = invocation ?? {};
    // The last word is where the copy goes.
    return copying.test(name) && args.slice(0, -1).some(isWithin);
  });
}

const copying = /\b(cp|mv|rsync)\b/;

/** Whether a text has this path or one inside it, and no longer name that starts like it. */
function includesPath(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at !== -1; at = text.indexOf(path, at + 1)) {
    if (!/[\w.-]/.test(text[at + path.length] ?? "")) return true;
  }
  return false;
}

/** The same for a path with a `*` in it. */
function includesAny(text: string, path: string): boolean {
  const [start = "", end = ""] = path.split("*");
  for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, at + 1)) {
    const name = /^[^\s/]*/.exec(text.slice(at + start.length))?.[0] ?? "";
    if (includesPath(text.slice(at), `${start}${name}${end}`)) return true;
  }
  return false;
}

/** A clean-up by any spelling behind the last install, or a script that is named for it. */
export function isCleaned(
  script: Script,
  last: SimpleCommand,
  manager: PackageManager,
): boolean {
  return commandsWithNested(script).some((command) => {
    const { invocation, node } = command;
    if (node.pos < last.node.pos || !invocation) return false;
    if (cacheRole(command, manager) === "cleans") return true;
    const { program = "" } = invocation;
    if (/clean/i.test(program)) return true;
    return (
      ["rm", "find", "rmdir", "unlink", "truncate"].includes(program) &&
      invocation.args.some((arg) =>
        manager.folders.some((folder) => covers(arg.text, folder)),
      )
    );
  });
}

export function isHandledElsewhere(
  script: Script,
  fills: readonly SimpleCommand[],
  manager: PackageManager,
  dockerfile: Dockerfile,
): boolean {
  if (
    fills.some(
      ({ invocation }) => invocation !== undefined && movesCache(invocation, manager),
    )
  )
    return true;
  // Where its settings are known, only those that concern the cache count.
  const isConfigured = simpleCommands(script).some(
    ({ invocation }) =>
      !manager.settings &&
      manager.programs.test(invocation?.program ?? "") &&
      /^config$/.test(invocation?.args[0]?.text ?? ""),
  );
  if (isConfigured) return true;
  return namesSetting(dockerfile)(manager);
}

const namesSetting = oncePer(({ text }: Dockerfile) =>
  oncePer(
    ({ variables, settings }: PackageManager) =>
      variables.some((name) => text.includes(name)) || settings?.test(text) === true,
  ),
);

/** Commands of the manager, and calls of functions that run one. */
export function concernsFor(
  script: Script,
  manager: PackageManager,
): (node: SyntaxNode) => boolean {
  const commands = commandsWithNested(script);
  const isOfManager = (command: SimpleCommand): boolean => {
    const role = cacheRole(command, manager);
    return role !== undefined && role !== "cleans";
  };
  const functions = new Set(
    commands
      .filter(isOfManager)
      .flatMap(({ ancestors }) =>
        ancestors.flatMap((node) => (node.type === "Function" ? [node.name.text] : [])),
      ),
  );
  const isCall = ({ name }: Command): boolean =>
    name !== undefined && functions.has(literalValue(name) ?? "");
  const positions = commands
    .filter(
      (command) =>
        (isOfManager(command) || isCall(command.node)) &&
        !command.ancestors.some(({ type }) => type === "Function"),
    )
    .map(({ node }) => node.pos);
  return (node) =>
    positions.some((position) => position >= node.pos && position < node.end);
}
