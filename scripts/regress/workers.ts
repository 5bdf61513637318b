import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Measurement } from "./measure.ts";
import type { Share } from "./worker.ts";

const program = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** Measures every file of the corpus, with one process per processor; sorted by id. */
export async function measureCorpus(corpus: string): Promise<Measurement[]> {
  const parts = Math.max(1, availableParallelism());
  const shares = Array.from({ length: parts }, (_, part) => ({ corpus, part, parts }));
  const measurements = (await Promise.all(shares.map(measureShare))).flat();
  return measurements.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function measureShare(share: Share): Promise<Measurement[]> {
  return new Promise((resolve, reject) => {
    const worker = fork(program, { execArgv: ["--import", "tsx"] });
    let measurements: Measurement[] | undefined;
    worker.on("message", (message: Measurement[]) => {
      measurements = message;
    });
    worker.on("error", reject);
    worker.on("exit", (code, signal) => {
      if (measurements !== undefined) resolve(measurements);
      else reject(new Error(`A worker ended without a result (${signal ?? code}).`));
    });
    worker.send(share);
  });
}
