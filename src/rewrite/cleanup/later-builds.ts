import { descendants } from "../../dockerfile/reachability.ts";
import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import type { PackageManager } from "../../knowledge/package-managers.ts";
import { simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import type { Script } from "../../shell/parse.ts";
import { isHidden } from "./hidden-use.ts";
import { cacheRole } from "./list-readers.ts";
import { runProgram } from "../run-program.ts";
import { leaves, startsOf } from "../start-command.ts";

/**
 * Why a cache of compiled code may still be of use behind the last command that fills it:
 * something later builds or may build, or the image is one to build in.
 */
export function whyKeptForBuilds(
  run: Instruction,
  script: Script,
  last: SimpleCommand,
  manager: PackageManager,
  dockerfile: Dockerfile,
): string | undefined {
  const { stage } = run;
  const { wantedBy } = manager;
  if (!wantedBy || !stage) return undefined;
  const mayBuild = (command: SimpleCommand): boolean =>
    cacheRole(command, manager) === "fills" ||
    isHidden(command, manager) ||
    wantedBy.test(command.invocation?.program ?? "");
  const isBuildBehind = simpleCommands(script).some(
    (command) => command.node.pos > last.node.pos && mayBuild(command),
  );
  if (isBuildBehind) return "a later command of the RUN may build with it";
  const stages = [stage, ...descendants(stage, dockerfile)];
  const later = stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ index, keyword }) => index > run.index && /^(RUN|ONBUILD)$/.test(keyword));
  const isBuiltLater = later.some((instruction) => {
    const program =
      instruction.keyword === "RUN" ? runProgram(instruction, dockerfile) : undefined;
    return program?.kind === "script"
      ? simpleCommands(program.script).some(mayBuild)
      : namesBuilder(dockerfile.text.slice(...bounds(instruction)), manager);
  });
  if (isBuiltLater) return "a later RUN may build with it";
  const isStarted = leaves(stages).every((other) => {
    const { start, health = "" } = startsOf(dockerfile)(other);
    return (
      start !== undefined &&
      isProgram(start) &&
      !namesBuilder(`${start} ${health}`, manager)
    );
  });
  return isStarted ? undefined : "what starts in the image may build with it";
}

function bounds({ range }: Instruction): [start: number, end: number] {
  return [range.start, range.end];
}

/** Not a shell to work in, nor one that only keeps a container alive. */
function isProgram(start: string): boolean {
  const [first = ""] = start.split(/\s+/);
  return !/^(.*\/)?((ba|da|a|z)?sh|tail|sleep|cat|true|env|tini|su|gosu|sudo|dumb-init)$/.test(
    first,
  );
}

/** Whether a text names the manager, a program that builds, or a script that may. */
function namesBuilder(text: string, { programs, wantedBy }: PackageManager): boolean {
  return text.split(/[\s"',;&|()[\]]+/).some((word) => {
    const name = word.replace(/^.*\//, "");
    return (
      programs.test(name) ||
      wantedBy?.test(name) === true ||
      /\.(ba)?sh$|entrypoint|^(start|run|script|dind$)/.test(name)
    );
  });
}
