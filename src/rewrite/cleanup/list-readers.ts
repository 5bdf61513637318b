import {
  extensionOptions,
  fileTools,
  harmlessDownloads,
  harmlessScripts,
  installingScripts,
  installingTargets,
  listFetchingScripts,
  listReaders,
  otherInstallers,
  taskRunners,
} from "../../knowledge/apt-lists.ts";
import { plainPrograms } from "../../knowledge/cache-flags.ts";
import { roleOf, type Role } from "../../knowledge/manager-calls.ts";
import type { PackageManager } from "../../knowledge/package-managers.ts";
import { isEnvironmentScript } from "../../knowledge/sourced-scripts.ts";
import type { CommandArgument } from "unbash";
import { copiedNames } from "../../dockerfile/copied-names.ts";
import { hasNoNetwork } from "../../dockerfile/network.ts";
import { oncePer } from "../../dockerfile/once-per.ts";
import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import { isSureToRun, simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import { nestedScript, type Invocation } from "../../shell/invocation.ts";
import { parseScript, type Script } from "../../shell/parse.ts";
import { literalValue } from "../../shell/words.ts";
import { covers, hidesCache } from "../cache-mounts/cache-mounts.ts";
import { concernsInstalled } from "./package-removal.ts";
import { runsUnknownInput } from "./piped-script.ts";
import { runProgram } from "../run-program.ts";

/** A command further down that may need what a clean-up removes. */
export interface Reader {
  readonly certainty: "certain" | "possible";
  readonly command: string;
}

/**
 * What a command means for a manager's cache. `may read` is a command whose own actions the
 * Dockerfile doesn't show: a script, a configuration tool.
 */
export function cacheRole(
  command: SimpleCommand,
  manager: PackageManager,
): Role | "may read" | undefined {
  const { invocation } = command;
  if (!invocation) return undefined;
  const role = roleOf(invocation, manager);
  if (needsFiles(invocation, manager)) return "reads";
  if (role !== "reads" && manager.otherReaders?.test(callText(invocation)))
    return "reads";
  if (role === undefined && manager.otherCleanups?.test(callText(invocation)))
    return "cleans";
  if (role !== undefined || manager.id !== "apt") return role;
  const nested = nestedScript(invocation);
  if (nested !== undefined) return roleOfText(nested, manager);
  if (invocation.args.some((arg) => listFetchingScripts.test(arg.text))) return "fills";
  return mayInstallPackages(invocation) || runsUnknownInput(command)
    ? "may read"
    : undefined;
}

/** A script in a script: `su app -c 'npm install'`. It may or may not run to its end. */
function roleOfText(text: string, manager: PackageManager): "may read" | undefined {
  const script = parseScript(text, "bash");
  const isKnown = script.unreadable === undefined && script.tree.commands.length > 0;
  return !isKnown ||
    simpleCommands(script).some((command) => cacheRole(command, manager) !== undefined)
    ? "may read"
    : undefined;
}

const callText = oncePer(({ programWord, args }: Invocation) =>
  [programWord, ...args].map(({ text }) => text).join(" "),
);

/** `rm -r /var/lib/apt/lists/*` fails where nothing is left for its glob; `-f` does not. */
function needsFiles({ program, args }: Invocation, { folders }: PackageManager): boolean {
  if (program !== "rm") return false;
  const texts = args.map(({ text }) => text);
  return (
    !texts.some((text) => /^(-[a-zA-Z]*f|--force)/.test(text)) &&
    texts.some((text) => folders.some((folder) => covers(text, folder)))
  );
}

/**
 * A known program is taken at its word. An unknown one reads the lists if anything in the
 * command speaks of apt or of installing.
 */
export const mayInstallPackages = oncePer((invocation: Invocation): boolean => {
  const { program = "", programWord } = invocation;
  const args = invocation.args.map(plainText);
  const path = plainText(programWord);
  if (invocation.program === undefined) return true;
  if (fileTools.test(program) || (!path.includes("/") && isQuestion(args))) return false;
  if (args.some((text) => /^(apt|apt-get|aptitude)$|[;&|( ]apt(-get|itude)? /.test(text)))
    return true;
  const isSourced = /^(source|\.)$/.test(path);
  const script =
    isSourced || /^(sh|bash|dash|ash)$/.test(path)
      ? args.some((text) => /^-[a-z]*s$/.test(text))
        ? undefined
        : args.find((text) => !text.startsWith("-"))
      : path;
  const isHarmless =
    script !== undefined &&
    (harmlessScripts.test(script) || (isSourced && isEnvironmentScript(script)));
  if (script !== path && isHarmless) return false;
  if (args.some((text) => isInstallingScript(text, program))) return true;
  if (
    !otherInstallers.test(program) &&
    !args.some((text) => extensionOptions.test(text)) &&
    [path, ...args].some((text) => /(^|[^a-z])(apt|install)|_install|PKG/i.test(text)) &&
    !isHarmless
  )
    return true;
  if (listReaders.has(program)) return true;
  if (taskRunners.test(program)) return args.some((text) => installingTargets.test(text));
  if (script === undefined || isHarmless) return false;
  if (script !== path) return true;
  return (
    (script.includes("/") || script.endsWith(".sh")) &&
    !/^\/(usr|bin|sbin)\/|^\/opt\/.*\/s?bin\//.test(script) &&
    !plainPrograms.test(program)
  );
});

function plainText(word: CommandArgument): string {
  return literalValue(word) ?? word.text.replace(/["']/g, "");
}

/** `ansible --version` */
function isQuestion(args: readonly string[]): boolean {
  return args.length > 0 && args.every((text) => /^--?(version|help)$/.test(text));
}

/** `python setup.py` builds a Python package, as pip does that calls it. */
function isInstallingScript(text: string, program: string): boolean {
  const isSetup = /^python[\d.]*$/.test(program) && /(^|\/)setup\.py$/.test(text);
  return installingScripts.test(text) && !isSetup && !harmlessDownloads.test(text);
}

/**
 * The first RUN below that needs the cache as this one leaves it: in the rest of the stage,
 * then in the stages that stand on it or take the cache from it. A RUN that fetches anew
 * ends the search.
 */
export function laterReader(
  { stage, index }: Instruction,
  manager: PackageManager,
  dockerfile: Dockerfile,
): Reader | undefined {
  return stage && readers(dockerfile)(manager).get(stage)?.[index - stage.from.index + 1];
}

/** For each stage, what `laterReader` finds from each of its instructions on, and at its end. */
type Readers = ReadonlyMap<Stage, readonly (Reader | undefined)[]>;

/** From the end of the file, so that each instruction is looked at once. */
const readers = oncePer((dockerfile: Dockerfile) =>
  oncePer((manager: PackageManager): Readers => {
    const found = new Map<Stage, readonly (Reader | undefined)[]>();
    const builtOn = new Map<Stage, Reader | undefined>();
    // By the name or number of the stage that the cache is taken from.
    const takers = new Map<string, Reader | undefined>();
    for (const stage of [...dockerfile.stages].reverse()) {
      let next = surer(
        builtOn.get(stage),
        surer(
          takers.get(String(stage.index)),
          stage.name === undefined ? undefined : takers.get(stage.name),
        ),
      );
      const fromEnd = [next];
      for (const instruction of [...stage.instructions].reverse()) {
        const use = firstUse(instruction, manager, dockerfile);
        next = use === "fetches anew" ? undefined : surer(use, next);
        fromEnd.push(next);
      }
      found.set(stage, fromEnd.reverse());
      const { base } = stage;
      if (base.kind === "stage")
        builtOn.set(base.stage, surer(next, builtOn.get(base.stage)));
      for (const name of cacheSources(stage, manager, dockerfile))
        takers.set(name, surer(next, takers.get(name)));
    }
    return found;
  }),
);

/** The first one, unless only the second is certain. */
function surer(
  first: Reader | undefined,
  second: Reader | undefined,
): Reader | undefined {
  return first && (first.certainty === "certain" || second?.certainty !== "certain")
    ? first
    : second;
}

/**
 * Names and numbers of the stages, in lower case, from which a stage copies or mounts the
 * cache's folder or one above it.
 */
function cacheSources(
  { instructions }: Stage,
  { folders }: PackageManager,
  { text }: Dockerfile,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { keyword, range } of instructions) {
    if (keyword !== "COPY" && keyword !== "RUN") continue;
    const source = text.slice(range.start, range.end);
    if (!/from=/i.test(source)) continue;
    const isTaken = source
      .split(/[\s,="']+/)
      .some((word) => word.startsWith("/") && folders.some((f) => f.startsWith(word)));
    if (!isTaken) continue;
    for (const [, name = ""] of source.matchAll(/from=["']?(?=([^"',\s]*))/gi))
      names.add(name.toLowerCase());
  }
  return names;
}

/** An update of chosen sources alone: `-o Dir::Etc::sourcelist=…`. */
function isPartial({ invocation }: SimpleCommand): boolean {
  return invocation?.args.some(({ text }) => text.includes("Dir::")) ?? false;
}

/** Whether text that isn't read as a script asks a manager to do with its cache. */
function readsInText(
  text: string,
  { programs, readsByOption, otherReaders, reads, isIndex = false }: PackageManager,
): boolean {
  const words = text.split(/[\s"',;&|()[\]]+/);
  const isNamed = words.some((word) => programs.test(word.replace(/^.*\//, "")));
  return (
    (isNamed && words.some((word) => readsByOption?.test(word) ?? false)) ||
    (isNamed && isIndex && words.some((word) => reads?.test(word) ?? false)) ||
    otherReaders?.test(text) === true
  );
}

/** Whether a command fetches everything anew, in any case and for the whole RUN. */
export function fetchesAnew(
  command: SimpleCommand,
  manager: PackageManager,
  script: Script,
): boolean {
  return (
    command.invocation !== undefined &&
    roleOf(command.invocation, manager) === "fills" &&
    isSureToRun(command, script) &&
    !isPartial(command)
  );
}

/** A program from the build context may read what only its own code tells. */
export function isCopiedProgram(
  { invocation }: SimpleCommand,
  manager: PackageManager,
  dockerfile: Dockerfile,
): boolean {
  const { program = "" } = invocation ?? {};
  return (
    manager.id === "apt" &&
    /^\w/.test(program) &&
    !fileTools.test(program) &&
    !otherInstallers.test(program) &&
    !plainPrograms.test(program) &&
    copiedNames(dockerfile).has(program)
  );
}

/** What an instruction does first with what the layers below hold of the cache. */
export function firstUse(
  instruction: Instruction,
  manager: PackageManager,
  dockerfile: Dockerfile,
): Reader | "fetches anew" | undefined {
  const { keyword, range } = instruction;
  // What a mount shows is not what the layers below hold.
  if (hidesCache(instruction, manager)) return undefined;
  if (!/^(RUN|ONBUILD|CMD|ENTRYPOINT)$/.test(keyword)) return undefined;
  const program = keyword === "RUN" ? runProgram(instruction, dockerfile) : undefined;
  if (program?.kind !== "script") {
    // Not readable as a script: its text decides, and in doubt it reads.
    const text = dockerfile.text.slice(range.start, range.end);
    const mayRead =
      manager.id === "apt" ? /\b(apt|aptitude)/.test(text) : readsInText(text, manager);
    return mayRead
      ? { certainty: "certain", command: text.slice(0, 60).replace(/\s+/g, " ") }
      : undefined;
  }
  let possible: Reader | undefined;
  const isOffline = hasNoNetwork(instruction);
  for (const command of simpleCommands(program.script)) {
    if (manager.id === "apt" && concernsInstalled(command, instruction, dockerfile))
      continue;
    const role = cacheRole(command, manager);
    const text = program.script.text.slice(command.node.pos, command.node.end);
    const nested = command.invocation && nestedScript(command.invocation);
    const readsNested =
      nested !== undefined && manager.id !== "apt" && readsInText(nested, manager);
    // Without a network, what a project's own script installs comes from the cache too.
    const readsOffline =
      isOffline && (role === "fills" || (role === "other" && !manager.isIndex));
    if (role === "reads" || readsNested || readsOffline)
      return { certainty: "certain", command: text };
    // An update inside a condition may not run at all, one by a downloaded script may fail
    // unseen behind a pipe.
    if (manager.isIndex && fetchesAnew(command, manager, program.script))
      return possible ?? "fetches anew";
    if (role === "may read" || isCopiedProgram(command, manager, dockerfile))
      possible ??= { certainty: "possible", command: text };
  }
  return possible;
}
