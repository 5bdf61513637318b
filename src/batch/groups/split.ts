import type { Store } from "../store/store.ts";
import { groupId } from "./build-groups.ts";
import type { Group } from "./group.ts";
import { readGroups } from "./read-groups.ts";

export type SplitOutcome =
  /** Ids of the groups that there are now in place of the one. */
  | { readonly group: Group; readonly groups: readonly string[] }
  | { readonly refused: "unknown" | "stale" | "nothing" };

interface Seen {
  readonly id: string;
  /** Undefined where the reviewer doesn't say which plan was seen. */
  readonly digest: string | undefined;
}

/**
 * Makes hunks of a group groups of their own.
 *
 * @param hunks Digests; undefined means each one.
 */
export function splitGroup(
  store: Pick<Store, "transaction">,
  seen: Seen,
  hunks: readonly string[] | undefined,
  dryRun: boolean,
): Promise<SplitOutcome> {
  return store.transaction(async (db) => {
    const group = await seenGroup(db, seen);
    if (typeof group === "string") return { refused: group };
    const out = group.hunks.filter(({ hunk }) => hunks?.includes(hunk) ?? true);
    if (group.splitOut !== undefined || group.hunks.length < 2 || out.length === 0) {
      return { refused: "nothing" };
    }
    const rows = out.map(({ hunk }) => ({ shape: group.shape, hunk }));
    for (const row of dryRun ? [] : rows) {
      await db
        .insertInto("hunk_group")
        .values(row)
        .onConflict((conflict) => conflict.columns(["shape", "hunk"]).doNothing())
        .execute();
    }
    if (!dryRun) await event(db, "split", group, rows.length);
    const rest = out.length < group.hunks.length ? [group.id] : [];
    return {
      group,
      groups: [...rest, ...out.map(({ hunk }) => groupId(group.shape, hunk))],
    };
  });
}

/** Puts a hunk that was split out back into the group of its shape. */
export function mergeBack(
  store: Pick<Store, "transaction">,
  seen: Seen,
  dryRun: boolean,
): Promise<SplitOutcome> {
  return store.transaction(async (db) => {
    const group = await seenGroup(db, seen);
    if (typeof group === "string") return { refused: group };
    if (group.splitOut === undefined) return { refused: "nothing" };
    if (!dryRun) {
      await db
        .deleteFrom("hunk_group")
        .where("shape", "=", group.shape)
        .where("hunk", "=", group.splitOut)
        .execute();
      await event(db, "merged-back", group, 1);
    }
    return { group, groups: [groupId(group.shape)] };
  });
}

type Transaction = Parameters<Parameters<Store["transaction"]>[0]>[0];

async function seenGroup(
  db: Transaction,
  { id, digest }: Seen,
): Promise<Group | "unknown" | "stale"> {
  const group = (await readGroups(db, new Set([id])))[0];
  if (group === undefined) return digest === undefined ? "unknown" : "stale";
  return digest === undefined || digest === group.digest ? group : "stale";
}

async function event(
  db: Transaction,
  kind: string,
  { id, label }: Group,
  hunks: number,
): Promise<void> {
  await db
    .insertInto("event")
    .values({
      at: Date.now(),
      target: null,
      kind,
      detail: JSON.stringify({ group: id, label, hunks }),
    })
    .execute();
}
