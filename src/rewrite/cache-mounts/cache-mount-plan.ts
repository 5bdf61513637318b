import { isDockerSyntax } from "../../dockerfile/directives.ts";
import { hasNoNetwork } from "../../dockerfile/network.ts";
import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import {
  frontendWithoutMounts,
  mountableCaches,
  type KnownUser,
  type MountableCache,
  type MountTarget,
} from "../../knowledge/cache-mount-targets.ts";
import type { PackageManager } from "../../knowledge/package-managers.ts";
import { simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import { literalValue } from "../../shell/words.ts";
import { whyNotInBuildStage } from "./build-stage-cache.ts";
import { buildUser } from "./build-user.ts";
import { isHandledElsewhere, isMentioned } from "../cleanup/cache-filling.ts";
import { isHidden } from "../cleanup/hidden-use.ts";
import { cacheRole, fetchesAnew, laterReader } from "../cleanup/list-readers.ts";
import {
  readCleanup,
  removeCleanups,
  type CleanupRemoval,
  type MountedFolder,
} from "./mount-cleanups.ts";
import { folderState } from "./mount-flags.ts";
import { rootImage } from "../root-image.ts";
import { runProgram, type ScriptProgram } from "../run-program.ts";
import { isYarn1 } from "../yarn-version.ts";

/** What it takes to have a manager's cache in mounts. */
export type MountPlan =
  | { readonly kind: "none" }
  /** The mounts are there, and nothing empties them. */
  | { readonly kind: "mounted" }
  | { readonly kind: "refused"; readonly reason: string }
  | {
      readonly kind: "plan";
      /** Texts of the flags to add. */
      readonly flags: readonly string[];
      readonly removal: CleanupRemoval;
    };

/**
 * Whether a RUN can keep a manager's cache in cache mounts. Such a mount may be empty at any
 * time and hides what is below it, so nothing may rely on the cache: neither this RUN on what
 * was there before it, nor anything later on what it leaves.
 */
export function planCacheMounts(
  run: Instruction,
  program: ScriptProgram,
  manager: PackageManager,
  dockerfile: Dockerfile,
): MountPlan {
  const commands = simpleCommands(program.script);
  const fills = commands.filter((command) => cacheRole(command, manager) === "fills");
  const [first] = fills;
  if (!first) return { kind: "none" };
  const refused = (reason: string): MountPlan => ({ kind: "refused", reason });
  const cache = mountableCaches.find((entry) => entry.manager === manager.id);
  if (!cache) return refused("none is known to be safe for its cache");
  const user = cache.isPerUser ? buildUser(run, dockerfile) : undefined;
  const reason =
    whyNoMount(run, program, cache, manager, dockerfile) ??
    (cache.inBuildStage
      ? whyNotInBuildStage(run, cache, cache.inBuildStage, manager, dockerfile)
      : undefined) ??
    (cache.isPerUser ? whyNotForUser(cache, user, fills) : undefined);
  if (reason !== undefined) return refused(reason);

  const targets = cache.targets.filter((target) => isWorthwhile(target, run, dockerfile));
  const folders = targets.map((target) => mountedFolder(target, manager, user));
  const states = folders.map(({ path }) => folderState(run, path));
  if (states.includes("taken")) return refused("another mount is in the way");
  const removal = removeCleanups(run, program, folders, user?.home, dockerfile);
  if (typeof removal === "string") return refused(removal);
  const flags = targets.flatMap((target, index) =>
    states[index] === "free" ? [flagText(target, manager, user, run)] : [],
  );
  if (flags.length === 0 && removal.edits.length === 0) return { kind: "mounted" };
  if (removesBefore(first, commands, folders, user?.home))
    return refused("it removes what is there before it fetches anew");
  return { kind: "plan", flags, removal };
}

function whyNoMount(
  run: Instruction,
  { script }: ScriptProgram,
  cache: MountableCache,
  manager: PackageManager,
  dockerfile: Dockerfile,
): string | undefined {
  const syntax = dockerfile.directives.find(({ name }) => name === "syntax");
  if (syntax && (!isDockerSyntax(syntax) || frontendWithoutMounts.test(syntax.value)))
    return `the frontend ${syntax.value} may not know mounts; docker/dockerfile:1 does`;
  const commands = simpleCommands(script);
  if (hasNoNetwork(run)) return "without a network it needs what is there";
  if (isMentioned(run, manager, dockerfile))
    return "something else in the file uses its cache";
  const fills = commands.filter((command) => cacheRole(command, manager) === "fills");
  if (
    isHandledElsewhere(script, fills, manager, dockerfile) ||
    fills.some(({ invocation }) =>
      invocation?.args.some(({ text }) => text.startsWith("--installroot")),
    )
  )
    return "its cache was moved or switched off";
  if (manager.id === "yarn" && !isYarn1(run, fills, dockerfile))
    return "it may be Yarn Berry, whose cache is part of the project";
  const image = run.stage && rootImage(run.stage);
  if (image && cache.oldImages?.test(image.resolved ?? image.text))
    return `${image.text} may keep it in another way`;
  if (manager.id === "npm" && commands.some(isOldNpmCleanup))
    return "its npm is from before version 5";
  const other = commands.find((command) => cache.otherUse?.test(callText(command)));
  if (other) return `“${shownText(other)}” uses the same folder`;
  // `rm` of a mount fails, and a script may have one.
  const hidden = commands.find((command) => isHidden(command, manager));
  if (hidden)
    return `“${shownText(hidden)}” may use the folder in a way that isn't shown`;
  const reader = commands.find((command) => {
    return cacheRole(command, manager) === "reads";
  });
  if (manager.isIndex) {
    if (!reader) return "nothing here installs what it fetches";
    const user = commands.find((command) => usesCache(command, manager));
    if (!user || !fetchesAnew(user, manager, script) || mayFailUnseen(user))
      return "it may install from what an earlier RUN or the image has fetched";
  } else if (reader) return `“${shownText(reader)}” relies on what is in its cache`;
  const later = laterReader(run, manager, dockerfile);
  return later && `“${later.command}” may need what would no longer be there`;
}

/** npm 5 and later refuse to clean without `--force` (npm-cache(1)). */
function isOldNpmCleanup(command: SimpleCommand): boolean {
  return (
    /^npm cache (clean|clear|rm|remove)( |$)/.test(callText(command)) &&
    !command.invocation?.args.some(({ text }) => /^(-f|--force)/.test(text))
  );
}

function usesCache(command: SimpleCommand, manager: PackageManager): boolean {
  const role = cacheRole(command, manager);
  return role === "fills" || role === "reads";
}

/** `apt-get update || true`: an older list would do. */
function mayFailUnseen({ node, ancestors }: SimpleCommand): boolean {
  return ancestors.some((ancestor) => {
    if (ancestor.type !== "AndOr") return false;
    const index = ancestor.commands.findIndex(({ end }) => end >= node.end);
    return ancestor.operators[index] === "||";
  });
}

/** The program and its words without options, joined by blanks. */
function callText({ invocation }: SimpleCommand): string {
  if (!invocation) return "";
  const words = invocation.args
    .map((arg) => literalValue(arg) ?? arg.text)
    .filter((word) => !word.startsWith("-"));
  return [invocation.program ?? "", ...words].join(" ");
}

function shownText({ invocation }: SimpleCommand): string {
  const words = invocation ? [invocation.programWord, ...invocation.args] : [];
  return words.map(({ text }) => text).join(" ");
}

/** Commands in front that keep the user, and with it the home. */
const samePerson = /^(env|time|nice|ionice|eatmydata|timeout|command|stdbuf|nohup)$/;

function whyNotForUser(
  cache: MountableCache,
  user: KnownUser | undefined,
  fills: readonly SimpleCommand[],
): string | undefined {
  const isRootOnly = cache.targets.some(({ path }) => !path.startsWith("~"));
  if (!user || (isRootOnly && user.id !== undefined))
    return "where its user keeps the cache is not known";
  const isOther = fills.some(
    ({ invocation }) => !invocation?.prefixes.every((name) => samePerson.test(name)),
  );
  return isOther ? "it runs as somebody else" : undefined;
}

/** Whether the Dockerfile removes what would leave the mount empty. */
function isWorthwhile(
  { without, isPerImage }: MountTarget,
  run: Instruction,
  dockerfile: Dockerfile,
): boolean {
  if (isPerImage && imageName(run) === undefined) return false;
  if (without === undefined) return true;
  if (!dockerfile.text.includes(without)) return false;
  for (let { stage } = run; stage;) {
    const removes = stage.instructions.some((instruction) => {
      if (instruction.keyword !== "RUN" || instruction.index > run.index) return false;
      const program = runProgram(instruction, dockerfile);
      return (
        program.kind === "script" &&
        simpleCommands(program.script).some(
          ({ invocation }) =>
            invocation?.program === "rm" &&
            invocation.args.some((arg) => literalValue(arg) === without),
        )
      );
    });
    if (removes) return true;
    stage = stage.base.kind === "stage" ? stage.base.stage : undefined;
  }
  return false;
}

function mountedFolder(
  { path, emptiedBy }: MountTarget,
  manager: PackageManager,
  user: KnownUser | undefined,
): MountedFolder {
  return {
    path: path.replace(/^~/, user?.home ?? "~"),
    emptiedBy: (command) => {
      const { program } = command.invocation ?? {};
      if (program === undefined || !manager.programs.test(program)) return false;
      if (emptiedBy === undefined) return cacheRole(command, manager) === "cleans";
      return emptiedBy.test(callText(command).slice(program.length + 1));
    },
  };
}

/** `debian-12` for debian:12; undefined where a build argument or only a digest tells. */
function imageName({ stage }: Instruction): string | undefined {
  const image = stage && rootImage(stage);
  if (image?.repository === undefined || image.text.includes("$")) return undefined;
  if (image.tag === undefined && image.digest !== undefined) return undefined;
  const name = [image.registry, image.repository, image.tag ?? "latest"];
  return name
    .filter((part) => part !== undefined)
    .join("-")
    .replace(/[^\w.-]+/g, "-");
}

function flagText(
  { path, isLocked, isPerImage }: MountTarget,
  manager: PackageManager,
  user: KnownUser | undefined,
  run: Instruction,
): string {
  return [
    "--mount=type=cache",
    ...(isPerImage ? [`id=${manager.id}-${imageName(run) ?? ""}`] : []),
    `target=${path.replace(/^~/, user?.home ?? "~")}`,
    ...(isLocked ? ["sharing=locked"] : []),
    ...(user?.id === undefined ? [] : [`uid=${user.id}`, `gid=${user.id}`]),
  ].join(",");
}

/** Whether a folder is emptied in front of the command that fills it. */
function removesBefore(
  first: SimpleCommand,
  commands: readonly SimpleCommand[],
  folders: readonly MountedFolder[],
  home: string | undefined,
): boolean {
  return commands.some(
    (command) =>
      command.node.pos < first.node.pos &&
      readCleanup(command, folders, home) !== undefined,
  );
}
