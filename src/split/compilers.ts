import { compilerBytes } from "../knowledge/compiler-sizes.ts";
import { isRemovedAgain, packageEffect } from "./package-effect.ts";
import type { StageCommand } from "./stage-commands.ts";

export function installsCompiler(command: StageCommand): boolean {
  const effect = packageEffect(command);
  return effect?.kind === "packages" && compilerBytes(effect.names) > 0;
}

/** The compilers that a stage installs: those that are left in it, and those that aren't. */
export function compilersOf(commands: readonly StageCommand[]): {
  readonly kept: readonly string[];
  readonly gone: readonly string[];
} {
  const kept: string[] = [];
  const gone: string[] = [];
  for (const command of commands) {
    const effect = packageEffect(command);
    if (effect?.kind !== "packages") continue;
    const around = commands.filter(({ run }) => run === command.run);
    for (const name of effect.names)
      if (compilerBytes([name]) > 0)
        (isRemovedAgain(name, around) ? gone : kept).push(name);
  }
  return { kept, gone };
}
