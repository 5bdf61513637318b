import { createHash } from "node:crypto";
import { sql, type Kysely, type Selectable } from "kysely";
import type { TargetState } from "../target-state.ts";
import type { Store } from "./store.ts";
import type { Tables, TargetRow } from "./tables.ts";

export type Target = Selectable<TargetRow>;

/** Takes a target from the state in which it is as far as it gets now. */
export type Handler = (
  target: Target,
  /** Aborted when the process is to end, or when the claim got lost to another one. */
  signal: AbortSignal,
) => Promise<HandlerResult>;

/** When to go on with this target, in milliseconds since 1970; undefined: not of its own. */
export type HandlerResult = { readonly again: number } | undefined;

export interface Work {
  /** Targets in other states stay in the queue. */
  readonly states: readonly TargetState[];
  readonly handler: Handler;
  /** How many targets at once in this process. */
  readonly concurrency: number;
  /** Ends the work when it is aborted; what has been begun goes back into the queue. */
  readonly signal: AbortSignal;
  /** Also when the queue is empty; else the work ends as soon as it is. */
  readonly forever?: boolean;
  /**
   * How long a claim holds unless it is renewed, in milliseconds; a dead process's targets
   * are taken over by others after that time. Default: a minute.
   */
  readonly lease?: number;
}

const defaultLease = 60_000;

/**
 * Puts targets into the queue, best in the transaction that brings them into their state. A
 * target is in the queue once at most: what is there already gets the new time. One that is
 * being worked on meanwhile will be worked on once more.
 *
 * @param at When they are due, in milliseconds since 1970.
 */
export async function enqueue(
  store: Store,
  transaction: Kysely<Tables>,
  keys: readonly string[],
  at: number = Date.now(),
): Promise<void> {
  const due = Math.round(at);
  for (const some of chunks(keys)) {
    await transaction
      .updateTable("target")
      .set({ due_at: due })
      .where("key", "in", some)
      .execute();
    if (store.kind === "postgres") {
      await addJobs(transaction, store.jobsSchema, some);
    }
  }
}

/** Takes targets out of the queue; one that is being worked on isn't interrupted. */
export async function dequeue(
  transaction: Kysely<Tables>,
  keys: readonly string[],
): Promise<void> {
  // On PostgreSQL the job finds nothing to do.
  for (const some of chunks(keys)) {
    await transaction
      .updateTable("target")
      .set({ due_at: null })
      .where("key", "in", some)
      .execute();
  }
}

/**
 * Works on the targets that are in the queue, together with any number of other processes:
 * each target is given to one of them only. It doesn't matter which kind of store it is.
 *
 * A handler may be ended at any moment by the death of its process, and is then called again
 * elsewhere; so its steps have to be repeatable. One that throws leaves its target failed
 * with class internal-error.
 *
 * @throws What the store threw; everything else goes on.
 */
export async function workThrough(store: Store, work: Work): Promise<void> {
  const settled = { forever: false, lease: defaultLease, ...work };
  if (store.kind === "sqlite") {
    const { workThroughSqlite } = await import("./sqlite-queue.ts");
    return workThroughSqlite(store, settled);
  }
  const { workThroughPostgres } = await import("./postgres-queue.ts");
  return workThroughPostgres(store, settled);
}

/** Few targets are in the queue, but nearly all may be in one state. */
const unindexed = sql<TargetState>`state || ''`;

/** Whether targets in these states are in the queue, or are being worked on. */
export async function hasWork(
  db: Kysely<Tables>,
  states: readonly TargetState[],
): Promise<boolean> {
  const waiting = await db
    .selectFrom("target")
    .select("key")
    .where("due_at", "is not", null)
    .where(unindexed, "in", states)
    .limit(1)
    .executeTakeFirst();
  if (waiting !== undefined) return true;
  const claimed = await db
    .selectFrom("target")
    .select("key")
    .where("claimed_until", "is not", null)
    .where(unindexed, "in", states)
    .limit(1)
    .executeTakeFirst();
  return claimed !== undefined;
}

/** One task for each state, so that a worker only gets jobs of its own states. */
export function taskOf(state: TargetState): string {
  return taskPrefix + state;
}
const taskPrefix = "target ";

/**
 * As part of the transaction that makes them due.
 *
 * @param notBefore When a job may run at the earliest, although its target is due.
 */
export async function addJobs(
  transaction: Kysely<Tables>,
  jobsSchema: string,
  keys: readonly string[],
  notBefore = 0,
): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    select ${sql.id(jobsSchema, "add_job")}(
      ${taskPrefix} || target.state,
      json_build_object('key', job.target),
      job_key := job.id,
      run_at := to_timestamp(greatest(target.due_at, ${notBefore}::bigint) / 1000.0),
      max_attempts := 1000)
    from unnest(${[...keys]}::text[], ${keys.map(jobKey)}::text[]) as job (target, id)
    join target on target."key" = job.target`.execute(transaction);
}

/** graphile-worker's keys have at most 512 characters, and folders may have longer names. */
function jobKey(target: string): string {
  return target.length <= 500
    ? target
    : createHash("sha256").update(target).digest("hex");
}

/** Few enough for one statement. */
export function* chunks(keys: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < keys.length; start += 1000) {
    yield keys.slice(start, start + 1000);
  }
}
