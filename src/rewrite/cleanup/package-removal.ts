import { oncePer } from "../../dockerfile/once-per.ts";
import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import { aptValueOptions } from "../../knowledge/managers/debian.ts";
import { isSureToRun, simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import type { Invocation } from "../../shell/invocation.ts";
import { runProgram } from "../run-program.ts";

const apt = /^(apt|apt-get|aptitude|apt-fast)$/;
const removals = /^(purge|remove|autoremove|autopurge)$/;

/**
 * Whether a command removes or marks packages that the file has installed before it, each by
 * its name. Of any other name apt has to know from its lists that there is such a package:
 * with the lists gone, `apt-get purge` fails where it would say that nothing is installed.
 */
export function concernsInstalled(
  { invocation }: SimpleCommand,
  instruction: Instruction,
  dockerfile: Dockerfile,
): boolean {
  const [action, ...names] = invocation ? operands(invocation) : [];
  const isRemoval = apt.test(invocation?.program ?? "") && removals.test(action ?? "");
  if (!isRemoval && invocation?.program !== "apt-mark") return false;
  const before = installed(dockerfile).filter(({ by }) => by.index < instruction.index);
  return names.every((name) => before.some((one) => one.name === name));
}

interface Installed {
  readonly name: string;
  readonly by: Instruction;
}

const installed = oncePer((dockerfile: Dockerfile): readonly Installed[] =>
  dockerfile.instructions.flatMap((by) => {
    const program = by.keyword === "RUN" ? runProgram(by, dockerfile) : undefined;
    if (program?.kind !== "script") return [];
    return simpleCommands(program.script).flatMap((command) => {
      const { invocation } = command;
      if (!apt.test(invocation?.program ?? "")) return [];
      const [action, ...names] = invocation ? operands(invocation) : [];
      return action === "install" && isSureToRun(command, program.script)
        ? names.map((name) => ({ name, by }))
        : [];
    });
  }),
);

/** The sub-command and the packages, without versions. */
export function operands({ args }: Invocation): string[] {
  return args
    .map(({ text }) => text)
    .filter(
      (text, index, all) =>
        !text.startsWith("-") && !aptValueOptions.includes(all[index - 1] ?? ""),
    )
    .map((text) => text.replace(/=.*$/, ""));
}
