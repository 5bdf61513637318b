import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { version } from "../../src/version.ts";
import { openStore } from "../../src/batch/store/store.ts";

/** Of a round that finds whose turn it is, in a process of its own. */
export interface ScheduleFigures {
  /** Milliseconds. */
  readonly time: number;
  /** Most of that process, in MiB. */
  readonly memory: number;
  /** The same of a process that has opened the store and does nothing. */
  readonly idleMemory: number;
}

const program = fileURLToPath(new URL("schedule-once.ts", import.meta.url));

/** Approves everything that the bench's store has planned, as `batch approve --all` leaves it. */
export async function approveAll(address: string): Promise<void> {
  const opened = await openStore(address, { mode: "existing" });
  if ("failure" in opened) throw new Error(opened.failure.message);
  const { db, close } = opened.value;
  await sql`
    insert into approval values ('0', 'group', 'digest', 'approve', 'rules', ${version},
      'Bench', '[]', '', 1)`.execute(db);
  await sql`
    insert into approved_file
    select '0', target, path, result from file`.execute(db);
  await sql`update target set due_at = null`.execute(db);
  await close();
}

export function measureSchedule(address: string): ScheduleFigures {
  once(address, "schedule");
  const { time, memory } = once(address, "schedule");
  return { time, memory, idleMemory: once(address, "idle").memory };
}

function once(address: string, what: "schedule" | "idle") {
  const words = ["--import", "tsx", program, address, what];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { readonly time: number; readonly memory: number };
}
