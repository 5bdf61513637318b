/** Executes a plan: what a build would do, with no command doing anything. */
import { createHash } from "node:crypto";
import type { FileTree } from "./files.ts";
import { EMPTY_TREE, readTree, writeTree } from "./files.ts";
import type { Runner } from "./native.ts";
import type { RunStep, Stage } from "./plan.ts";
import { shellCall } from "./shells.ts";
import type { ShellEvent } from "./trace.ts";
import { readTrace } from "./trace.ts";

export interface BuildEvent extends ShellEvent {
  readonly line: number;
  readonly stepIndex: number;
  readonly user: string;
  readonly flags: readonly string[];
  /** What the RUN says. */
  readonly script: string;
  /** All of the exported environment, in one canonical text. */
  readonly fullEnvironment: string;
}

export type Item =
  | { readonly type: "barrier"; readonly line: number; readonly text: string }
  | { readonly type: "event"; readonly line: number; readonly event: BuildEvent };

export interface StageResult {
  readonly items: readonly Item[];
  readonly tree: FileTree;
  /** What builtins of the shell printed. */
  readonly output: string;
  readonly hasBackground: boolean;
}

export interface Build {
  readonly stages: readonly StageResult[];
  readonly failure:
    | { readonly line: number; readonly status: number; readonly errors: string }
    | undefined;
  /** A RUN that doesn't end, or not in a reasonable number of commands. */
  readonly endless: { readonly line: number } | undefined;
  readonly injected: boolean;
}

/** The n-th event with this key in one RUN fails. */
export interface Failure {
  readonly stageIndex: number;
  readonly stepIndex: number;
  readonly key: string;
  readonly nth: number;
}

/** What the world looks like that both builds are put into. */
export interface World {
  readonly absentCommands: readonly string[];
  readonly tree: FileTree;
  readonly sameAnswers: boolean;
  /** Variables that the base images are taken to have. */
  readonly env: ReadonlyMap<string, string>;
}

export const PLAIN_WORLD: World = {
  absentCommands: [],
  tree: EMPTY_TREE,
  sameAnswers: false,
  env: new Map(),
};

interface RunResult {
  readonly events: readonly ShellEvent[];
  readonly tree: FileTree;
  readonly status: number;
  readonly output: string;
  readonly errors: string;
  readonly endless: boolean;
  readonly injected: boolean;
}

/** Results of RUNs by all that they depend on; good for one pair of Dockerfiles. */
export type RunCache = Map<string, RunResult>;

export interface ExecuteContext {
  readonly runner: Runner;
  readonly cache: RunCache;
  readonly posixBash: boolean;
  readonly world: World;
  readonly failure: Failure | undefined;
}

export async function executePlan(
  stages: readonly Stage[],
  context: ExecuteContext,
): Promise<Build> {
  const results: StageResult[] = [];
  let injected = false;
  for (const [stageIndex, stage] of stages.entries()) {
    const items: Item[] = [];
    let tree =
      (stage.parent === undefined ? undefined : results[stage.parent]?.tree) ??
      context.world.tree;
    let output = "";
    let hasBackground = false;
    const close = () => results.push({ items, tree, output, hasBackground });
    for (const [stepIndex, step] of stage.steps.entries()) {
      if (step.kind === "barrier") {
        items.push({ type: "barrier", line: step.line, text: step.text });
        continue;
      }
      const { failure } = context;
      const here =
        failure?.stageIndex === stageIndex && failure.stepIndex === stepIndex
          ? failure
          : undefined;
      const result = await executeRun(step, tree, here, context);
      for (const event of result.events)
        items.push({
          type: "event",
          line: step.line,
          event: buildEvent(event, step, stepIndex),
        });
      tree = result.tree;
      output += result.output;
      injected ||= result.injected;
      hasBackground ||= result.events.some((event) => event.background);
      if (result.endless || result.status !== 0) {
        close();
        const { status, errors } = result;
        const failed = { line: step.line, status, errors };
        return {
          stages: results,
          failure: failed,
          endless: result.endless ? { line: step.line } : undefined,
          injected,
        };
      }
    }
    close();
  }
  return { stages: results, failure: undefined, endless: undefined, injected };
}

function buildEvent(event: ShellEvent, step: RunStep, stepIndex: number): BuildEvent {
  const { line, user, flags, command } = step;
  const script = command.form === "shell" ? command.script : command.argv.join(" ");
  const fullEnvironment =
    event.kind === "exec" ? environmentText(step.env, event.environment) : "";
  return { ...event, line, stepIndex, user, flags, script, fullEnvironment };
}

function environmentText(
  env: ReadonlyMap<string, string>,
  changes: readonly string[],
): string {
  const values = new Map(env);
  for (const change of changes) {
    const equals = change.indexOf("=");
    const name = change.slice(1, equals);
    if (change.startsWith("+")) values.set(name, change.slice(equals + 1));
    else values.delete(name);
  }
  return [...values]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("\n");
}

/** dash stops a function that calls itself for ever; bash goes on until it is stopped. */
const GAVE_UP = "Maximum function recursion depth";

async function executeRun(
  step: RunStep,
  tree: FileTree,
  failure: Failure | undefined,
  context: ExecuteContext,
): Promise<RunResult> {
  const call = shellCall(step.command, context.posixBash);
  if (!call) return executeOpaque(step, tree, failure);
  const env = [...context.world.env, ...step.env].map(
    ([name, value]) => `${name}=${value}`,
  );
  const request = {
    shell: call.shell,
    argv: call.argv,
    env,
    cwd: step.cwd,
    absentCommands: context.world.absentCommands,
    sameAnswers: context.world.sameAnswers,
    failure,
  };
  const cacheKey = JSON.stringify([
    { ...request, failure: failure && [failure.key, failure.nth] },
    tree.id,
  ]);
  const known = context.cache.get(cacheKey);
  if (known) return known;
  writeTree(context.runner.root, tree);
  const raw = await context.runner.run(request);
  const result = {
    events: readTrace(raw.log, raw.lingered),
    tree: readTree(context.runner.root),
    status: raw.status,
    output: raw.output,
    errors: raw.errors,
    endless: raw.endless || raw.errors.includes(GAVE_UP),
    injected: raw.injected,
  };
  context.cache.set(cacheKey, result);
  return result;
}

/** A RUN that no shell here can look into is one command, to be kept to the letter. */
function executeOpaque(
  step: RunStep,
  tree: FileTree,
  failure: Failure | undefined,
): RunResult {
  const argv =
    step.command.form === "exec"
      ? step.command.argv
      : [...step.command.shell, step.command.script];
  const key = createHash("sha1")
    .update(JSON.stringify([argv, step.cwd]))
    .digest("hex");
  const event: ShellEvent = {
    kind: "exec",
    key,
    nth: 1,
    argv,
    cwd: step.cwd,
    umask: "0022",
    background: false,
    alive: [],
    descriptors: [],
    input: "0",
    ignoredSignals: "0",
    limits: "",
    environment: [],
  };
  const injected = failure?.key === key;
  return {
    events: [event],
    tree,
    status: injected ? 1 : 0,
    output: "",
    errors: "",
    endless: false,
    injected,
  };
}
