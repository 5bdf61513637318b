import type { Command, SyntaxNode } from "unbash";
import { stateBefore } from "../dockerfile/state.ts";
import type { Dockerfile, Instruction } from "../dockerfile/types.ts";
import { movesCache } from "../knowledge/manager-calls.ts";
import { hasOldTool, installsOldConda } from "../knowledge/old-releases.ts";
import type { PackageManager } from "../knowledge/package-managers.ts";
import { simpleCommands, type SimpleCommand } from "../shell/commands.ts";
import type { Script } from "../shell/parse.ts";
import { literalValue } from "../shell/words.ts";
import { cacheRole } from "./list-readers.ts";
import { rootImage, type ScriptProgram } from "./run-program.ts";
import { isYarn1 } from "./yarn-version.ts";

/** A RUN that leaves a package manager's cache behind. */
export interface Filling {
  readonly manager: PackageManager;
  /** The last command that fills the cache: the clean-up goes by its name and its rights. */
  readonly last: SimpleCommand;
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
  const commands = simpleCommands(script);
  const fills = commands.filter((command) => cacheRole(command, manager) === "fills");
  const last = fills.at(-1);
  if (!last) return undefined;
  if (isCleaned(script, last, manager)) return undefined;
  if (hasMountOver(run, manager)) return "its cache is a mount";
  if (isHandledElsewhere(run, script, fills, manager, dockerfile))
    return "its cache was moved or switched off";
  if (manager.id === "yarn" && !isYarn1(run, dockerfile))
    return "it may be Yarn Berry, whose cache is part of the project";
  const image = run.stage && rootImage(run.stage);
  const hasOldConda =
    installsOldConda(dockerfile.text) ||
    (image !== undefined && hasOldTool("conda", image));
  if (manager.id === "conda" && hasOldConda)
    return "this conda is too old for conda clean -f";
  return { manager, last, concerns: concernsFor(script, manager) };
}

/** A clean-up by any spelling behind the last install, or a script that is named for it. */
function isCleaned(
  script: Script,
  last: SimpleCommand,
  manager: PackageManager,
): boolean {
  return simpleCommands(script).some((command) => {
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

/** `/var/lib/apt/lists/*`, `/var/lib/apt`, `/var/lib/{apt,dpkg}`, but not `/var/lib/apt2`. */
function covers(argument: string, folder: string): boolean {
  const path = argument.replace(/["']/g, "").replace(/\/*(\*|\{.*|\.)*\/*$/, "");
  return (
    path.length > 1 &&
    (path === folder || path.startsWith(`${folder}/`) || folder.startsWith(`${path}/`))
  );
}

/** Only a cache mount or tmpfs, or whatever else is mounted there, holds the cache then. */
function hasMountOver(run: Instruction, manager: PackageManager): boolean {
  return run.flags.some(({ name, value = "" }) => {
    const target = /(?:^|,)\s*(?:target|dst|destination)=([^,]+)/.exec(value)?.[1];
    if (name !== "mount" || target === undefined) return false;
    return manager.folders.some((folder) => {
      const tail = folder.replace(/^(~|\$HOME)/, "");
      return (
        covers(target, folder) ||
        (tail !== folder && target.replace(/\/$/, "").endsWith(tail))
      );
    });
  });
}

function isHandledElsewhere(
  run: Instruction,
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
  if (manager.variables.length === 0) return false;
  const { env, args } = stateBefore(run, dockerfile);
  return manager.variables.some(
    (name) => env.has(name) || args.has(name) || script.text.includes(name),
  );
}

/** Commands of the manager, and calls of functions that run one. */
function concernsFor(
  script: Script,
  manager: PackageManager,
): (node: SyntaxNode) => boolean {
  const commands = simpleCommands(script);
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
