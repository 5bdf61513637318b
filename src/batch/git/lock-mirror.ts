import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "../target-state.ts";
import type { ObjectStore } from "./objects.ts";

/** Longer than git may take for all that is done with a mirror. */
const patience = 20 * 60_000;
const pause = 100;

/**
 * Does something with a mirror while no other process that shares the cache does. Git's own
 * locks don't wait, and a mirror may be thrown away to begin anew.
 *
 * The lock is one that SQLite takes on a file beside the mirror: the system frees it when its
 * process dies, however it does.
 */
export async function lockMirror<T>(
  { gitFolder }: ObjectStore,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  const { default: Database } = await import("libsql");
  let database: InstanceType<typeof Database>;
  try {
    mkdirSync(dirname(gitFolder), { recursive: true });
    database = new Database(gitFolder.replace(/\.git$/, ".lock"));
  } catch {
    // The cache can't be written, which git will say better.
    return { value: await work() };
  }
  try {
    const end = performance.now() + patience;
    while (!isTaken(database)) {
      if (signal?.aborted || performance.now() > end) return inUse(gitFolder);
      await sleep(pause * (0.5 + Math.random()));
    }
    return { value: await work() };
  } finally {
    database.close();
  }
}

function isTaken(database: { readonly exec: (statement: string) => unknown }): boolean {
  try {
    database.exec("begin exclusive");
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "SQLITE_BUSY") return false;
    // A file system without locks, say: git's own ones are left.
    return true;
  }
}

function inUse(gitFolder: string): Outcome<never> {
  return {
    failure: {
      class: "unavailable",
      step: "fetch",
      message: `another process is using the mirror ${gitFolder}`,
      hint: "Try again when it has ended, or with another --cache",
    },
  };
}
