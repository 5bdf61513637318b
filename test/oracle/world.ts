/** The world in which a script's questions about files and commands get the other answer. */
import type { World } from "./execute.ts";
import { treeOf } from "./files.ts";
import type { Stage } from "./plan.ts";

/** `undefined` where no script asks. */
export function otherWorld(stages: readonly Stage[]): World | undefined {
  const commands = new Set<string>();
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const stage of stages) {
    for (const step of stage.steps) {
      if (step.kind !== "run") continue;
      const text =
        step.command.form === "shell" ? step.command.script : step.command.argv.join(" ");
      const asked = /\b(?:command\s+-[vV]|type(?:\s+-\w+)?|hash)\s+["']?([\w.+-]+)/g;
      for (const match of text.matchAll(asked)) commands.add(match[1] ?? "");
      const tested = /(?:\[|\btest|\s!|&&|\|\||-[ao])\s+-([efdsrxw])\s+["']?([\w./+-]+)/g;
      for (const match of text.matchAll(tested)) {
        const path = (match[2] ?? "").replace(/\/+$/, "");
        if (path.split("/").some((part) => part === "." || part === "..")) continue;
        if (path === "") continue;
        const full = path.startsWith("/")
          ? path
          : `${step.cwd === "/" ? "" : step.cwd}/${path}`;
        (match[1] === "d" ? folders : files).add(full);
      }
    }
  }
  const below = (path: string) =>
    [...files, ...folders].some((other) => other.startsWith(`${path}/`));
  const plainFiles = [...files].filter((path) => !below(path) && !folders.has(path));
  if (commands.size + plainFiles.length + folders.size === 0) return undefined;
  return {
    absentCommands: [...commands],
    tree: treeOf(plainFiles.sort(), [...folders].sort()),
  };
}
