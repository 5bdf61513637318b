import { hasWork, workThrough } from "../store/queue.ts";
import { applyHandler, waitUntil, type ApplyContext } from "./handler.ts";
import { schedule, type Schedule } from "./schedule.ts";

export interface WaveRun {
  /** Targets at once in this process. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** A person has looked at what stopped the waves and wants to go on. */
  readonly ignoreStop: boolean;
  /** Whether to wait for checks and windows, rather than to end. */
  readonly forever: boolean;
  /** Asks the forges what has become of the requests. */
  readonly refreshAll: () => Promise<void>;
  /** Told what is scheduled, each time. */
  readonly onSchedule: (schedule: Schedule) => Promise<void>;
}

const states = ["planned", "pushed"] as const;

/** Checks take minutes; asking more often costs calls and tells nothing. */
const pause = 60_000;

/**
 * Opens requests wave by wave, until there is nothing that may be done now.
 *
 * @returns What was scheduled last, which says why it ended.
 */
export async function runWaves(context: ApplyContext, run: WaveRun): Promise<Schedule> {
  const { store, campaign } = context;
  const { jobs, signal, forever, ignoreStop } = run;
  const handler = applyHandler(context);
  for (;;) {
    const planned = await schedule(store, campaign, {
      now: Date.now(),
      ignoreStop,
      enqueues: true,
    });
    await run.onSchedule(planned);
    // What another process put into the queue, and died, is in there still.
    if (planned.queued.length > 0 || (await hasWork(store.db, states))) {
      await workThrough(store, { states, handler, concurrency: jobs, signal });
    } else if (forever) {
      await waitUntil(Date.now() + pause, signal).catch(() => undefined);
    } else {
      return planned;
    }
    if (signal.aborted) return planned;
    await run.refreshAll();
  }
}
