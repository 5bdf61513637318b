/**
 * Decides whether two Dockerfiles behave the same, by executing every RUN of both with a
 * real shell and stubs in place of the commands: see README.md beside this file.
 */
import { withoutPrefix } from "./cleanup.ts";
import type { AddedUpdate, Comparison } from "./compare.ts";
import { withoutFailed } from "./apt-update.ts";
import { compareBuilds, compareConfigurations, compareDirectives } from "./compare.ts";
import type { Build, BuildEvent, Failure, RunCache, World } from "./execute.ts";
import { executePlan, PLAIN_WORLD } from "./execute.ts";
import type { Runner } from "./native.ts";
import type { Stage } from "./plan.ts";
import { planStages } from "./plan.ts";
import { readDockerfile } from "./reader.ts";
import { sampleFailures, type PlacedPair } from "./sample.ts";
import { missingShells, needsPosixBash } from "./shells.ts";
import type { Verdict } from "./verdict.ts";
import { describeEvent } from "./verdict.ts";
import { kinderWorld, otherWorld } from "./world.ts";

export interface OracleOptions {
  /** How many commands fail in turn, chosen by `seed`. Default: each one. */
  readonly failures?: number;
  readonly seed?: number;
}

export async function compareDockerfiles(
  before: string,
  after: string,
  runner: Runner,
  { failures = Infinity, seed = 1 }: OracleOptions = {},
): Promise<Verdict> {
  const missing = missingShells();
  if (missing !== undefined) return { kind: "skipped", reason: missing };
  const readBefore = readDockerfile(before);
  if (!readBefore.ok) return { kind: "skipped", reason: readBefore.reason };
  const readAfter = readDockerfile(after);
  // A rewrite of a good file has to be a good file.
  if (!readAfter.ok)
    return decided("it is read", {
      equal: false,
      difference: {
        summary: "the rewritten file isn't a Dockerfile",
        before: "a Dockerfile",
        after: readAfter.reason,
        details: [],
      },
    });
  const one = planStages(readBefore.instructions, readBefore.escape);
  const two = planStages(readAfter.instructions, readAfter.escape);
  const unlike =
    compareDirectives(readBefore.directives, readAfter.directives) ??
    compareConfigurations(one, two);
  if (unlike && !unlike.equal) return decided("it is read", unlike);

  const judge = (posixBash: boolean) =>
    judgePlans(one, two, { runner, posixBash, failures, seed });
  const wanted = [...one, ...two].some((stage) =>
    stage.steps.some((step) => step.kind === "run" && needsPosixBash(step.command)),
  );
  return (
    (await judge(wanted)) ??
    (await judge(true)) ?? {
      kind: "skipped",
      reason: "a script that no shell here reads",
    }
  );
}

interface JudgeContext {
  readonly runner: Runner;
  readonly posixBash: boolean;
  readonly failures: number;
  readonly seed: number;
}

