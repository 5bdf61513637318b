import { stateBefore } from "../dockerfile/state.ts";
import type { BuildState, Dockerfile, Instruction } from "../dockerfile/types.ts";
import { baseWorkdir, mayBeWorkdir } from "../knowledge/base-workdirs.ts";
import type { RunPlace } from "../knowledge/run-scoped.ts";
import { rootImage } from "./root-image.ts";

/** Where a RUN starts, as far as the file tells; looked up only if a command asks for it. */
export function placeOf(run: Instruction, dockerfile: Dockerfile): RunPlace {
  return {
    isAboveWorkdir: (path) => isAbove(path, workdirOf(run, dockerfile)),
    // An image's own user is mostly root.
    isUser: (name) =>
      name === (stateBefore(run, dockerfile).user ?? "root").split(":")[0],
  };
}

interface Workdir {
  readonly state: BuildState;
  /** Undefined where only the base image knows it. */
  readonly path: string | undefined;
}

function workdirOf(run: Instruction, dockerfile: Dockerfile): Workdir {
  const state = stateBefore(run, dockerfile);
  if (state.workdir !== undefined) return { state, path: resolved(state.workdir, state) };
  const image = run.stage && rootImage(run.stage);
  return { state, path: image && baseWorkdir(image) };
}

function isAbove(path: string, { state, path: workdir }: Workdir): boolean {
  const plain = resolved(path.replace(/["']/g, ""), state)
    .replace(/\/+\*?$/, "")
    .replace(/^(\.\/)+(?=.)/, "");
  if (/^\.{1,2}$|^\$\{?PWD\}?$/.test(plain)) return true;
  if (plain === "") return false;
  if (workdir === undefined) return mayBeWorkdir(plain);
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
