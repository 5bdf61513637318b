import type { CommandArgument } from "unbash";
import { stateBefore } from "../../dockerfile/state.ts";
import type { Dockerfile, ImageReference, Instruction } from "../../dockerfile/types.ts";
import {
  dependencyManagers,
  firstNodeWithOmit,
  firstNodeWithOnly,
  nodeCodeNames,
  type DependencyManager,
} from "../../knowledge/development-dependencies.ts";
import { isSureToRun, type SimpleCommand } from "../../shell/commands.ts";
import { readSubcommand } from "../../shell/subcommand.ts";
import { literalValue } from "../../shell/words.ts";
import { developmentUse } from "./development-use.ts";
import { rootImage } from "../root-image.ts";
import type { ScriptProgram } from "../run-program.ts";
import { isYarn1 } from "../yarn-version.ts";

/** A command that installs all dependencies of a project, development's among them. */
export interface DependencyInstall {
  readonly manager: DependencyManager;
  readonly command: SimpleCommand;
  /** The option goes behind this word. */
  readonly word: CommandArgument;
}

/** Returns undefined where an option decides already, or single packages are installed. */
export function readDependencyInstall(
  command: SimpleCommand,
): DependencyInstall | undefined {
  const { program, programWord, args } = command.invocation ?? {};
  if (program === undefined || !programWord || !args) return undefined;
  const manager = dependencyManagers.find(({ programs }) => programs.test(program));
  if (!manager) return undefined;
  const subcommand = readSubcommand(args, manager.valueOptions);
  const others = subcommand ? subcommand.others : args;
  const isPlain = others.every(
    (arg, index) =>
      (literalValue(arg)?.startsWith("-") ?? false) ||
      manager.valueOptions.includes(others[index - 1]?.text ?? ""),
  );
  if (
    !isPlain ||
    !manager.installs.test(subcommand?.name ?? "") ||
    others.some(({ text }) => manager.decidingOptions.test(text))
  )
    return undefined;
  return { manager, command, word: subcommand?.word ?? programWord };
}

/** The option that leaves development dependencies out, or why they stay. */
export function productionFlag(
  install: DependencyInstall,
  run: Instruction,
  program: ScriptProgram,
  dockerfile: Dockerfile,
): { readonly flag: string } | { readonly reason: string } {
  const reason =
    whyDecided(install, run, program, dockerfile) ??
    (isSureToRun(install.command, program.script)
      ? undefined
      : "it depends on a condition") ??
    developmentUse(install.command, run, dockerfile);
  if (reason !== undefined) return { reason };
  const { manager } = install;
  if (manager.id === "yarn" && !isYarn1(run, [install.command], dockerfile))
    return { reason: "it may be Yarn Berry, which has no such option" };
  return manager.flag === undefined ? npmFlag(run, dockerfile) : { flag: manager.flag };
}

/** What decides about development dependencies in place of an option. */
function whyDecided(
  { manager, command }: DependencyInstall,
  run: Instruction,
  { script }: ScriptProgram,
  dockerfile: Dockerfile,
): string | undefined {
  const { env, args } = stateBefore(run, dockerfile);
  const isSet = (name: string): boolean => env.has(name) || args.has(name);
  const variable = manager.variables
    .flatMap((name) => [name, name.toLowerCase()])
    .find(isSet);
  if (variable !== undefined) return `${variable} is set and may decide it`;
  if (manager.readsNodeEnv && isSet("NODE_ENV")) {
    const value = args.has("NODE_ENV") ? undefined : env.get("NODE_ENV");
    return value === "production"
      ? "NODE_ENV=production leaves development dependencies out already"
      : `NODE_ENV is ${value ?? "set to what the file doesn't tell"}`;
  }
  const isSetHere =
    /\b(NODE_ENV|npm_config_\w+|YARN_PRODUCTION|COMPOSER_NO_DEV|APP_ENV)=/i;
  if (isSetHere.test(script.text.slice(0, command.node.end)))
    return "a variable that the RUN sets may decide it";
  if (
    /\b(npm|yarn|pnpm)\s+(config\s+)?set\s+["']?(production|only|omit|include|dev)\b/.test(
      dockerfile.text,
    )
  )
    return "the file configures it";
  return undefined;
}

const anotherNpm =
  /\bnpm@|\s(-g|--global)\s+npm\b|\bnpm\s+(i|install)\s[^&|;\n]*\snpm(\s|$)|\bnvm\s|\bn\s+(\d|lts|latest|stable)/;

/** npm 7 has `--omit=dev`, npm 6 `--only=production`; all before it have `--production`. */
function npmFlag(
  run: Instruction,
  { text }: Dockerfile,
): { readonly flag: string } | { readonly reason: string } {
  const image = run.stage && rootImage(run.stage);
  const major = image && nodeMajor(image);
  if (image === undefined || major === undefined)
    return { reason: `the age of npm in ${image?.text ?? "scratch"} isn't known` };
  if (anotherNpm.test(text)) return { reason: "the file may install another npm" };
  if (major >= firstNodeWithOmit) return { flag: "--omit=dev" };
  return { flag: major >= firstNodeWithOnly ? "--only=production" : "--production" };
}

/** Of Docker's official image; tags without a version are taken to be current. */
function nodeMajor({
  repository,
  registry,
  tag = "latest",
}: ImageReference): number | undefined {
  const isOfficial = registry === undefined || registry === "docker.io";
  if (!isOfficial || !/^(library\/)?node$/.test(repository ?? "")) return undefined;
  const [, digits] = /^v?(\d+)/.exec(tag) ?? [];
  if (digits !== undefined) return Number(digits);
  const codeName = /(?:^|-)([a-z]+)/.exec(tag.replace(/^lts-/, ""))?.[1] ?? "";
  return nodeCodeNames.get(codeName) ?? Infinity;
}
