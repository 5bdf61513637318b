/** Judges many pairs of Dockerfiles in several processes. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { OracleOptions } from "./oracle.ts";
import type { Verdict } from "./verdict.ts";

export interface Task {
  readonly id: string;
  readonly before: string;
  readonly after: string;
  readonly options: OracleOptions;
}

export interface Judgement {
  readonly id: string;
  readonly verdict: Verdict;
}

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

/**
 * Takes a task whenever a process has nothing to do, so that a generator may make them as
 * they are needed. `onJudgement` gets each judgement as it comes.
 */
export async function judgePairs(
  tasks: Iterable<Task>,
  onJudgement: (judgement: Judgement) => void,
): Promise<void> {
  const queue = tasks[Symbol.iterator]();
  const workers = Math.max(2, availableParallelism());
  await Promise.all(
    Array.from({ length: workers }, () => serveWorker(queue, onJudgement)),
  );
}

function serveWorker(
  queue: Iterator<Task>,
  onJudgement: (judgement: Judgement) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = fork(WORKER, {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // JSON would turn an infinite number of failures into none.
      serialization: "advanced",
    });
    let finished = false;
    const send = () => {
      const next = queue.next();
      if (next.done !== true) {
        worker.send(next.value);
        return;
      }
      finished = true;
      worker.disconnect();
    };
    worker.on("message", (judgement: Judgement) => {
      try {
        onJudgement(judgement);
        send();
      } catch (error) {
        worker.kill();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      if (finished) resolve();
      else reject(new Error(`a process of the oracle ended with status ${code}`));
    });
    send();
  });
}