/** `undefined`: dash stands in for a shell that reads more. */
async function judgePlans(
  one: readonly Stage[],
  two: readonly Stage[],
  { runner, posixBash, failures, seed }: JudgeContext,
): Promise<Verdict | undefined> {
  const cache: RunCache = new Map();
  const execute = (stages: readonly Stage[], world: World, failure?: Failure) =>
    executePlan(stages, { runner, cache, posixBash, world, failure });
  const compare = (a: Build, b: Build) =>
    compareBuilds({ stages: one, build: a }, { stages: two, build: b });

  const plainBefore = await execute(one, PLAIN_WORLD);
  if (!posixBash && isForeignToDash(plainBefore)) return undefined;

  const programs = new Set<string>();
  // Failures are tried where the builds get furthest.
  let best: Best | undefined;
  const visit = async (world: World, situation: string): Promise<Visit> => {
    const build = world === PLAIN_WORLD ? plainBefore : await execute(one, world);
    const rewritten = await execute(two, world);
    // Where a loop is stopped is chance.
    if (build.endless && rewritten.endless) return { build };
    const result = compare(build, rewritten);
    if (!result.equal) return { build, verdict: decided(situation, result) };
    for (const { argv } of result.added) addPrograms(argv, programs);
    if (!best || result.pairs.length > best.pairs.length)
      best = { world, pairs: result.pairs, updates: result.updates, build };
    return { build };
  };
  const plain = await visit(PLAIN_WORLD, "every command succeeds");
  if (plain.verdict) return plain.verdict;
  const questioned = otherWorld([...one, ...two]);
  if (questioned) {
    const { verdict } = await visit(
      questioned,
      "tests of files and commands are answered the other way",
    );
    if (verdict) return verdict;
  }
  let build = plainBefore;
  let world = kinderWorld(PLAIN_WORLD, build);
  for (let tries = 0; world && tries < 8; tries++) {
    const visited = await visit(world, "commands answer what scripts expect");
    if (visited.verdict) return visited.verdict;
    build = visited.build;
    world = kinderWorld(world, build);
  }

  if (!best) return { kind: "skipped", reason: "a RUN doesn't end with stubs" };
  const injectInto = async (
    { world: into, pairs, updates }: Best,
    also = "",
  ): Promise<Verdict | number> => {
    const chosen = sampleFailures(pairs, one, two, failures, seed);
    const failing = (stages: readonly Stage[], stageIndex: number, event: BuildEvent) => {
      const { stepIndex, key, nth } = event;
      return execute(stages, into, { stageIndex, stepIndex, key, nth });
    };
    // A repeated update has to fail as the install does that it comes in front of.
    for (const { update, reader } of updates) {
      const { stageIndex } = reader;
      const fails = async (stages: readonly Stage[], event: BuildEvent) =>
        withoutFailed(await failing(stages, stageIndex, event), stageIndex, event);
      const result = compare(await fails(one, reader.before), await fails(two, update));
      if (!result.equal) return decided(`${describeEvent(update)} fails${also}`, result);
    }
    for (const pair of chosen) {
      const result = compare(
        await failing(one, pair.stageIndex, pair.before),
        await failing(two, pair.stageIndex, pair.after),
      );
      if (!result.equal)
        return decided(`${describeEvent(pair.before)} fails${also}`, result);
    }
    return chosen.length;
  };
  const furthest = best;
  const injected = await injectInto(furthest);
  if (typeof injected !== "number") return injected;
  // What is added may not be the first to need a program that an image lacks.
  for (const program of programs) {
    const lacking = `${program} isn't there`;
    const world = { ...furthest.world, absentCommands: [program] };
    const build = await execute(one, world);
    const rewritten = await execute(two, world);
    if (build.endless && rewritten.endless) continue;
    const result = compare(build, rewritten);
    if (!result.equal) return decided(lacking, result);
    const tried = await injectInto(
      { world, pairs: result.pairs, updates: result.updates, build },
      ` and ${lacking}`,
    );
    if (typeof tried !== "number") return tried;
  }
  return {
    kind: "equal",
    events: furthest.pairs.length,
    injected,
    complete: !furthest.build.failure,
  };
}

/** The programs that a clean-up calls, apart from those that each image has. */
function addPrograms(argv: readonly string[], programs: Set<string>): void {
  const [prefix = ""] = argv;
  const [program = ""] = withoutPrefix(argv);
  for (const name of [prefix, program]) if (name !== "rm") programs.add(name);
}

interface Best {
  readonly world: World;
  readonly pairs: readonly PlacedPair[];
  readonly updates: readonly AddedUpdate[];
  readonly build: Build;
}

interface Visit {
  readonly build: Build;
  readonly verdict?: Verdict;
}

/** A script that dash can't read was written for an image whose `sh` is bash. */
function isForeignToDash({ failure }: Build): boolean {
  return /^\/bin\/sh: \d+: (?:Syntax error|Bad substitution)/m.test(
    failure?.errors ?? "",
  );
}

function decided(situation: string, comparison: Comparison & { equal: false }): Verdict {
  return { kind: "different", difference: { situation, ...comparison.difference } };
}
