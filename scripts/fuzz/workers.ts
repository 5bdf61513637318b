import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Chunk, ChunkResult } from "../../test/fuzz/chunk.ts";
import type { FuzzOptions } from "./options.ts";
import type { Answer, Order } from "./worker.ts";

const program = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** Small enough that the processes end at about the same time. */
const casesPerChunk = 250;
const failuresPerCase = 3;
/** Trying more of them doesn't make a failing case much smaller. */
const shrinksPerFailure = 300;

/**
 * Deals the cases out to one process per processor, in chunks with seeds that follow each
 * other: the seed of a failure is its chunk's. A failure ends its chunk, not the others.
 */
export async function checkInProcesses(
  options: FuzzOptions,
  onResult: (result: ChunkResult) => void,
): Promise<ChunkResult[]> {
  const chunks = chunksOf(options);
  const results: ChunkResult[] = [];
  const queue = chunks[Symbol.iterator]();
  const take = (result: ChunkResult): void => {
    results.push(result);
    onResult(result);
  };
  const processes = Math.max(1, Math.min(availableParallelism(), chunks.length));
  await Promise.all(
    Array.from({ length: processes }, () => serve(queue, options.corpus, take)),
  );
  return results;
}

function chunksOf({ cases, seed, path }: FuzzOptions): Chunk[] {
  const common = { failures: failuresPerCase, shrinks: shrinksPerFailure };
  if (path !== undefined) return [{ ...common, seed, cases, path }];
  return Array.from({ length: Math.ceil(cases / casesPerChunk) }, (_, index) => ({
    ...common,
    seed: seed + index,
    cases: Math.min(casesPerChunk, cases - index * casesPerChunk),
  }));
}

function serve(
  queue: Iterator<Chunk>,
  corpus: string | undefined,
  take: (result: ChunkResult) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = fork(program, {
      execArgv: ["--import", "tsx"],
      // JSON has no maps.
      serialization: "advanced",
    });
    let finished = false;
    const send = (): void => {
      const next = queue.next();
      if (next.done) {
        finished = true;
        worker.disconnect();
      } else worker.send({ chunk: next.value, corpus } satisfies Order);
    };
    worker.on("message", (answer: Answer) => {
      if ("error" in answer) {
        reject(new Error(answer.error));
        worker.kill();
        return;
      }
      take(answer.result);
      send();
    });
    worker.on("error", reject);
    worker.on("exit", (code, signal) => {
      if (finished) resolve();
      else reject(new Error(`a fuzzing process ended by itself (${signal ?? code})`));
    });
    send();
  });
}
