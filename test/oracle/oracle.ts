/**
 * Decides whether two Dockerfiles behave the same, by executing every RUN of both with a
 * real shell and stubs in place of the commands: see README.md beside this file.
 */
import type { Comparison } from "./compare.ts";
import { compareBuilds, compareConfigurations } from "./compare.ts";
import type { Build, Failure, RunCache, World } from "./execute.ts";
import { executePlan, PLAIN_WORLD } from "./execute.ts";
import type { Runner } from "./native.ts";
import type { Stage } from "./plan.ts";
import { planStages } from "./plan.ts";
import { readDockerfile } from "./reader.ts";
import { sampleFailures } from "./sample.ts";
import { missingShells, needsPosixBash } from "./shells.ts";
import type { Verdict } from "./verdict.ts";
import { otherWorld } from "./world.ts";

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
  const one = plan(before);
  if (typeof one === "string") return { kind: "skipped", reason: `before: ${one}` };
  const two = plan(after);
  // A rewrite of a good file has to be a good file.
  if (typeof two === "string")
    return decided("it is read", {
      equal: false,
      difference: {
        summary: "the rewritten file isn't a Dockerfile",
        before: "",
        after: two,
        details: [],
      },
    });
  const configuration = compareConfigurations(one, two);
  if (configuration && !configuration.equal) return decided("it is read", configuration);

  const cache: RunCache = new Map();
  const posixBash = [...one, ...two].some((stage) =>
    stage.steps.some((step) => step.kind === "run" && needsPosixBash(step.command)),
  );
  const execute = (stages: readonly Stage[], world: World, failure?: Failure) =>
    executePlan(stages, { runner, cache, posixBash, world, failure });
  const compare = (a: Build, b: Build) =>
    compareBuilds({ stages: one, build: a }, { stages: two, build: b });

  const buildBefore = await execute(one, PLAIN_WORLD);
  const buildAfter = await execute(two, PLAIN_WORLD);
  const endless = buildBefore.endless ?? buildAfter.endless;
  if (endless && buildBefore.endless && buildAfter.endless)
    return { kind: "skipped", reason: "a RUN doesn't end with stubs" };
  const base = compare(buildBefore, buildAfter);
  if (!base.equal) return decided("every command succeeds", base);

  const world = otherWorld([...one, ...two]);
  if (world) {
    const other = compare(await execute(one, world), await execute(two, world));
    if (!other.equal)
      return decided("tests of files and commands are answered the other way", other);
  }

  const chosen = sampleFailures(base.pairs, one, two, failures, seed);
  for (const pair of chosen) {
    const { stageIndex } = pair;
    const failing = async (stages: readonly Stage[], event: typeof pair.before) => {
      const { stepIndex, key, nth } = event;
      return execute(stages, PLAIN_WORLD, { stageIndex, stepIndex, key, nth });
    };
    const result = compare(
      await failing(one, pair.before),
      await failing(two, pair.after),
    );
    if (!result.equal)
      return decided(
        `line ${pair.before.line}: ${[pair.before.kind === "exec" ? "" : pair.before.kind, ...pair.before.argv].join(" ").trim()} fails`,
        result,
      );
  }
  return { kind: "equal", events: base.pairs.length, injected: chosen.length };
}

function plan(text: string): readonly Stage[] | string {
  const reading = readDockerfile(text);
  return reading.ok ? planStages(reading.instructions, reading.escape) : reading.reason;
}

function decided(situation: string, comparison: Comparison & { equal: false }): Verdict {
  return { kind: "different", difference: { situation, ...comparison.difference } };
}
