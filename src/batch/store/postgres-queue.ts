import { sql } from "kysely";
import { claimSet, workOnClaimed, type Claimed } from "./claimed-work.ts";
import { addJobs, hasWork, taskOf, type Work } from "./queue.ts";
import type { PostgresStore } from "./store.ts";

/** How often to look whether the queue is empty, in milliseconds. */
const pollInterval = 250;

/** Jobs that become due are looked for as often; new ones are notified at once. */
const jobInterval = 500;

/**
 * The queue is graphile-worker's; a job says that a target is due, and the target's row says
 * whether it really is. Jobs of a dead worker would stay locked for four hours, so the lease
 * in the target's row tells whose worker is dead.
 */
export async function workThroughPostgres(
  store: PostgresStore,
  work: Required<Work>,
): Promise<void> {
  const { states, concurrency, lease, signal, forever } = work;
  if (signal.aborted) return;
  const [{ default: pg }, worker] = await Promise.all([
    import("pg"),
    import("graphile-worker"),
  ]);
  const pool = new pg.Pool({ ...store.connection, max: Math.min(concurrency, 8) + 2 });
  const ignore = () => undefined;
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  const ended = new AbortController();
  let broken: { readonly error: unknown } | undefined;
  const breakDown = (error: unknown) => {
    broken ??= { error };
    ended.abort();
  };
  const task = async (payload: unknown, owner: string) => {
    const { key } = payload as { key: string };
    try {
      const claimed = await claimForJob(store, { key, owner, lease, states });
      if (claimed !== undefined) await workOnClaimed(store, claimed, work);
    } catch (error) {
      breakDown(error);
      throw error;
    }
  };
  const stop = () => {
    ended.abort();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const runner = await worker.run({
      pgPool: pool,
      schema: store.jobsSchema,
      concurrency,
      pollInterval: jobInterval,
      noHandleSignals: true,
      // Without it nobody waits for the statement that says that a job is done.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      logger: new worker.Logger(() => () => undefined),
      taskList: Object.fromEntries(
        states.map((state) => [
          taskOf(state),
          (payload: unknown, { job }) => task(payload, job.locked_by ?? ""),
        ]),
      ),
    });
    const stopped = runner.promise.catch(breakDown);
    let nextSweep = 0;
    try {
      while (!ended.signal.aborted) {
        if (performance.now() >= nextSweep) {
          await takeBackFromTheDead(store, lease);
          nextSweep = performance.now() + lease / 2;
        }
        if (!forever && !(await hasWork(store.db, states))) break;
        await pause(ended.signal);
      }
    } finally {
      await runner.stop().catch(() => undefined);
      await stopped;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    await pool.end();
  }
  if (broken !== undefined) throw broken.error;
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, pollInterval);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });
}

/** Undefined where the job is idle, or is put off because somebody else has the target. */
async function claimForJob(
  store: PostgresStore,
  {
    key,
    owner,
    lease,
    states,
  }: { readonly key: string; readonly owner: string } & Pick<
    Required<Work>,
    "lease" | "states"
  >,
): Promise<Claimed | undefined> {
  const now = Date.now();
  const claimed = await store.db
    .updateTable("target")
    .set(claimSet(owner, lease, now))
    .where("key", "=", key)
    .where("state", "in", states)
    .where((e) =>
      e.or([
        e("claimed_until", "<=", now),
        e.and([e("claimed_until", "is", null), e("due_at", "is not", null)]),
      ]),
    )
    .returningAll()
    .executeTakeFirst();
  if (claimed !== undefined) return claimed as Claimed;
  await store.transaction(async (transaction) => {
    const found = await transaction
      .selectFrom("target")
      .select(["due_at", "claimed_until"])
      .where("key", "=", key)
      .executeTakeFirst();
    if (typeof found?.due_at !== "number") return;
    // A state of other workers, or a claim that has not run out yet.
    const notBefore = Math.max(found.claimed_until ?? 0, now + 1000);
    await addJobs(transaction, store.jobsSchema, [key], notBefore);
  });
  return undefined;
}

/** Makes the targets of dead workers due, and frees the jobs that these had locked. */
async function takeBackFromTheDead(store: PostgresStore, lease: number): Promise<void> {
  await store.transaction(async (transaction) => {
    const now = Date.now();
    const jobs = sql.id(store.jobsSchema, "jobs");
    await sql`
      select ${sql.id(store.jobsSchema, "force_unlock_workers")}(array(
        select distinct locked_by from ${jobs} as job
        where locked_at < now() - ${lease / 1000}::float8 * interval '1 second'
          and not exists (
            select from target
            where claimed_by = job.locked_by and claimed_until > ${now})))`.execute(
      transaction,
    );
    const expired = await transaction
      .updateTable("target")
      .set({
        due_at: sql<number>`coalesce(due_at, ${now})`,
        claimed_by: null,
        claimed_until: null,
      })
      .where("claimed_until", "<=", now)
      .returning("key")
      .execute();
    await addJobs(
      transaction,
      store.jobsSchema,
      expired.map(({ key }) => key),
    );
  });
}
