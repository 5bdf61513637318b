import { managersNamed, type PackageManager } from "../../knowledge/package-managers.ts";
import type { SimpleCommand } from "../../shell/commands.ts";
import type { Invocation } from "../../shell/invocation.ts";
import { cacheRole, mayInstallPackages } from "./list-readers.ts";

/** Whether a command may do something to a manager's cache that the file doesn't show. */
export function isHidden(command: SimpleCommand, manager: PackageManager): boolean {
  const { invocation } = command;
  const isManager = managersNamed(invocation?.program ?? "").length > 0;
  return (
    cacheRole(command, manager) === "may read" ||
    (invocation !== undefined &&
      !isManager &&
      (mayInstallPackages(invocation) || runsScript(invocation)))
  );
}

/** A script of the build may have `rm` of any folder, whatever its name promises. */
function runsScript({ program = "", programWord, args }: Invocation): boolean {
  return (
    /\.(ba)?sh$/.test(programWord.text) ||
    (/^((ba|da|a)?sh|source|\.)$/.test(program) &&
      args.some(({ text }) => !text.startsWith("-")))
  );
}
