/** Chooses which commands fail in turn. */
import type { Pair } from "./align.ts";
import type { Stage } from "./plan.ts";

const ASKS = /^(?:grep|egrep|fgrep|which|id|getent|diff|cmp|test|pgrep|file|type)$/;

export type PlacedPair = Pair & { readonly stageIndex: number };

/**
 * Commands of RUNs that the rewrite changed come first, and among them those that scripts
 * ask questions with; the rest in an order that depends on the seed alone.
 */
export function sampleFailures(
  pairs: readonly PlacedPair[],
  before: readonly Stage[],
  after: readonly Stage[],
  limit: number,
  seed: number,
): readonly PlacedPair[] {
  const random = generator(seed);
  const kept = new Set(after.flatMap((stage) => stage.steps.map(stepText)));
  const ranked = pairs
    .filter(({ before: event }) => event.kind !== "kill" && !event.background)
    .map((pair) => {
      const step = before[pair.stageIndex]?.steps[pair.before.stepIndex];
      const changed = step !== undefined && !kept.has(stepText(step));
      const asks = ASKS.test((pair.before.argv[0] ?? "").replace(/^.*\//, ""));
      return { pair, rank: (changed ? 2 : 0) + (asks ? 1 : 0) + random() };
    });
  return ranked
    .sort((a, b) => b.rank - a.rank)
    .slice(0, limit)
    .map(({ pair }) => pair);
}

function stepText(step: Stage["steps"][number]): string {
  return step.kind === "barrier" ? step.text : JSON.stringify(step.command);
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
