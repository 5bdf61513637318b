import { randomBytes } from "node:crypto";
import { sql, type Kysely } from "kysely";
import { earliestCall, hour, lastCallOf, type Limits } from "./sliding-window.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";

export type { Limits } from "./sliding-window.ts";

/** Whose budget it is: one for each host and identity, shared by all processes. */
export interface Budget {
  readonly host: string;
  readonly identity: string;
  readonly limits: Limits;
}

export interface Slot {
  /** When the call may be made, in milliseconds since 1970. */
  readonly at: number;
  /** For giving the slot back. */
  readonly token: string;
}

/**
 * Reserves one call, before it is made, as early as the limits allow. The machines' clocks
 * have to agree to within a second. Whoever comes later than a few seconds after the slot's
 * time gives it back and reserves another one.
 *
 * @param now In milliseconds since 1970.
 */
export async function reserveSlot(
  store: Store,
  { host, identity, limits }: Budget,
  now: number = Date.now(),
): Promise<Slot> {
  return exclusively(store, `${host} ${identity}`, async (transaction) => {
    await transaction
      .deleteFrom("slot")
      .where("host", "=", host)
      .where("identity", "=", identity)
      .where("at", "<=", now - hour)
      .execute();
    const taken = await slotTimes(transaction, { host, identity });
    const slot = {
      at: earliestCall(taken, limits, Math.ceil(now)),
      token: randomBytes(12).toString("hex"),
    };
    await transaction
      .insertInto("slot")
      .values({ ...slot, host, identity })
      .execute();
    return slot;
  });
}

/** Gives back a slot whose call won't be made, or hasn't reached the forge. */
export async function returnSlot(store: Store, { token }: Slot): Promise<void> {
  await store.db.deleteFrom("slot").where("token", "=", token).execute();
}

/** When the last of so many further calls may be made, in milliseconds since 1970. */
export async function estimateEnd(
  store: Store,
  { host, identity, limits }: Budget,
  calls: number,
  now: number = Date.now(),
): Promise<number> {
  const taken = await slotTimes(store.db, { host, identity });
  return lastCallOf(
    calls,
    taken.filter((at) => at > now - hour),
    limits,
    now,
  );
}

async function slotTimes(
  db: Kysely<Tables>,
  { host, identity }: Pick<Budget, "host" | "identity">,
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("slot")
    .select("at")
    .where("host", "=", host)
    .where("identity", "=", identity)
    .orderBy("at")
    .execute();
  return rows.map(({ at }) => at);
}

/**
 * One after the other rather than retried: many workers want a slot of the same budget at
 * once. PostgreSQL's statements each have to see what was written before they began.
 */
async function exclusively<T>(
  store: Store,
  name: string,
  work: (transaction: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  if (store.kind === "sqlite") return store.transaction(work);
  return store.db
    .transaction()
    .setIsolationLevel("read committed")
    .execute(async (transaction) => {
      const lock = `${store.jobsSchema} ${name}`;
      await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(
        transaction,
      );
      return work(transaction);
    });
}
