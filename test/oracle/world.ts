/**
 * Worlds that two builds are put into. With stubs in place of commands, some scripts stop
 * early because they don't find what they expect; another world lets them go further.
 */
import type { Build, World } from "./execute.ts";
import { PLAIN_WORLD } from "./execute.ts";
import { treeOf } from "./files.ts";
import type { Stage } from "./plan.ts";

/** A variable of the base image that a failed script missed. */
const UNSET =
  /([A-Za-z_]\w*): (?:parameter not set|parameter null or not set|unbound variable)/;

/** A world in which the build might get further than it got in this one. */
export function kinderWorld(world: World, { failure }: Build): World | undefined {
  if (!failure) return undefined;
  const name = UNSET.exec(failure.errors)?.[1];
  if (name !== undefined && !world.env.has(name))
    return { ...world, env: new Map([...world.env, [name, `/of-base/${name}`]]) };
  return world.sameAnswers ? undefined : { ...world, sameAnswers: true };
}

/**
 * The world in which questions about files and commands get the other answer; `undefined`
 * where no script asks.
 */
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
    ...PLAIN_WORLD,
    absentCommands: [...commands],
    tree: treeOf(plainFiles.sort(), [...folders].sort()),
  };
}
