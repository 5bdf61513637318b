import type { CommandArgument } from "unbash";
import { oncePer } from "../../dockerfile/once-per.ts";
import { stateBefore } from "../../dockerfile/state.ts";
import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import {
  aptRpmImages,
  companions,
  environments,
  losses,
  recommendsPrograms,
  type RecommendsProgram,
} from "../../knowledge/apt-recommends.ts";
import { isSureToRun, simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import type { Script } from "../../shell/parse.ts";
import { readSubcommand, type Subcommand } from "../../shell/subcommand.ts";
import { literalValue } from "../../shell/words.ts";
import { rootImage } from "../root-image.ts";
import { runProgram, type ScriptProgram } from "../run-program.ts";

/** A call of apt that may bring recommended packages into the image. */
export interface RecommendsCall {
  readonly manager: RecommendsProgram;
  readonly command: SimpleCommand;
  readonly subcommand: Subcommand;
  readonly packages: readonly NamedPackage[];
  /** A variable, a file or a command names further ones. */
  readonly hasMore: boolean;
}

interface NamedPackage {
  readonly word: CommandArgument;
  /** Without version, release and architecture. */
  readonly name: string;
}

/** Returns undefined for anything but an install of packages. */
export function readRecommendsCall(command: SimpleCommand): RecommendsCall | undefined {
  const call = readAptCall(command);
  if (call?.subcommand.name !== "install") return undefined;
  const { manager, subcommand } = call;
  const isIdle = subcommand.others.some(({ text }) => manager.idleOptions.test(text));
  return isIdle ? undefined : call;
}

function readAptCall(command: SimpleCommand): RecommendsCall | undefined {
  const { program, args = [] } = command.invocation ?? {};
  const manager =
    program === undefined
      ? undefined
      : recommendsPrograms.find(({ programs }) => programs.test(program));
  const subcommand = manager && readSubcommand(args, manager.valueOptions);
  if (!subcommand) return undefined;
  const packages = packagesIn(subcommand.others, manager.valueOptions);
  const hasMore =
    subcommand.others.some(hasExpansion) ||
    (command.invocation?.prefixes.includes("xargs") ?? false);
  return { manager, command, subcommand, packages, hasMore };
}

function hasExpansion({ text }: CommandArgument): boolean {
  return /[$`]/.test(text);
}

function packagesIn(
  words: readonly CommandArgument[],
  valueOptions: readonly string[],
): NamedPackage[] {
  return words.flatMap((word, index) => {
    // `curl=7.*` is a glob for the shell.
    const value = literalValue(word) ?? (hasExpansion(word) ? undefined : word.text);
    const isValue = valueOptions.includes(words[index - 1]?.text ?? "");
    if (value === undefined || value.startsWith("-") || isValue) return [];
    return [{ word, name: value.replace(/[=:].*$|(?<=^[^/]+)\/.*$/, "") }];
  });
}

/** Packages that a command takes off the image again. */
export function removedPackages(command: SimpleCommand): string[] {
  const call = readAptCall(command);
  return call && /^(remove|purge|autoremove)$/.test(call.subcommand.name)
    ? call.packages.map(({ name }) => name)
    : [];
}

/** Whether the call decides about recommended packages itself. */
export function decidesAlready(
  { manager, subcommand }: RecommendsCall,
  run: Instruction,
  { script }: ScriptProgram,
  dockerfile: Dockerfile,
): boolean {
  return subcommand.others.some((arg) => {
    if (manager.decidingOptions.test(arg.text)) return true;
    if (literalValue(arg) !== undefined) return false;
    const { env, args } = stateBefore(run, dockerfile);
    return [...arg.text.matchAll(/\$\{?(\w+)/g)].some(
      ([, name = ""]) =>
        /recommends/i.test(`${env.get(name) ?? ""} ${args.get(name) ?? ""}`) ||
        new RegExp(`\\b${name}\\+?=[^;&|]*recommends`, "i").test(script.text),
    );
  });
}

/** Why a call has to go on installing recommended packages. */
export function whyRecommends(
  { packages }: RecommendsCall,
  run: Instruction,
  { script }: ScriptProgram,
  dockerfile: Dockerfile,
): string | undefined {
  const image = run.stage && rootImage(run.stage);
  if (image && aptRpmImages.test(image.resolved ?? image.text))
    return `${image.text} has an apt-get without --no-install-recommends`;
  const environment = packages.find(({ name }) => environments.test(name));
  if (environment)
    return `${environment.name} only recommends much of what it stands for`;
  if (/(^|[\s;&|{(])(apt|apt-get|aptitude)\s*\(\s*\)/.test(script.text))
    return "apt is a function of the script";
  for (let { stage } = run; stage;) {
    const configured = knownOf(dockerfile).get(stage)?.configured;
    if (configured && configured.index <= run.index) return configured.reason;
    stage = stage.base.kind === "stage" ? stage.base.stage : undefined;
  }
  return undefined;
}

/** A package to name because another one fails without it. */
export interface Kept {
  readonly name: string;
  /** The package that recommends it. */
  readonly by: NamedPackage;
  readonly purpose: string;
}

/**
 * Recommended packages that this call has to name, in the order of the text.
 *
 * @param earlier packages that calls before it install or have to name
 */
export function keptPackages(
  { packages }: RecommendsCall,
  earlier: ReadonlySet<string>,
  run: Instruction,
  dockerfile: Dockerfile,
): Kept[] {
  const names = new Set([...packages.map(({ name }) => name), ...earlier]);
  const isNamed = (test: (name: string) => boolean): boolean =>
    [...names].some(test) || isInstalledBefore(run, test, dockerfile);
  const kept: Kept[] = [];
  const visit = (name: string, by: NamedPackage): void => {
    for (const { of, unless, where, ...companion } of companions) {
      if (!of.test(name) || (where && !where.test(dockerfile.text))) continue;
      if (unless && isNamed((other) => other !== name && unless.test(other))) continue;
      for (const wanted of companion.names) {
        if (isNamed((other) => other === wanted)) continue;
        names.add(wanted);
        kept.push({ name: wanted, by, purpose: companion.purpose });
        visit(wanted, by);
      }
    }
  };
  for (const by of packages) visit(by.name, by);
  return kept;
}

/** What the packages of a call lose that somebody may miss, as sentences' ends. */
export function lossesOf({ packages }: RecommendsCall): string[] {
  return packages.flatMap(({ name }) =>
    losses.filter(({ of }) => of.test(name)).map(({ lost }) => `${name} without ${lost}`),
  );
}

/** What a stage's RUNs have said about apt. */
interface Known {
  /** Index of the instruction that first names a package which stays. */
  readonly installed: ReadonlyMap<string, number>;
  /** The first instruction that decides about recommended packages for all calls. */
  readonly configured: { readonly index: number; readonly reason: string } | undefined;
}

function isInstalledBefore(
  run: Instruction,
  test: (name: string) => boolean,
  dockerfile: Dockerfile,
): boolean {
  for (let { stage } = run; stage;) {
    for (const [name, index] of knownOf(dockerfile).get(stage)?.installed ?? [])
      if (index < run.index && test(name)) return true;
    stage = stage.base.kind === "stage" ? stage.base.stage : undefined;
  }
  return false;
}

const knownOf = oncePer(
  (dockerfile: Dockerfile): ReadonlyMap<Stage, Known> =>
    new Map(dockerfile.stages.map((stage) => [stage, readStage(stage, dockerfile)])),
);

function readStage(stage: Stage, dockerfile: Dockerfile): Known {
  const installed = new Map<string, number>();
  let configured: Known["configured"];
  for (const instruction of stage.instructions) {
    const { index } = instruction;
    const reason = whyConfigured(instruction, dockerfile);
    if (reason !== undefined) configured ??= { index, reason };
    for (const name of installedBy(instruction, dockerfile))
      if (!installed.has(name)) installed.set(name, index);
  }
  return { installed, configured };
}

/** Packages that a RUN installs and doesn't remove again. */
function installedBy(instruction: Instruction, dockerfile: Dockerfile): string[] {
  const script = scriptOf(instruction, dockerfile);
  if (!script?.text.includes("apt")) return [];
  const commands = simpleCommands(script);
  const removed = new Set(commands.flatMap(removedPackages));
  return commands
    .filter((command) => isSureToRun(command, script))
    .flatMap((command) => readRecommendsCall(command)?.packages ?? [])
    .flatMap(({ name }) => (removed.has(name) ? [] : [name]));
}

function scriptOf(run: Instruction, dockerfile: Dockerfile): Script | undefined {
  if (run.keyword !== "RUN") return undefined;
  const program = runProgram(run, dockerfile);
  return program.kind === "script" ? program.script : undefined;
}

function whyConfigured(
  instruction: Instruction,
  dockerfile: Dockerfile,
): string | undefined {
  const { keyword, body, heredocs } = instruction;
  const isCopy = keyword === "COPY" || keyword === "ADD";
  if (isCopy && /apt\.conf|etc\/apt\/?["\s]|[\s"]\/?etc\/?["\]\s]*$/.test(body.text))
    return "a copied file may set APT::Install-Recommends";
  if ((keyword === "ENV" || keyword === "ARG") && /\bAPT_CONFIG\b/.test(body.text))
    return "APT_CONFIG may set APT::Install-Recommends";
  if (heredocs.length > 0 && body.text.includes("apt.conf"))
    return "a heredoc may set APT::Install-Recommends";
  if (keyword !== "RUN" || !setting.test(body.text)) return undefined;
  const script = scriptOf(instruction, dockerfile);
  const isSet = script
    ? simpleCommands(script).some(
        (command) =>
          readAptCall(command) === undefined &&
          setting.test(script.text.slice(command.node.pos, command.node.end)),
      )
    : true;
  return isSet ? "the file sets APT::Install-Recommends" : undefined;
}

const setting = /APT::(Get::)?Install-Recommends/i;
