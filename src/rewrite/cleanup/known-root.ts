import type { SyntaxNode } from "unbash";
import { oncePer } from "../../dockerfile/once-per.ts";
import { stateBefore } from "../../dockerfile/state.ts";
import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import { runsAsRoot } from "../../knowledge/base-users.ts";
import { succeedsForRootAlone } from "../../knowledge/root-commands.ts";
import { mayLeave, simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import type { Script } from "../../shell/parse.ts";
import { rootImage } from "../root-image.ts";
import { runProgram } from "../run-program.ts";
import { succeedsOnlyWith } from "../../shell/sure-success.ts";

/** How it is known that root runs a RUN: by its name, or by what it can do. */
export type KnownBy = "name" | "deed";

/**
 * Whether root runs a RUN: by USER, by an image that is known, or because a RUN of the same
 * user does what only root can. If it isn't root, that RUN fails the build in any case.
 */
export function rootKnownBy(
  run: Instruction,
  dockerfile: Dockerfile,
): KnownBy | undefined {
  const { user } = stateBefore(run, dockerfile);
  if (user !== undefined) return /^(root|0)(:(root|0))?$/.test(user) ? "name" : undefined;
  const { stage } = run;
  const image = stage && rootImage(stage);
  if (image && runsAsRoot(image)) return "name";
  return stage && startsAsRoot(dockerfile)(stage) ? "deed" : undefined;
}

/** Whether the user of the base image does what only root can, in the stage or below it. */
const startsAsRoot = oncePer((dockerfile: Dockerfile) =>
  oncePer((stage: Stage): boolean => {
    for (let current: Stage | undefined = stage; current;) {
      const isProven = current.instructions.some(
        (run) =>
          run.keyword === "RUN" &&
          run.flags.length === 0 &&
          stateBefore(run, dockerfile).user === undefined &&
          isRootsRun(run, dockerfile),
      );
      if (isProven) return true;
      current = current.base.kind === "stage" ? current.base.stage : undefined;
    }
    return false;
  }),
);

function isRootsRun(run: Instruction, dockerfile: Dockerfile): boolean {
  const program = runProgram(run, dockerfile);
  return program.kind === "script" && needsRoot(program.script);
}

/** Whether the script can't succeed unless a command does that needs root. */
function needsRoot(script: Script): boolean {
  const commands = simpleCommands(script);
  const isDeceptive = commands.some(
    ({ node, ancestors }) =>
      mayLeave(node) ||
      node.name?.value === "alias" ||
      ancestors.some(({ type }) => type === "Function"),
  );
  if (isDeceptive) return false;
  const nodes = new Set<SyntaxNode>(
    commands.filter(needsRootItself).map(({ node }) => node),
  );
  const isOne = (node: SyntaxNode): boolean => nodes.has(node);
  const statements = script.tree.commands.filter(({ background }) => !background);
  const last = statements.at(-1);
  if (last === undefined || last !== script.tree.commands.at(-1)) return false;
  return (
    succeedsOnlyWith(last.command, isOne) ||
    (stopsAtErrors(commands) && statements.some(({ command }) => isOne(command)))
  );
}

function needsRootItself({ invocation }: SimpleCommand): boolean {
  const { program, prefixWords = [], args = [] } = invocation ?? {};
  return (
    program !== undefined &&
    prefixWords.length === 0 &&
    succeedsForRootAlone(
      program,
      args.map(({ text }) => text),
    )
  );
}

/** `set -e` in front of everything else, and for good. */
function stopsAtErrors(commands: readonly SimpleCommand[]): boolean {
  const sets = commands.filter(({ node }) => node.name?.value === "set");
  const [first] = sets;
  return (
    first !== undefined &&
    first === commands[0] &&
    sets.length === 1 &&
    /^-[a-z]*e/.test(first.invocation?.args[0]?.text ?? "")
  );
}
