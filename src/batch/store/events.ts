import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

export interface NewEvent {
  /** Key of a target, where the event concerns one. */
  readonly target?: string;
  readonly kind: string;
  /** Becomes JSON; it holds no credentials. */
  readonly detail?: object;
}

/** Best in the transaction that does what the event says. */
export async function recordEvent(
  db: Kysely<Tables>,
  { target, kind, detail = {} }: NewEvent,
  now = Date.now(),
): Promise<void> {
  await db
    .insertInto("event")
    .values({ at: now, target: target ?? null, kind, detail: JSON.stringify(detail) })
    .execute();
}
