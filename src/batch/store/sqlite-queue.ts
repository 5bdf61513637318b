import { randomBytes } from "node:crypto";
import { sql, type Kysely } from "kysely";
import type { TargetState } from "../target-state.ts";
import { claimSet, workOnClaimed, type Claimed } from "./claimed-work.ts";
import { hasWork, type Work } from "./queue.ts";
import type { SqliteStore } from "./store.ts";
import type { Tables } from "./tables.ts";

/** How often to look for targets that have become due, in milliseconds. */
const pollInterval = 250;

export async function workThroughSqlite(
  store: SqliteStore,
  work: Required<Work>,
): Promise<void> {
  const { states, concurrency, lease, signal, forever } = work;
  const running = new Set<Promise<void>>();
  let broken: { readonly error: unknown } | undefined;
  const start = (claimed: Claimed) => {
    const run = workOnClaimed(store, claimed, work)
      .catch((error: unknown) => {
        broken ??= { error };
      })
      .finally(() => running.delete(run));
    running.add(run);
  };
  try {
    while (!signal.aborted && broken === undefined) {
      const claimed =
        running.size < concurrency
          ? await claimTarget(store.db, { states, lease })
          : undefined;
      if (claimed !== undefined) {
        start(claimed);
        continue;
      }
      if (running.size === 0 && !forever && !(await hasWork(store.db, states))) break;
      await nextMoment(signal, running);
    }
  } finally {
    await Promise.all(running);
  }
  if (broken !== undefined) throw broken.error;
}

/** Until a target is done, or it is time to look again. */
async function nextMoment(
  signal: AbortSignal,
  running: ReadonlySet<Promise<void>>,
): Promise<void> {
  let wake: () => void = () => undefined;
  const woken = new Promise<void>((resolve) => (wake = resolve));
  const timer = setTimeout(wake, pollInterval);
  signal.addEventListener("abort", wake, { once: true });
  await Promise.race([woken, ...running]);
  clearTimeout(timer);
  signal.removeEventListener("abort", wake);
}

/** Nearly all targets may be in one state: their index would find them all, to sort them. */
const unindexed = sql<TargetState>`+state`;

/**
 * Claims the target that is due next: those whose owner has died come first, then as they
 * became due, then in the order of the waves.
 */
export async function claimTarget(
  db: Kysely<Tables>,
  {
    states,
    lease,
    now = Date.now(),
  }: {
    readonly states: readonly TargetState[];
    readonly lease: number;
    readonly now?: number;
  },
): Promise<Claimed | undefined> {
  const expired = db
    .selectFrom("target")
    .select("key")
    .where("claimed_until", "<=", now)
    .where(unindexed, "in", states)
    .orderBy("claimed_until")
    .limit(1);
  const due = db
    .selectFrom("target")
    .select("key")
    .where("due_at", "<=", now)
    .where("claimed_until", "is", null)
    .where(unindexed, "in", states)
    .orderBy("due_at")
    .orderBy("wave")
    .orderBy("key")
    .limit(1);
  const claimed = await db
    .updateTable("target")
    .set(claimSet(randomBytes(8).toString("hex"), lease, now))
    .where("key", "=", sql<string>`coalesce(${expired}, ${due})`)
    .returningAll()
    .executeTakeFirst();
  return claimed as Claimed | undefined;
}
