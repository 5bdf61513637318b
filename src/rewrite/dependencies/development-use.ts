import { descendants } from "../../dockerfile/reachability.ts";
import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import {
  artisanCommands,
  dependencyManagers,
  indifferentPrograms,
  initPrograms,
  notStarted,
  plainNodeOptions,
  startedScript,
} from "../../knowledge/development-dependencies.ts";
import { simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import { nestedScript } from "../../shell/invocation.ts";
import { parseScript } from "../../shell/parse.ts";
import { readSubcommand } from "../../shell/subcommand.ts";
import { literalValue } from "../../shell/words.ts";
import { runProgram } from "../run-program.ts";
import { leaves, shellText, startsOf } from "../start-command.ts";

/** Whether a command is run by the build or by a container. */
type Phase = "build" | "start";

/**
 * What may need development dependencies once `install` has run: the rest of its RUN, of its
 * stage, and of the stages that have its files, and what their images start. Undefined where
 * nothing does.
 */
export function developmentUse(
  install: SimpleCommand,
  run: Instruction,
  dockerfile: Dockerfile,
): string | undefined {
  if (!run.stage) return undefined;
  const stages = [run.stage, ...descendants(run.stage, dockerfile)];
  for (const stage of stages) {
    for (const instruction of stage.instructions) {
      const isLater = stage !== run.stage || instruction.index >= run.index;
      if (instruction.keyword === "ONBUILD")
        return "an image built on this one may need them";
      if (instruction.keyword !== "RUN" || !isLater) continue;
      const after = instruction === run ? install.node.end : 0;
      const use = useInRun(instruction, after, dockerfile);
      if (use !== undefined) return mayNeed(use);
    }
  }
  for (const stage of leaves(stages)) {
    const use = startUse(stage, dockerfile);
    if (use !== undefined) return use;
  }
  return undefined;
}

function mayNeed(command: string): string {
  return `“${command}” may need development dependencies`;
}

function useInRun(
  run: Instruction,
  after: number,
  dockerfile: Dockerfile,
): string | undefined {
  const text = run.json ? shellText(run.json) : undefined;
  const program = text === undefined ? runProgram(run, dockerfile) : undefined;
  if (program?.kind === "opaque") return program.text.slice(0, 60);
  const script = program?.script ?? parseScript(text ?? "", "bash");
  return useIn(
    simpleCommands(script).filter(({ node }) => node.pos >= after),
    script.text,
    "build",
  );
}

/** The text of the first command that may need them. */
function useIn(
  commands: readonly SimpleCommand[],
  text: string,
  phase: Phase,
): string | undefined {
  const command = commands.find((item) => mayUse(item, phase));
  return command && text.slice(command.node.pos, command.node.end);
}

function mayUse(command: SimpleCommand, phase: Phase): boolean {
  const { invocation } = command;
  if (!invocation) return false;
  const { program, args } = invocation;
  if (program === undefined) return true;
  const nested = nestedScript(invocation);
  if (nested !== undefined) return textMayUse(nested, phase);
  if (initPrograms.test(program)) {
    const start = args.findIndex(({ text }) => !text.startsWith("-"));
    const words = start === -1 ? [] : args.slice(start).map(({ text }) => text);
    return words.length > 0 && textMayUse(words.join(" "), phase);
  }
  const values = args.map((arg) => literalValue(arg) ?? "$");
  const manager = dependencyManagers.find(({ programs }) => programs.test(program));
  if (manager) {
    if (/^(-v|--version)$/.test(values[0] ?? "")) return false;
    const isGlobal = values.some((value) =>
      /^(-g|--global|--location=global)$/.test(value),
    );
    if (isGlobal) return false;
    const hasSubcommand = values.some((value) => !value.startsWith("-"));
    const name = readSubcommand(args, manager.valueOptions)?.name;
    return (
      phase === "start" || !manager.harmless.test(name ?? (hasSubcommand ? "$" : ""))
    );
  }
  if (program === "node" || program === "nodejs") return nodeMayUse(values, phase);
  if (program === "pm2-runtime" || program === "pm2" || program === "forever")
    return phase === "build" || !values.some((value) => /\.([cm]?js|json)$/.test(value));
  if (program === "php")
    return values[0] !== "artisan" || !artisanCommands.test(values[1] ?? "");
  return !indifferentPrograms.test(program);
}

function nodeMayUse(values: readonly string[], phase: Phase): boolean {
  if (values.length > 0 && values.every((value) => /^(-v|--version)$/.test(value)))
    return false;
  const script = values.findIndex((value) => !plainNodeOptions.test(value));
  const name = values[script] ?? "";
  return phase === "build" || !startedScript.test(name) || notStarted.test(name);
}

function textMayUse(text: string, phase: Phase): boolean {
  const script = parseScript(text, "bash");
  return (
    script.unreadable !== undefined ||
    useIn(simpleCommands(script), script.text, phase) !== undefined
  );
}

/** Why the container of a stage may need them, or why that can't be told. */
function startUse(stage: Stage, dockerfile: Dockerfile): string | undefined {
  const { start, health } = startsOf(dockerfile)(stage);
  if (start === undefined) return "the file doesn't say what the image starts";
  for (const text of [start, health ?? ""]) {
    if (textMayUse(text, "start")) return mayNeed(text.slice(0, 60));
  }
  return undefined;
}
