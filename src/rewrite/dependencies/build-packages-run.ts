import type { CommandArgument } from "unbash";
import { descendants } from "../../dockerfile/reachability.ts";
import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import {
  buildPackages,
  extensionBuilders,
  runtimePrograms,
  type BuildPackages,
} from "../../knowledge/build-packages.ts";
import {
  indifferentPrograms,
  initPrograms,
} from "../../knowledge/development-dependencies.ts";
import { isSureToRun, simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import { parseScript, type Script } from "../../shell/parse.ts";
import { readSubcommand, type Subcommand } from "../../shell/subcommand.ts";
import { literalValue } from "../../shell/words.ts";
import { rootImage } from "../root-image.ts";
import { runProgram, type ScriptProgram } from "../run-program.ts";
import { leaves, startsOf } from "../start-command.ts";

/** An install of packages that only the builders further down in the same RUN need. */
export interface BuildInstall {
  readonly manager: BuildPackages;
  readonly command: SimpleCommand;
  readonly packages: readonly { readonly name: string; readonly word: CommandArgument }[];
  /** The last command that may build with them. */
  readonly lastBuilder: SimpleCommand;
  /** `sudo ` where the install has it. */
  readonly rights: string;
}

/** Returns undefined where no builder follows an install; else the install, or why it stays. */
export function readBuildInstall(
  run: Instruction,
  { script }: ScriptProgram,
  dockerfile: Dockerfile,
):
  | BuildInstall
  | { readonly command: SimpleCommand; readonly reason: string }
  | undefined {
  const commands = simpleCommands(script);
  const lastBuilder = commands.findLast(isBuilder);
  const calls = commands.flatMap((command) => readCall(command) ?? []);
  const installs = calls.filter(
    ({ manager, subcommand, packages }) =>
      manager.installs.test(subcommand.name) && packages.length > 0,
  );
  const [install, another] = installs;
  if (!install || !lastBuilder || lastBuilder.node.pos < install.command.node.pos)
    return undefined;
  const { manager, command, packages, subcommand } = install;
  if (subcommand.others.some(({ text }) => manager.otherOptions.test(text)))
    return undefined;
  const isRemoved = calls.some((call) => call.manager.removes.test(call.subcommand.name));
  if (isRemoved) return undefined;
  const rights = rightsOf(command);
  const reason =
    rights === undefined
      ? "it runs with rights that the removal could not have"
      : another
        ? "several calls install such packages"
        : whyKept(run, command, script, manager, dockerfile);
  return reason === undefined
    ? { manager, command, packages, lastBuilder, rights: rights ?? "" }
    : { command, reason };
}

interface Call {
  readonly manager: BuildPackages;
  readonly command: SimpleCommand;
  readonly subcommand: Subcommand;
  /** Packages that only builds need. */
  readonly packages: BuildInstall["packages"];
}

function readCall(command: SimpleCommand): Call | undefined {
  const { program, args = [] } = command.invocation ?? {};
  const manager = buildPackages.find(({ programs }) => programs.test(program ?? ""));
  const subcommand = manager && readSubcommand(args, manager.valueOptions);
  if (!subcommand) return undefined;
  const packages = subcommand.others.flatMap((word) => {
    const name = literalValue(word);
    return name !== undefined && manager.packages.test(name) ? [{ name, word }] : [];
  });
  return { manager, command, subcommand, packages };
}

function isBuilder({ invocation }: SimpleCommand): boolean {
  const { program = "", args = [] } = invocation ?? {};
  const module = args.findIndex(({ text }) => text === "-m");
  const isPip =
    /^python[\d.]*$/.test(program) && /^pip$/.test(args[module + 1]?.text ?? "");
  const own = isPip && module !== -1 ? args.slice(module + 2) : args;
  const builder = extensionBuilders.find(({ programs }) =>
    programs.test(isPip ? "pip" : program),
  );
  if (!builder) return false;
  const name = readSubcommand(own)?.name;
  return name !== undefined && builder.subcommands.test(name);
}

function rightsOf({ invocation }: SimpleCommand): string | undefined {
  const { prefixes = [], prefixWords = [] } = invocation ?? {};
  if (prefixes.every((name) => /^(env|eatmydata|nice|time)$/.test(name))) return "";
  const isSudo = prefixes.length === 1 && prefixes[0] === "sudo";
  return isSudo && prefixWords.every(({ text }) => /^(sudo|-[EHn]+)$/.test(text))
    ? "sudo "
    : undefined;
}

/** Why the packages of an install have to stay. */
function whyKept(
  run: Instruction,
  install: SimpleCommand,
  script: Script,
  manager: BuildPackages,
  dockerfile: Dockerfile,
): string | undefined {
  const { stage } = run;
  const image = stage && rootImage(stage);
  if (!stage || !image) return "what the image has otherwise isn't known";
  const isOfficial =
    image.registry === undefined && !(image.repository ?? "/").includes("/");
  const reference = `${image.repository ?? ""}:${image.tag ?? "latest"}`;
  if (!isOfficial || !manager.bareImages.test(reference))
    return `${image.text} may come with such packages itself`;
  const inRun = simpleCommands(script).filter(({ node }) => node.pos > install.node.pos);
  const steps = [install, ...inRun.filter(isBuilder)];
  if (!steps.every((step) => isSureToRun(step, script)))
    return "it depends on a condition";
  const user = inRun.find((command) => !isBuilder(command) && !isIndifferent(command));
  if (user) return mayUse(textOf(user, run.body.text));
  const dependent = run.body.text
    .split(/[\s;&|]+/)
    .find((word) => manager.dependents.some((names) => names.test(word)));
  if (dependent !== undefined) return `${dependent} needs some of them`;
  const stages = [stage, ...descendants(stage, dockerfile)];
  for (const instruction of [...stages, ...basesOf(stage)].flatMap(
    ({ instructions }) => instructions,
  )) {
    if (instruction === run || !/^(RUN|ONBUILD)$/.test(instruction.keyword)) continue;
    const use = useIn(instruction, instruction.index < run.index, manager, dockerfile);
    if (use !== undefined) return use;
  }
  for (const leaf of leaves(stages)) {
    const { start, health } = startsOf(dockerfile)(leaf);
    if (start === undefined) return "the file doesn't say what the image starts";
    if (![start, health ?? ""].every(isRuntime)) return mayUse(start);
  }
  return undefined;
}

function basesOf({ base }: Stage): Stage[] {
  return base.kind === "stage" ? [base.stage, ...basesOf(base.stage)] : [];
}

function mayUse(command: string): string {
  return `“${command.slice(0, 60)}” may use them`;
}

function textOf({ node }: SimpleCommand, text: string): string {
  return text.slice(node.pos, node.end);
}

/** A RUN above only matters where it installs the same; one below where it may build. */
function useIn(
  run: Instruction,
  isAbove: boolean,
  manager: BuildPackages,
  dockerfile: Dockerfile,
): string | undefined {
  const program = runProgram(run, dockerfile);
  if (program.kind === "opaque" || run.keyword === "ONBUILD")
    return isAbove
      ? undefined
      : mayUse(dockerfile.text.slice(run.range.start, run.range.end));
  const commands = simpleCommands(program.script);
  const installed = commands.find((command) => {
    const call = readCall(command);
    return call?.manager === manager && call.packages.length > 0;
  });
  if (installed)
    return `“${textOf(installed, program.script.text)}” installs some of them, too`;
  const user = isAbove ? undefined : commands.find((command) => !isIndifferent(command));
  return user && mayUse(textOf(user, program.script.text));
}

function isIndifferent(command: SimpleCommand): boolean {
  const { invocation } = command;
  if (!invocation) return true;
  const { program } = invocation;
  if (program === undefined || isBuilder(command)) return false;
  // What these build or hold is found in their own rules.
  if (/^(gem|pecl|pear|docker-php-ext-(configure|install)|pip[\d.]*)$/.test(program))
    return !(program + invocation.args.map(({ text }) => text).join(" ")).includes(
      "install",
    );
  return indifferentPrograms.test(program) || isOnlyAsked(command);
}

/** `python --version`, `npm cache clean`, `python -m venv /venv`, `. /venv/bin/activate`. */
function isOnlyAsked({ invocation }: SimpleCommand): boolean {
  const { program = "", args = [] } = invocation ?? {};
  if (program === ".") return /\bactivate$/.test(args[0]?.text ?? "");
  if (args[0]?.text === "-m") return /^(venv|virtualenv)$/.test(args[1]?.text ?? "");
  return (
    /^(python[\d.]*|node|npm|yarn|bundle)$/.test(program) &&
    /^(-V|-v|--version|cache|config)$/.test(args[0]?.text ?? "")
  );
}

function isRuntime(text: string): boolean {
  const script = parseScript(text, "bash");
  return (
    script.unreadable === undefined &&
    simpleCommands(script).every(({ invocation }) => {
      const { program = "", args = [] } = invocation ?? {};
      if (!invocation || runtimePrograms.test(program)) return true;
      const start = args.findIndex(({ text: word }) => !word.startsWith("-"));
      const rest =
        start === -1
          ? ""
          : args
              .slice(start)
              .map(({ text: word }) => word)
              .join(" ");
      return initPrograms.test(program) && isRuntime(rest);
    })
  );
}
