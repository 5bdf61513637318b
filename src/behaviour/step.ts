import { stateKey, type ShellState } from "./state.ts";

/**
 * One thing that the build does, and what it does next depending on the outcome. Two builds
 * behave the same if their first steps have equal labels and equal parts, and pairwise the
 * same goes for the steps that their edges lead to.
 */
export interface Step {
  /** What is executed, and all that the execution depends on besides `words`. */
  readonly label: string;
  /** Source text of a simple command's words, assignments and redirections, in order. */
  readonly words: readonly string[];
  /** Next steps by outcome; the first one is success. */
  readonly edges: readonly Next[];
  /** First steps of what runs inside: pipeline elements, loop bodies. */
  readonly parts: readonly Next[];
  /** Something notices each command here, so that this one can't come or go. */
  readonly isWatched?: boolean;
  /** Set on the steps that end a graph: the shell's state at that point. */
  readonly finalState?: ShellState;
}

/** Built when asked for, so that a script of thousands of commands needs no deep stack. */
export type Next = () => Step;

/** What follows a command in a given state of the shell. */
export type Continuation = (state: ShellState) => Step;

/** Where several paths meet in the same state, they share the steps that follow. */
export function memoized(continuation: Continuation): Continuation {
  let latest: { state: ShellState; step: Step } | undefined;
  let steps: Map<string, Step> | undefined;
  return (state) => {
    // Most commands leave the state as it is, so there is mostly one state to remember.
    if (latest?.state === state) return latest.step;
    if (steps === undefined && latest === undefined) {
      latest = { state, step: continuation(state) };
      return latest.step;
    }
    steps ??= new Map(latest && [[stateKey(latest.state), latest.step]]);
    const key = stateKey(state);
    const step = steps.get(key) ?? continuation(state);
    steps.set(key, step);
    return step;
  };
}

export function once(next: Next): Next {
  let step: Step | undefined;
  return () => (step ??= next());
}

/** A continuation that ends the graph. */
export function ending(label: string): Continuation {
  return memoized((state) => ({
    label,
    words: [],
    edges: [],
    parts: [],
    finalState: state,
  }));
}

/** A graph with more steps than this is not worth the time that it takes to prove. */
const stepLimit = 5000;

export class TooComplexError extends Error {}

/** Every step that can be reached, in no particular order; parts are not entered. */
export function reachableSteps(first: Step): Step[] {
  const seen = new Set<Step>([first]);
  for (const step of seen) {
    if (seen.size > stepLimit) throw new TooComplexError();
    for (const next of step.edges) seen.add(next());
  }
  return [...seen];
}
