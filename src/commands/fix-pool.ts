import { availableParallelism } from "node:os";
import { Worker, type ResourceLimits } from "node:worker_threads";
import { crash, type FileProblem } from "../files/problem.ts";
import type { FixedText } from "./fix-text.ts";
import type { Job } from "./text-fixers.ts";

/** Rewrites texts in threads. */
export interface FixPool {
  readonly add: (jobs: readonly Job[]) => void;
  /** Ends the threads. Jobs that aren't done are resolved with undefined. */
  readonly close: () => void;
}

/** More would need more memory than a tool of this kind should. */
const maxWorkers = 3;

/** Texts in a message: enough that handing them over costs next to nothing. */
const batchSize = 16;

/** Messages per worker: the one that it works on and the next, so that it needn't wait. */
const batchesAhead = 2;

/** UTF-16 units. The memory of the others may not be enough for longer texts. */
const longText = 128 * 1024;

/** The garbage collector takes what it gets; these keep a whole run below 250 MiB. */
const frugal: ResourceLimits = {
  maxYoungGenerationSizeMb: 24,
  maxOldGenerationSizeMb: 96,
};

interface Member {
  readonly worker: Worker;
  readonly queue: Queue;
  /** Sent and not yet answered, oldest first. */
  readonly batches: Job[][];
}

/** Jobs that the same kind of worker does. */
interface Queue {
  readonly waiting: Job[];
  readonly size: number;
  readonly batchSize: number;
  readonly limits: ResourceLimits;
}

/**
 * Makes a pool of one worker for each processor that this thread leaves free. On two
 * processors a second worker made a run of 7,000 files slower, by a fifth, and larger, by
 * 40 MiB: processors that share a core gain little, and the garbage collector has threads
 * of its own. One more, with as much memory as Node gives, is for long texts, and for
 * those on which another one ran out of memory; if it does so, too, the text is given up.
 *
 * @param abandon Takes all jobs that aren't done when the system has no thread to spare;
 *   the pool is of no use any more then.
 * @returns undefined where there is just one processor.
 */
export function makeFixPool(abandon: (jobs: Job[]) => void): FixPool | undefined {
  const size = Math.min(availableParallelism() - 1, maxWorkers);
  if (size < 1) return undefined;
  const many: Queue = { waiting: [], size, batchSize, limits: frugal };
  const single: Queue = { waiting: [], size: 1, batchSize: 1, limits: {} };
  const members = new Set<Member>();
  let closed = false;

  const send = (queue: Queue) => {
    const { waiting } = queue;
    const own = [...members].filter((member) => member.queue === queue);
    const wanted = Math.min(queue.size, Math.ceil(waiting.length / queue.batchSize));
    while (own.length < wanted) {
      const member = start(queue);
      if (member === undefined) return;
      own.push(member);
    }
    for (let ahead = 1; ahead <= batchesAhead; ahead += 1) {
      for (const { worker, batches } of own) {
        if (waiting.length === 0) return;
        if (batches.length >= ahead) continue;
        const batch = waiting.splice(0, queue.batchSize);
        batches.push(batch);
        worker.postMessage(batch.map(({ task }) => task));
      }
    }
  };

  const start = (queue: Queue): Member | undefined => {
    let worker: Worker;
    try {
      worker = new Worker(new URL("./fix-worker.ts", import.meta.url), {
        resourceLimits: queue.limits,
        // What Node was told to load beforehand has no business in each thread.
        execArgv: [],
      });
    } catch {
      abandon(drop());
      return undefined;
    }
    const member: Member = { worker, queue, batches: [] };
    members.add(member);
    worker.on("message", (results: readonly (FixedText | FileProblem)[]) => {
      member.batches.shift()?.forEach(({ resolve }, index) => {
        resolve(results[index]);
      });
      if (!closed) send(queue);
    });
    let isOutOfMemory = false;
    worker.on("error", (error: NodeJS.ErrnoException) => {
      isOutOfMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
    });
    worker.on("exit", () => {
      if (closed) return;
      if (isOutOfMemory) {
        members.delete(member);
        putBack(member);
        send(queue);
      } else {
        abandon(drop());
      }
    });
    return member;
  };

  /** Of a worker whose memory is used up: the first batch is the one it was at. */
  const putBack = ({ queue, batches: [atHand = [], ...others] }: Member) => {
    queue.waiting.unshift(...others.flat());
    if (queue === single) {
      const problem = crash("rewriting it takes more memory than there is");
      for (const { resolve } of atHand) resolve(problem);
    } else {
      single.waiting.push(...atHand);
      send(single);
    }
  };

  /** Ends all workers and returns what isn't done. */
  const drop = (): Job[] => {
    closed = true;
    const sent = [...members].flatMap(({ batches }) => batches.flat());
    for (const { worker } of members) void worker.terminate();
    return [...sent, ...many.waiting, ...single.waiting];
  };

  return {
    add(jobs) {
      for (const job of jobs) {
        (job.task.text.length > longText ? single : many).waiting.push(job);
      }
      send(many);
      if (!closed) send(single);
    },
    close() {
      for (const { resolve } of drop()) resolve(undefined);
    },
  };
}
