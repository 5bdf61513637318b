import { readAssignments } from "../dockerfile/assignments.ts";
import { expand } from "../dockerfile/lexer.ts";
import { stateAtEnd, stateBefore } from "../dockerfile/state.ts";
import type { Dockerfile, Instruction, Stage } from "../dockerfile/types.ts";
import { absolutePath } from "./paths.ts";
import type { VariableLookup } from "./word-value.ts";

/** What the base image sets, as far as it matters for builds. */
export interface BaseFacts {
  readonly workdir: string | undefined;
  readonly env: ReadonlyMap<string, string>;
}

/** What applies at a point of a stage, with what is known of its base image. */
export interface Surroundings {
  /** The working directory; undefined where the file doesn't tell it. */
  readonly folder: string | undefined;
  /** ENV and the base image's variables; an ARG has no value, because the build may set it. */
  readonly variable: VariableLookup;
}

/**
 * Works out what applies in a stage.
 *
 * @param instructions all that it consists of
 * @returns a function of one of these, or of undefined for the stage's end
 */
export function readSurroundings(
  instructions: readonly Instruction[],
  stage: Stage,
  dockerfile: Dockerfile,
  base: BaseFacts,
): (instruction: Instruction | undefined) => Surroundings {
  // Only values that the state of the file alone doesn't have, because they build on the
  // base image's.
  const own = new Map<string, string | undefined>();
  let folder = base.workdir;
  const all: Surroundings[] = [];
  const push = (state: ReturnType<typeof stateAtEnd>): void => {
    const values = new Map(own);
    all.push({
      folder,
      variable: (name) => {
        if (state.args.has(name) && !state.env.has(name)) return undefined;
        if (values.has(name)) return values.get(name);
        return state.env.has(name) ? state.env.get(name) : base.env.get(name);
      },
    });
  };
  for (const instruction of instructions) {
    push(stateBefore(instruction, dockerfile));
    const before = all.at(-1);
    if (!before) continue;
    const resolve = (text: string): string | undefined =>
      expand(text, dockerfile.escape, before.variable);
    const { keyword, body } = instruction;
    if (keyword === "WORKDIR") {
      const target = resolve(body.text.trim());
      folder = target === undefined ? undefined : absolutePath(target, folder);
    } else if (keyword === "ENV") {
      const assignments = readAssignments("ENV", body.text, dockerfile.escape);
      if (typeof assignments === "string") continue;
      const values = assignments.map(
        ({ name, value }) => [name, resolve(value ?? "")] as const,
      );
      for (const [name, value] of values) own.set(name, value);
    } else if (keyword === "ARG") {
      for (const name of own.keys())
        if (new RegExp(`(^|\\s)${name}(=|\\s|$)`).test(body.text))
          own.set(name, undefined);
    }
  }
  push(stateAtEnd(stage, dockerfile));
  const places = new Map(instructions.map((item, index) => [item, index]));
  return (instruction) => {
    const found = instruction ? all[places.get(instruction) ?? -1] : all.at(-1);
    return found ?? { folder: undefined, variable: () => undefined };
  };
}
