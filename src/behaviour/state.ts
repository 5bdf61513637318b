import type { ShellOptions } from "../shell/dialect.ts";

/**
 * What a shell process carries from one command to the next. Directory, variables and the
 * like are not evaluated: a number stands for the history of commands that changed them, so
 * equal numbers mean equal contents. 0 is what a new shell starts with.
 */
export interface ShellState {
  readonly options: ShellOptions;
  readonly directory: number;
  readonly variables: number;
  readonly functions: number;
  /** Traps that run when this shell environment ends. */
  readonly traps: number;
  /** Everything else: umask, ulimit, aliases, file descriptors, positional parameters … */
  readonly other: number;
  /**
   * What lasts until the RUN ends, a subshell's end notwithstanding, and what a new RUN would
   * not see: processes, a replaced shell, a removed working directory.
   */
  readonly lingering: number;
  readonly lookups: Lookups;
}

/** What the shell remembers of where programs are, for those that can move. */
export interface Lookups {
  /** Programs that this shell has looked up. */
  readonly remembered: readonly string[];
  /** Of these, the ones that may be elsewhere by now. */
  readonly stale: readonly string[];
  /** Families that were installed anew since this shell environment began. */
  readonly moved: readonly string[];
}

export const noLookups: Lookups = { remembered: [], stale: [], moved: [] };

export type HistoryField = Exclude<keyof ShellState, "options" | "lookups">;

export const historyFields: readonly HistoryField[] = [
  "directory",
  "variables",
  "functions",
  "traps",
  "other",
  "lingering",
];

export function freshState(options: ShellOptions): ShellState {
  return {
    options,
    directory: 0,
    variables: 0,
    functions: 0,
    traps: 0,
    other: 0,
    lingering: 0,
    lookups: noLookups,
  };
}

/** Gives equal histories equal numbers. One instance serves all graphs that are compared. */
export interface Histories {
  append(history: number, event: string): number;
}

export function createHistories(): Histories {
  const numbers = new Map<string, number>();
  return {
    append(history, event) {
      const key = `${history} ${event}`;
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, numbers.size + 1);
      return numbers.size;
    },
  };
}

/** The state after an event that changes these. */
export function withHistory(
  state: ShellState,
  fields: readonly HistoryField[],
  event: string,
  histories: Histories,
): ShellState {
  const after: { -readonly [K in keyof ShellState]: ShellState[K] } = { ...state };
  for (const field of fields) after[field] = histories.append(state[field], event);
  return after;
}

/** Called for each step of a graph, so it makes one text and no lists. */
export function stateKey(state: ShellState): string {
  const { directory, variables, functions, traps, other, lingering, lookups } = state;
  const { errexit, nounset, pipefail, xtrace, verbose } = state.options;
  const places = lookups === noLookups ? "" : JSON.stringify(lookups);
  return `${directory} ${variables} ${functions} ${traps} ${other} ${lingering} ${errexit} ${nounset} ${pipefail} ${xtrace} ${verbose} ${places}`;
}

const unknownOptions: ShellOptions = {
  errexit: "unknown",
  nounset: "unknown",
  pipefail: "unknown",
  xtrace: "unknown",
  verbose: "unknown",
};

export function optionsText({ options }: ShellState): string {
  return Object.values(options).join(" ");
}

/**
 * The state where the options can't be told any more. What they were goes into the history:
 * two shells whose options differed don't become alike by that.
 */
export function withUnknownOptions(state: ShellState, histories: Histories): ShellState {
  const event = `options were ${optionsText(state)}`;
  return { ...withHistory(state, ["other"], event, histories), options: unknownOptions };
}
