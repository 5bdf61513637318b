/** Which real shell executes a RUN. */
import { existsSync } from "node:fs";
import type { RunStep } from "./plan.ts";

export interface ShellCall {
  /** Path of the shell on this machine. */
  readonly shell: string;
  readonly argv: readonly string[];
}

const DASH = firstOf("/bin/dash", "/usr/bin/dash", "/usr/local/bin/dash");
const BASH = firstOf("/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash");

function firstOf(...paths: readonly string[]): string | undefined {
  return paths.find((path) => existsSync(path));
}

export function missingShells(): string | undefined {
  if (!DASH) return "dash isn't installed";
  if (!BASH) return "bash isn't installed";
  return undefined;
}

/**
 * `/bin/sh` is dash; where a script relies on `pipefail`, the image's `sh` must be another
 * one, and bash in its POSIX mode stands in for it. `undefined`: no shell that runs here.
 */
export function shellCall(
  command: RunStep["command"],
  posixBash: boolean,
): ShellCall | undefined {
  const argv =
    command.form === "shell" ? [...command.shell, command.script] : [...command.argv];
  const script = argv.findIndex((word, i) => i > 0 && /^-[a-zA-Z]*c$/.test(word)) + 1;
  if (script === 0 || script >= argv.length) return undefined;
  if (command.form === "shell" && script !== argv.length - 1) return undefined;
  const name = (argv[0] ?? "").replace(/^.*\//, "");
  if (name === "bash" && BASH) return { shell: BASH, argv };
  if (!["sh", "dash", "ash"].includes(name)) return undefined;
  const shell = posixBash ? BASH : DASH;
  return shell === undefined ? undefined : { shell, argv: ["/bin/sh", ...argv.slice(1)] };
}

/** Whether a script for `/bin/sh` uses what dash hasn't got. */
export function needsPosixBash(command: RunStep["command"]): boolean {
  const argv =
    command.form === "shell" ? [...command.shell, command.script] : command.argv;
  return (
    /(?:^|\/)(?:sh|ash)$/.test(argv[0] ?? "") &&
    argv.some((word) => word.includes("pipefail"))
  );
}
