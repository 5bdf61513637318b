import { stateBefore } from "../dockerfile/state.ts";
import type { BuildState, Dockerfile, Instruction } from "../dockerfile/types.ts";
import type { RunPlace } from "../knowledge/run-scoped.ts";

/** Where a RUN starts, as far as the file tells; looked up only if a command asks for it. */
export function placeOf(run: Instruction, dockerfile: Dockerfile): RunPlace {
  return {
    isAboveWorkdir: (path) => isAbove(path, stateBefore(run, dockerfile)),
    // An image's own user is mostly root.
    isUser: (name) =>
      name === (stateBefore(run, dockerfile).user ?? "root").split(":")[0],
  };
}

function isAbove(path: string, state: BuildState): boolean {
  const { workdir } = state;
  const plain = resolved(path.replace(/["']/g, ""), state).replace(/\/+\*?$/, "");
  if (/^\.{1,2}$/.test(plain)) return true;
  if (workdir === undefined || plain === "") return false;
  if (plain.startsWith("/") || plain.includes("$"))
    return workdir === plain || workdir.startsWith(`${plain}/`);
  // A relative path may count from a folder that an earlier `cd` chose.
  const [first = ""] = plain.split("/");
  return first === ".." || workdir.split("/").includes(first);
}

/** With the variables whose values the file tells. */
function resolved(path: string, { env, args }: BuildState): string {
  return path.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (text, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? "";
      return args.get(name) ?? env.get(name) ?? text;
    },
  );
}
