import type { FileProblem } from "../files/problem.ts";
import type { FixPool } from "./fix-pool.ts";
import { fixText, type FixedText, type TextTask } from "./fix-text.ts";

/** What rewrites the texts of a run. */
export interface TextFixers {
  /** Undefined where the run was closed before it came to the text. */
  readonly fixText: (task: TextTask) => Promise<FixedText | FileProblem | undefined>;
  /** Ends all threads; what they haven't finished is dropped. */
  readonly close: () => void;
}

export interface Job {
  readonly task: TextTask;
  readonly resolve: (fixed: FixedText | FileProblem | undefined) => void;
}

/**
 * From so much waiting work on, threads win more time than they take to start and to warm
 * up: so many texts, or so many UTF-16 units.
 */
const manyTexts = 48;
const longTexts = 256 * 1024;

/** Rewrites texts in this thread, and in several others once a lot of them are waiting. */
export function startTextFixers(): TextFixers {
  const waiting: Job[] = [];
  let pool: FixPool | "unwanted" | "impossible" = "unwanted";
  let scheduled = false;
  let closed = false;

  const add = (jobs: readonly Job[]) => {
    waiting.push(...jobs);
    if (closed) {
      close();
    } else if (!scheduled) {
      scheduled = true;
      // After this turn of the event loop, so that texts that come together are seen
      // together, and that signals are handled between two texts.
      setImmediate(() => void work());
    }
  };
  const work = async () => {
    if (pool === "unwanted" && isMuch(waiting)) {
      const { makeFixPool } = await import("./fix-pool.ts");
      const abandon = (jobs: Job[]) => {
        pool = "impossible";
        add(jobs);
      };
      pool = makeFixPool(abandon) ?? "impossible";
    }
    scheduled = false;
    if (closed) {
      close();
    } else if (typeof pool === "object") {
      pool.add(waiting.splice(0));
    } else {
      const job = waiting.shift();
      job?.resolve(fixText(job.task));
      if (waiting.length > 0) add([]);
    }
  };
  const close = () => {
    closed = true;
    if (typeof pool === "object") pool.close();
    for (const { resolve } of waiting.splice(0)) resolve(undefined);
  };

  return {
    fixText: (task) =>
      new Promise((resolve) => {
        add([{ task, resolve }]);
      }),
    close,
  };
}

function isMuch(jobs: readonly Job[]): boolean {
  const length = jobs.reduce((sum, { task }) => sum + task.text.length, 0);
  return jobs.length >= manyTexts || (jobs.length > 1 && length >= longTexts);
}
