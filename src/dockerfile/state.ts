import { readAssignments } from "./assignments.ts";
import { lex } from "./lexer.ts";
import type { BuildState, Dockerfile, Instruction, Stage } from "./types.ts";
import { declareGlobalArgs } from "./stages.ts";
import { isWindowsImage } from "./windows.ts";
import { joinWorkdir } from "./workdir.ts";

type Values = ReadonlyMap<string, string | undefined>;

const DEFAULT_SHELL: readonly string[] = ["/bin/sh", "-c"];

const NOTHING: BuildState = {
  shell: DEFAULT_SHELL,
  user: undefined,
  workdir: undefined,
  env: new Map(),
  args: new Map(),
};

/**
 * What applies when `instruction` runs, as far as the file tells.
 *
 * - A stage inherits everything from its base stage, ARGs included: BuildKit keeps them in the
 *   environment that it hands on (docs.docker.com/build/building/variables, “Scoping”).
 * - `ARG name` without a default takes the default of the global ARG of that name.
 * - `user` and `workdir` are as written where they hold variables; a relative `workdir` stays
 *   relative while only the base image knows what it is relative to.
 * - An ENV whose value depends on an ARG has no known value, because `--build-arg` changes it.
 */
export function stateBefore(
  instruction: Instruction,
  dockerfile: Dockerfile,
): BuildState {
  const { stage } = instruction;
  if (stage === undefined) {
    return { ...NOTHING, args: globalArgs(dockerfile, instruction.index) };
  }
  const states = stageStates(stage, dockerfile);
  return states[instruction.index - stage.from.index] ?? NOTHING;
}

/** States before each instruction of a stage, and one after the last. */
const cache = new WeakMap<Stage, readonly BuildState[]>();

function stageStates(stage: Stage, dockerfile: Dockerfile): readonly BuildState[] {
  // Stages can stand on each other by the thousand: no recursion.
  const open: Stage[] = [];
  for (let next: Stage | undefined = stage; next !== undefined;) {
    if (cache.has(next)) break;
    open.push(next);
    next = next.base.kind === "stage" ? next.base.stage : undefined;
  }
  const globals = globalArgs(dockerfile, dockerfile.stages[0]?.from.index ?? 0);
  for (const next of open.reverse()) {
    cache.set(next, computeStates(next, globals, dockerfile.escape));
  }
  return cache.get(stage) ?? [];
}

function computeStates(
  stage: Stage,
  globals: Values,
  escape: string,
): readonly BuildState[] {
  let state = initialState(stage);
  const states = [state];
  for (const instruction of stage.instructions) {
    state = stateAfter(instruction, state, globals, escape);
    states.push(state);
  }
  return states;
}

function initialState({ base, platform }: Stage): BuildState {
  switch (base.kind) {
    case "stage":
      return cache.get(base.stage)?.at(-1) ?? NOTHING;
    case "scratch":
      return { ...NOTHING, workdir: "/" };
    case "image":
      return isWindowsImage(base.image, platform)
        ? { ...NOTHING, shell: undefined }
        : NOTHING;
  }
}

function stateAfter(
  instruction: Instruction,
  state: BuildState,
  globals: Values,
  escape: string,
): BuildState {
  const body = instruction.body.text;
  switch (instruction.keyword) {
    case "SHELL":
      return { ...state, shell: instruction.json ?? state.shell };
    case "USER":
      return { ...state, user: plainText(body, escape) };
    case "WORKDIR":
      return {
        ...state,
        workdir: joinWorkdir(state.workdir, plainText(body, escape)),
      };
    case "ENV":
      return { ...state, env: envAfter(body, state, escape) };
    case "ARG":
      return argAfter(body, state, globals, escape);
    default:
      return state;
  }
}

function envAfter(body: string, state: BuildState, escape: string): Values {
  const assignments = readAssignments("ENV", body, escape);
  if (typeof assignments === "string") return state.env;
  const env = new Map(state.env);
  for (const { name, value } of assignments) {
    // All assignments of one ENV see the values from before it, hence `state.env`.
    const known = expand(value ?? "", escape, (variable) =>
      state.args.has(variable) ? undefined : state.env.get(variable),
    );
    env.set(name, known);
  }
  return env;
}

function argAfter(
  body: string,
  state: BuildState,
  globals: Values,
  escape: string,
): BuildState {
  const assignments = readAssignments("ARG", body, escape);
  if (typeof assignments === "string") return state;
  const args = new Map(state.args);
  let { env } = state;
  for (const { name, value } of assignments) {
    const known =
      value === undefined
        ? (globals.get(name) ?? args.get(name))
        : expand(value, escape, (variable) =>
            args.has(variable) ? args.get(variable) : state.env.get(variable),
          );
    args.set(name, known);
    // BuildKit sets the variable anew, so the value that ENV gave it is gone for RUN.
    if (env.has(name)) env = new Map([...env, [name, undefined]]);
  }
  return { ...state, args, env };
}

/** Expands a value; undefined where a variable in it isn't known. */
function expand(
  text: string,
  escape: string,
  lookup: (name: string) => string | undefined,
): string | undefined {
  const options = { escape, keepQuotes: false, keepEscapes: false, lookup };
  const lexed = lex(text, options);
  return lexed === undefined || lexed.unknown ? undefined : lexed.text;
}

/** Without quotes and escape characters, unless there are variables in it. */
function plainText(text: string, escape: string): string {
  return expand(text, escape, () => undefined) ?? text;
}

function globalArgs({ instructions, escape }: Dockerfile, end: number): Values {
  const globals = new Map<string, string | undefined>();
  for (const instruction of instructions.slice(0, end)) {
    if (instruction.keyword === "ARG") {
      declareGlobalArgs(instruction, globals, escape);
    }
  }
  return globals;
}
