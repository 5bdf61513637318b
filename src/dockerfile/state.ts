import { readAssignments } from "./assignments.ts";
import { expand } from "./lexer.ts";
import { oncePer } from "./once-per.ts";
import { lastAtMost } from "./position.ts";
import { declareGlobalArgs } from "./stages.ts";
import type { BuildState, Dockerfile, Instruction, Stage } from "./types.ts";
import { noVariables, type VariableVersion } from "./variables.ts";
import { isWindowsImage } from "./windows.ts";
import { joinWorkdir } from "./workdir.ts";

type Values = ReadonlyMap<string, string | undefined>;

/** Docker's default on Linux (Dockerfile reference, "SHELL"). */
export const defaultShell: readonly string[] = ["/bin/sh", "-c"];

const NOTHING: BuildState = {
  shell: defaultShell,
  user: undefined,
  workdir: undefined,
  env: noVariables(),
  args: noVariables(),
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
    const args = [...globalArgs(dockerfile, instruction.index)];
    return { ...NOTHING, args: assigned(noVariables(), args) };
  }
  const states = stageStates(stage, dockerfile);
  return states[instruction.index - stage.from.index] ?? NOTHING;
}

/** What applies in a container of the stage's image, as far as the file tells. */
export function stateAtEnd(stage: Stage, dockerfile: Dockerfile): BuildState {
  return stageStates(stage, dockerfile).at(-1) ?? NOTHING;
}

/**
 * The shell that runs a RUN in shell form at this point: `stateBefore` without the variables,
 * which take longer to work out and mostly don't matter.
 */
export function shellBefore({ stage, index }: Instruction): BuildState["shell"] {
  if (stage === undefined) return defaultShell;
  const { indices, shells } = shellsSet(stage);
  const last = lastAtMost(indices, index - 1);
  return last === -1 ? initialShell(stage) : shells[last];
}

const shellsSet = oncePer((stage: Stage) => {
  const set = stage.instructions.filter(({ keyword }) => keyword === "SHELL");
  return {
    indices: set.map(({ index }) => index),
    shells: set.map(({ json }) => json ?? defaultShell),
  };
});

const initialShells = new WeakMap<Stage, { readonly shell: BuildState["shell"] }>();

/** The shell that a stage starts with. */
function initialShell(stage: Stage): BuildState["shell"] {
  const above: Stage[] = [];
  let found = initialShells.get(stage);
  for (let current = stage; !found;) {
    above.push(current);
    const { base, platform } = current;
    if (base.kind === "stage") {
      current = base.stage;
      const { shells } = shellsSet(current);
      found = shells.length > 0 ? { shell: shells.at(-1) } : initialShells.get(current);
    } else {
      const isWindows = base.kind === "image" && isWindowsImage(base.image, platform);
      found = { shell: isWindows ? undefined : defaultShell };
    }
  }
  for (const other of above) initialShells.set(other, found);
  return found.shell;
}

/** States before each instruction of a stage, and one after the last. */
const cache = new WeakMap<Stage, readonly OpenState[]>();

function stageStates(stage: Stage, dockerfile: Dockerfile): readonly BuildState[] {
  // Stages can stand on each other by the thousand: no recursion.
  const open: Stage[] = [];
  for (let next: Stage | undefined = stage; next !== undefined;) {
    if (cache.has(next)) break;
    open.push(next);
    next = next.base.kind === "stage" ? next.base.stage : undefined;
  }
  for (const next of open.reverse()) {
    cache.set(next, computeStates(next, dockerfile));
  }
  return cache.get(stage) ?? [];
}

type Assigned = readonly (readonly [name: string, value: string | undefined])[];

/** A state whose variables can be added to. */
interface OpenState extends BuildState {
  readonly env: VariableVersion;
  readonly args: VariableVersion;
}

function computeStates(stage: Stage, dockerfile: Dockerfile): readonly OpenState[] {
  const globals = globalsOfFile(dockerfile);
  let state = initialState(stage);
  const states = [state];
  for (const instruction of stage.instructions) {
    state = stateAfter(instruction, state, globals, dockerfile.escape);
    states.push(state);
  }
  return states;
}

function stateAfter(
  { keyword, body: { text }, json }: Instruction,
  state: OpenState,
  globals: Values,
  escape: string,
): OpenState {
  switch (keyword) {
    case "SHELL":
      return { ...state, shell: json ?? state.shell };
    case "USER":
      return { ...state, user: plainText(text, escape) };
    case "WORKDIR":
      return { ...state, workdir: joinWorkdir(state.workdir, plainText(text, escape)) };
    case "ENV":
      return { ...state, env: assigned(state.env, assignedByEnv(text, state, escape)) };
    case "ARG": {
      const assignments = assignedByArg(text, state, globals, escape);
      // BuildKit sets the variable anew, so the value that ENV gave it is gone for RUN.
      const hidden = assignments.flatMap(([name]) =>
        state.env.has(name) ? [[name, undefined] as const] : [],
      );
      return {
        ...state,
        args: assigned(state.args, assignments),
        env: assigned(state.env, hidden),
      };
    }
    default:
      return state;
  }
}

function assigned(variables: VariableVersion, assignments: Assigned): VariableVersion {
  return assignments.reduce(
    (version, [name, value]) => version.with(name, value),
    variables,
  );
}

function initialState({ base, platform }: Stage): OpenState {
  const nothing = { ...NOTHING, env: noVariables(), args: noVariables() };
  switch (base.kind) {
    case "stage":
      return cache.get(base.stage)?.at(-1) ?? nothing;
    case "scratch":
      return { ...nothing, workdir: "/" };
    case "image":
      return isWindowsImage(base.image, platform)
        ? { ...nothing, shell: undefined }
        : nothing;
  }
}

function assignedByEnv(
  body: string,
  { env, args }: BuildState,
  escape: string,
): Assigned {
  const assignments = readAssignments("ENV", body, escape);
  if (typeof assignments === "string") return [];
  // All assignments of one ENV see the values from before it.
  return assignments.map(({ name, value }) => [
    name,
    expand(value ?? "", escape, (variable) =>
      args.has(variable) ? undefined : env.get(variable),
    ),
  ]);
}

function assignedByArg(
  body: string,
  { env, args }: BuildState,
  globals: Values,
  escape: string,
): Assigned {
  const assignments = readAssignments("ARG", body, escape);
  if (typeof assignments === "string") return [];
  const own = new Map<string, string | undefined>();
  const known = (name: string): string | undefined =>
    own.has(name) ? own.get(name) : args.get(name);
  for (const { name, value } of assignments) {
    own.set(
      name,
      value === undefined
        ? (globals.get(name) ?? known(name))
        : expand(value, escape, (variable) =>
            own.has(variable) || args.has(variable) ? known(variable) : env.get(variable),
          ),
    );
  }
  return [...own];
}

/** The global ARGs that stages can declare again. */
const globalsOfFile = oncePer((dockerfile: Dockerfile) =>
  globalArgs(dockerfile, dockerfile.stages[0]?.from.index ?? 0),
);

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
