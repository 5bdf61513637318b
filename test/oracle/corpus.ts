/** Judges what a fixer does to many Dockerfiles, in several processes. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Difference, Verdict } from "./verdict.ts";
import type { Answer, Task } from "./worker.ts";

export interface CorpusRow {
  readonly id: string;
  readonly text: string;
}

export interface CorpusOptions {
  /** Failures tried per pair; default 3. */
  readonly failures?: number;
  readonly seed?: number;
  /** Processes; default 2. */
  readonly workers?: number;
  /** Called with each verdict on a changed file as it comes. */
  readonly onVerdict?: (id: string, verdict: Verdict) => void;
}

export interface CorpusResult {
  readonly files: number;
  readonly unchanged: number;
  readonly changed: number;
  readonly equal: number;
  /** Ids of equal pairs whose scripts stop by themselves before the build's end. */
  readonly incomplete: readonly string[];
  readonly different: readonly { readonly id: string; readonly difference: Difference }[];
  /** Reason to ids. */
  readonly skipped: ReadonlyMap<string, readonly string[]>;
  /** Ids of files on which the fixer itself threw. */
  readonly fixerFailed: readonly { readonly id: string; readonly message: string }[];
  readonly events: number;
  readonly injected: number;
  readonly seconds: number;
}

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** `fix` gets a Dockerfile's text and returns the rewritten one. */
export async function judgeCorpus(
  rows: readonly CorpusRow[],
  fix: (text: string) => string,
  { failures = 3, seed = 1, workers = 2, onVerdict }: CorpusOptions = {},
): Promise<CorpusResult> {
  const started = performance.now();
  const different: { id: string; difference: Difference }[] = [];
  const skipped = new Map<string, string[]>();
  const incomplete: string[] = [];
  const fixerFailed: { id: string; message: string }[] = [];
  let [unchanged, changed, equal, events, injected] = [0, 0, 0, 0, 0];

  const queue = rows[Symbol.iterator]();
  const nextTask = (): Task | undefined => {
    for (const { id, text } of queue) {
      try {
        const after = fix(text);
        if (after !== text)
          return { id, before: text, after, options: { failures, seed } };
        unchanged++;
      } catch (error) {
        fixerFailed.push({ id, message: String(error) });
      }
    }
    return undefined;
  };
  const take = ({ id, verdict }: Answer): void => {
    changed++;
    onVerdict?.(id, verdict);
    if (verdict.kind === "equal") {
      equal++;
      events += verdict.events;
      injected += verdict.injected;
      if (!verdict.complete) incomplete.push(id);
    } else if (verdict.kind === "different") {
      different.push({ id, difference: verdict.difference });
    } else {
      skipped.set(verdict.reason, [...(skipped.get(verdict.reason) ?? []), id]);
    }
  };
  await Promise.all(Array.from({ length: workers }, () => serveWorker(nextTask, take)));
  const seconds = (performance.now() - started) / 1000;
  return {
    files: rows.length,
    unchanged,
    changed,
    equal,
    incomplete,
    different,
    skipped,
    fixerFailed,
    events,
    injected,
    seconds,
  };
}

function serveWorker(
  nextTask: () => Task | undefined,
  take: (answer: Answer) => void,
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
      const task = nextTask();
      if (task) {
        worker.send(task);
        return;
      }
      finished = true;
      worker.disconnect();
    };
    worker.on("message", (answer: Answer) => {
      take(answer);
      send();
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      if (finished) resolve();
      else reject(new Error(`a worker of the oracle ended with status ${code}`));
    });
    send();
  });
}

/** Picks `count` rows; the same ones for the same seed. */
export function sampleRows<Row extends CorpusRow>(
  rows: readonly Row[],
  count: number,
  seed: number,
): readonly Row[] {
  const score = (row: Row) => {
    let hash = Math.imul(seed + 1, 0x9e3779b1);
    for (const char of row.id)
      hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) ^ (hash >>> 15);
    return hash >>> 0;
  };
  return rows
    .map((row) => ({ row, rank: score(row) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ row }) => row);
}
