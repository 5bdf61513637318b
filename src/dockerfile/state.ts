import { readAssignments } from "./assignments.ts";
import { lex } from "./lexer.ts";
import type { BuildState, Dockerfile, Instruction, Stage } from "./types.ts";
import { declareGlobalArgs } from "./stages.ts";
import { isWindowsImage } from "./windows.ts";
import { joinWorkdir } from "./workdir.ts";

type Values = ReadonlyMap<string, string | undefined>;

/** Docker's default on Linux (Dockerfile reference, "SHELL"). */
export const defaultShell: readonly string[] = ["/bin/sh", "-c"];

const NOTHING: BuildState = {
  shell: defaultShell,
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

/**
 * The shell that runs a RUN in shell form at this point: `stateBefore` without the variables,
 * which take longer to work out and mostly don't matter.
 */
export function shellBefore({ stage, index }: Instruction): BuildState["shell"] {
  for (let current = stage; current !== undefined;) {
    const { base, platform } = current;
    const changed = shellsSet(current).findLast((shell) => shell.index < index);
    if (changed) return changed.json ?? defaultShell;
    if (base.kind === "image" && isWindowsImage(base.image, platform)) return undefined;
    current = base.kind === "stage" ? base.stage : undefined;
  }
  return defaultShell;
}

const shellInstructions = new WeakMap<Stage, readonly Instruction[]>();

function shellsSet(stage: Stage): readonly Instruction[] {
  let shells = shellInstructions.get(stage);
  if (!shells) {
    shells = stage.instructions.filter(({ keyword }) => keyword === "SHELL");
    shellInstructions.set(stage, shells);
  }
  return shells;
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
  for (const next of open.reverse()) {
    cache.set(next, computeStates(next, dockerfile));
  }
  return cache.get(stage) ?? [];
}

type Assigned = readonly (readonly [name: string, value: string | undefined])[];

/** ENV and ARG of a stage in order; a state holds the first few of them. */
interface Timeline {
  readonly base: BuildState;
  readonly env: (readonly [string, string | undefined])[];
  readonly args: (readonly [string, string | undefined])[];
}

function computeStates(stage: Stage, dockerfile: Dockerfile): readonly BuildState[] {
  const { escape } = dockerfile;
  const globals = globalArgs(dockerfile, dockerfile.stages[0]?.from.index ?? 0);
  const base = initialState(stage);
  const timeline: Timeline = { base, env: [], args: [] };
  const values: Variables = { env: new Map(base.env), args: new Map(base.args) };
  let { shell, user, workdir } = base;
  const states = [stateAt(timeline, shell, user, workdir)];
  for (const instruction of stage.instructions) {
    const body = instruction.body.text;
    switch (instruction.keyword) {
      case "SHELL":
        shell = instruction.json ?? shell;
        break;
      case "USER":
        user = plainText(body, escape);
        break;
      case "WORKDIR":
        workdir = joinWorkdir(workdir, plainText(body, escape));
        break;
      case "ENV":
        record(timeline.env, values.env, assignedByEnv(body, values, escape));
        break;
      case "ARG": {
        const assigned = assignedByArg(body, values, globals, escape);
        record(timeline.args, values.args, assigned);
        // BuildKit sets the variable anew, so the value that ENV gave it is gone for RUN.
        const hidden = assigned.filter(([name]) => values.env.has(name));
        record(
          timeline.env,
          values.env,
          hidden.map(([name]) => [name, undefined] as const),
        );
        break;
      }
    }
    states.push(stateAt(timeline, shell, user, workdir));
  }
  // What stages built on this one start from needs no way back through all its bases.
  states[states.length - 1] = { shell, user, workdir, ...values };
  return states;
}

/** The maps are made when asked for: a file may have thousands of ENVs that nobody looks at. */
function stateAt(
  timeline: Timeline,
  shell: BuildState["shell"],
  user: BuildState["user"],
  workdir: BuildState["workdir"],
): BuildState {
  const [envCount, argCount] = [timeline.env.length, timeline.args.length];
  return {
    shell,
    user,
    workdir,
    get env() {
      return new Map([...timeline.base.env, ...timeline.env.slice(0, envCount)]);
    },
    get args() {
      return new Map([...timeline.base.args, ...timeline.args.slice(0, argCount)]);
    },
  };
}

function record(
  events: (readonly [string, string | undefined])[],
  values: Map<string, string | undefined>,
  assigned: Assigned,
): void {
  for (const assignment of assigned) {
    events.push(assignment);
    values.set(...assignment);
  }
}

interface Variables {
  readonly env: Map<string, string | undefined>;
  readonly args: Map<string, string | undefined>;
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

function assignedByEnv(body: string, { env, args }: Variables, escape: string): Assigned {
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
  { env, args }: Variables,
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
