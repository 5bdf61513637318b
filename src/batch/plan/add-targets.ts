import type { Insertable, Kysely } from "kysely";
import type { TargetFilter } from "../sources/filters.ts";
import type { FoundTarget } from "../sources/found-target.ts";
import type { Store } from "../store/store.ts";
import type { Tables, TargetRow } from "../store/tables.ts";
import type { StepFailure } from "../target-state.ts";
import { replannableStates } from "./replannable.ts";

/** Targets per transaction; each has some twenty columns. */
const chunkSize = 500;

/** Puts targets into the store as they are found; what is there already stays as it is. */
export interface TargetCollector {
  readonly add: (target: FoundTarget) => Promise<void>;
  /** Writes what is left. */
  readonly finish: () => Promise<void>;
}

export function targetCollector(store: Store, filter: TargetFilter): TargetCollector {
  let waiting = new Map<string, FoundTarget>();
  const write = async () => {
    const targets = [...waiting.values()];
    waiting = new Map();
    if (targets.length === 0) return;
    await store.transaction((transaction) => addTargets(transaction, targets, filter));
  };
  return {
    async add(target) {
      waiting.set(target.key, target);
      if (waiting.size >= chunkSize) await write();
    },
    finish: write,
  };
}

async function addTargets(
  transaction: Kysely<Tables>,
  targets: readonly FoundTarget[],
  filter: TargetFilter,
): Promise<void> {
  const keys = targets.map(({ key }) => key);
  const rows = await transaction
    .selectFrom("target")
    .select(["key", "state", "failure"])
    .where("key", "in", keys)
    .execute();
  const stored = new Map(rows.map((row) => [row.key, row]));
  const fresh: Insertable<Tables["target"]>[] = [];
  for (const target of targets) {
    const failure = filter(target);
    const row = stored.get(target.key);
    if (row === undefined) fresh.push(newRow(target, failure));
    else if (failure !== undefined || isFilteredOut(row)) {
      await transaction
        .updateTable("target")
        .set({ ...stateOf(failure), head: "", updated_at: Date.now() })
        .where("key", "=", target.key)
        .where("state", "in", replannableStates)
        .execute();
    }
  }
  if (fresh.length > 0) {
    await transaction
      .insertInto("target")
      .values(fresh)
      .onConflict((conflict) => conflict.column("key").doNothing())
      .execute();
  }
}

/** Whether a filter has left the target out, so that its repository isn't looked at. */
export function isFilteredOut({
  state,
  failure,
}: Pick<TargetRow, "state" | "failure">): boolean {
  return (
    state === "skipped" &&
    failure !== null &&
    (JSON.parse(failure) as StepFailure).step === "list"
  );
}

function stateOf(failure: StepFailure | undefined) {
  return {
    state: failure === undefined ? ("discovered" as const) : ("skipped" as const),
    failure: failure === undefined ? null : JSON.stringify(failure),
    failure_class: null,
  };
}

function newRow(
  found: FoundTarget,
  failure: StepFailure | undefined,
): Insertable<Tables["target"]> {
  const { key, kind, forge, host, owner, name, url, default_branch } = found;
  return {
    ...{ key, kind, forge, host, owner, name, url, default_branch },
    ...stateOf(failure),
    head: "",
    attempts: 0,
    wave: null,
    branch_head: null,
    request_number: null,
    request_url: null,
    checks: "none",
    done: null,
    due_at: null,
    claimed_by: null,
    claimed_until: null,
    updated_at: Date.now(),
  };
}
