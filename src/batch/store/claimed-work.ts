import { sql, type Kysely } from "kysely";
import type { StepFailure } from "../target-state.ts";
import { recordEvent } from "./events.ts";
import { codeOf } from "./failure.ts";
import { enqueue, type HandlerResult, type Target, type Work } from "./queue.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";

/** A target that is claimed; `target.claimed_by` tells its owner. */
export type Claimed = Target & { readonly claimed_by: string };

/**
 * Claims a target, if nobody else has it. What is claimed isn't due any more: if it becomes
 * due meanwhile, it is worked on once more.
 */
export function claimSet(owner: string, lease: number, now: number) {
  return { due_at: null, claimed_by: owner, claimed_until: now + lease };
}

/** Runs the handler while the claim is renewed, and gives the target back. */
export async function workOnClaimed(
  store: Store,
  claimed: Claimed,
  { handler, lease, signal }: Required<Work>,
): Promise<void> {
  const lost = new AbortController();
  const renewal = setInterval(() => {
    renew(store.db, claimed, lease).then(
      (kept) => {
        if (!kept) lost.abort(new Error("another process has taken over"));
      },
      () => {
        // The next one may succeed; if none does, the claim runs out.
      },
    );
  }, lease / 3);
  try {
    const result = await handler(claimed, AbortSignal.any([signal, lost.signal]));
    await release(store, claimed, result);
  } catch (error) {
    if (isOfStore(error)) throw error;
    if (lost.signal.aborted) return;
    if (signal.aborted) await release(store, claimed, { again: Date.now() });
    else await recordBreakdown(store, claimed, error);
  } finally {
    clearInterval(renewal);
  }
}

async function renew(
  db: Kysely<Tables>,
  { key, claimed_by }: Claimed,
  lease: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("target")
    .set({ claimed_until: Date.now() + lease })
    .where("key", "=", key)
    .where("claimed_by", "=", claimed_by)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function release(
  store: Store,
  claimed: Claimed,
  result: HandlerResult,
): Promise<void> {
  if (result === undefined) {
    await giveBack(store.db, claimed);
    return;
  }
  await store.transaction(async (transaction) => {
    if (await giveBack(transaction, claimed)) {
      await enqueue(store, transaction, [claimed.key], result.again);
    }
  });
}

/** @returns Whether the claim still held. */
async function giveBack(
  db: Kysely<Tables>,
  { key, claimed_by }: Claimed,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("target")
    .set({ claimed_by: null, claimed_until: null })
    .where("key", "=", key)
    .where("claimed_by", "=", claimed_by)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function recordBreakdown(
  store: Store,
  { key, claimed_by }: Claimed,
  error: unknown,
): Promise<void> {
  const failure: StepFailure = {
    class: "internal-error",
    step: "work",
    message: error instanceof Error ? error.message : String(error),
    hint: "please report it",
  };
  await store.transaction(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable("target")
      .set({
        state: "failed",
        failure_class: failure.class,
        failure: JSON.stringify(failure),
        attempts: sql<number>`attempts + 1`,
        updated_at: Date.now(),
        due_at: null,
        claimed_by: null,
        claimed_until: null,
      })
      .where("key", "=", key)
      .where("claimed_by", "=", claimed_by)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) {
      await recordEvent(transaction, { target: key, kind: "failed", detail: failure });
    }
  });
}

/** By the codes of SQLite and PostgreSQL; those of the network may be a forge's. */
function isOfStore(error: unknown): boolean {
  return /^(SQLITE_|[0-9A-Z]{5}$)/.test(codeOf(error)) && codeOf(error) !== "EPIPE";
}
