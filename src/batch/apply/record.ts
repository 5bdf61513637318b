import type { Updateable } from "kysely";
import type { ChangeRequest } from "../forges/forge.ts";
import { recordEvent } from "../store/events.ts";
import type { Store } from "../store/store.ts";
import type { TargetRow } from "../store/tables.ts";
import type { StepFailure } from "../target-state.ts";

/** Changes a target and says so among its events: both, or neither. */
export async function record(
  store: Store,
  key: string,
  changes: Updateable<TargetRow>,
  kind: string,
  detail: object = {},
): Promise<void> {
  await store.transaction(async (transaction) => {
    await transaction
      .updateTable("target")
      .set({ ...changes, updated_at: Date.now() })
      .where("key", "=", key)
      .execute();
    await recordEvent(transaction, { target: key, kind, detail });
  });
}

/** What a request means for its repository. */
export function requestChanges(request: ChangeRequest): Updateable<TargetRow> {
  return {
    state: request.state,
    request_number: request.number,
    request_url: request.url,
    failure: null,
    failure_class: null,
    attempts: 0,
  };
}

/** Takes over what a forge says of a target's request. */
export async function recordRequest(
  store: Store,
  key: string,
  request: ChangeRequest,
): Promise<void> {
  const { state, url } = request;
  await record(store, key, requestChanges(request), state, { url });
}

export function failureChanges(failure: StepFailure): Updateable<TargetRow> {
  return {
    state: "failed",
    failure_class: failure.class,
    failure: JSON.stringify(failure),
  };
}

/** Somebody else has the campaign's branch. */
export async function recordConflict(
  store: Store,
  key: string,
  failure: StepFailure,
): Promise<void> {
  const changes = { ...failureChanges(failure), state: "conflicted" } as const;
  await record(store, key, changes, "conflicted", failure);
}

const commitKind = "pushing";

/** The commits that were ever about to be pushed for a target, from its events. */
export function commitLog(store: Store, key: string) {
  return {
    async known(): Promise<ReadonlySet<string>> {
      const rows = await store.db
        .selectFrom("event")
        .where("target", "=", key)
        .where("kind", "=", commitKind)
        .select("detail")
        .execute();
      return new Set(
        rows.map(({ detail }) => (JSON.parse(detail) as { commit: string }).commit),
      );
    },
    async add(commit: string): Promise<void> {
      await recordEvent(store.db, { target: key, kind: commitKind, detail: { commit } });
    },
  };
}
