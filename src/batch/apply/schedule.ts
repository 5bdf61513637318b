import { sql, type Kysely } from "kysely";
import type { Campaign } from "../campaign/save-campaign.ts";
import type { CampaignSettings } from "../campaign/settings.ts";
import { workOutForThisVersion } from "../groups/work-out.ts";
import { chunks, enqueue } from "../store/queue.ts";
import type { Store } from "../store/store.ts";
import type { Tables, TargetRow } from "../store/tables.ts";
import { decideWave, wavePlaces, type WaveCount, type WaveDecision } from "./waves.ts";
import { nextOpening } from "./windows.ts";

/** What may be requested now. */
export interface Schedule {
  readonly decision: WaveDecision;
  /** Keys of those whose turn it is; the first ones, where they are very many. */
  readonly queued: readonly string[];
  /** How many it is the turn of on each host, `queued` included. */
  readonly hosts: readonly {
    readonly host: string;
    readonly targets: number;
  }[];
  /** Approved repositories of the wave whose owner has as many open requests as allowed. */
  readonly heldBack: number;
  /** When a window opens, in milliseconds since 1970, where none is open; null: never. */
  readonly closedUntil?: number | null;
  /** Planned repositories that nobody has decided about, or not as they are now. */
  readonly undecided: number;
}

/** Weeks of work for one identity; the next ones follow when these are done. */
const mostQueued = 10_000;

/**
 * Gives each approved repository its place in the order, and puts those into the queue whose
 * turn it is. May be called by several processes at once, and as often as one likes: the
 * store counts, so that it takes as much memory for a million as for ten.
 *
 * @param ignoreStop A person has looked at what stopped the waves and wants to go on.
 */
export async function schedule(
  store: Store,
  { settings }: Pick<Campaign, "settings">,
  options: {
    readonly now: number;
    readonly ignoreStop: boolean;
    /** Whether to put anything into the queue, or only to say what would be. */
    readonly enqueues: boolean;
  },
): Promise<Schedule> {
  const { now, ignoreStop, enqueues } = options;
  await workOutForThisVersion(store);
  await givePlaces(store);
  const { counts, undecided } = await countWaves(store.db, settings.waves);
  const decision = decideWave(counts, settings, ignoreStop);
  const nothing = { decision, queued: [], hosts: [], heldBack: 0, undecided };
  if (decision.kind !== "go") return nothing;
  const opening = nextOpening(settings.windows, now);
  if (opening !== now) return { ...nothing, closedUntil: opening ?? null };

  const turn = turnIn(store.db, decision, settings.maxOpenPerOwner);
  const hosts = await turn.hosts();
  const queued = await turn.keys();
  if (enqueues) {
    for (const some of chunks(queued)) {
      await store.transaction((transaction) => enqueue(store, transaction, some, now));
    }
  }
  return { ...nothing, queued, ...hosts };
}

/** So many at once that others needn't wait long. */
const placesAtOnce = 20_000;

/**
 * What was approved later comes later. Among those that are approved at the same time, the
 * ids of their commits make an order that is mixed, so that no wave is one owner's.
 */
async function givePlaces(store: Store): Promise<void> {
  const unplaced = (db: Kysely<Tables>) =>
    db
      .selectFrom("target")
      .where("kind", "=", "forge")
      .where("state", "=", "planned")
      .where("approval", "=", "approved")
      .where("wave", "is", null);
  for (;;) {
    const one = await unplaced(store.db).select("key").limit(1).executeTakeFirst();
    if (one === undefined) return;
    await store.transaction(async (transaction) => {
      const { last } = await transaction
        .selectFrom("target")
        .select(({ fn }) => fn.max("wave").as("last"))
        .executeTakeFirstOrThrow();
      const next = unplaced(transaction)
        .select("key as chosen")
        .select(sql<number>`row_number() over (order by head, "key")`.as("place"))
        .orderBy("head")
        .orderBy("key")
        .limit(placesAtOnce)
        .as("next");
      await transaction
        .updateTable("target")
        .from(next)
        .set({ wave: sql<number>`cast(${last ?? -1} as integer) + next.place` })
        .whereRef("target.key", "=", "next.chosen")
        .execute();
    });
  }
}

/** One pass over an index. */
async function countWaves(
  db: Kysely<Tables>,
  waves: CampaignSettings["waves"],
): Promise<{ readonly counts: WaveCount[]; readonly undecided: number }> {
  const ends = wavePlaces(waves).slice(0, -1);
  const index =
    ends.length === 0
      ? sql<number>`0`
      : sql<number>`case ${sql.join(
          ends.map(
            ({ end }, wave) => sql`when wave < ${sql.lit(end)} then ${sql.lit(wave)}`,
          ),
          sql` `,
        )} else ${sql.lit(ends.length)} end`;
  const rows = await db
    .selectFrom("target")
    .where("kind", "=", "forge")
    .where("state", "not in", ["discovered", "unchanged", "skipped"])
    .select([
      "state",
      "approval",
      "checks",
      sql<0 | 1>`case when wave is null then 0 else 1 end`.as("isPlaced"),
      index.as("bucket"),
      ({ fn }) => fn.countAll<number | string>().as("targets"),
    ])
    .groupBy(["state", "approval", "checks", "isPlaced", "bucket"])
    .execute();
  const all = rows.map(({ bucket, ...row }) => ({
    ...row,
    wave: bucket,
    targets: Number(row.targets),
  }));
  return {
    counts: all.filter(
      ({ state, approval, isPlaced }) =>
        isPlaced === 1 && (state !== "planned" || approval === "approved"),
    ),
    undecided: all
      .filter(({ state, approval }) => state === "planned" && approval === null)
      .reduce((sum, { targets }) => sum + targets, 0),
  };
}

/** Those of a wave that aren't in the queue, as far as their owners' limits allow. */
function turnIn(
  db: Kysely<Tables>,
  { first, end }: { readonly first: number; readonly end: number },
  most: number | undefined,
) {
  const asked: TargetRow["state"][] = ["open", "pushed"];
  const open = db
    .selectFrom("target")
    .where("kind", "=", "forge")
    .where("state", "in", asked)
    .groupBy(["host", "owner"])
    .select(["host", "owner", ({ fn }) => fn.countAll<number>().as("open")])
    .as("owners");
  const turn = db
    .selectFrom("target")
    .where("kind", "=", "forge")
    .where((e) =>
      e.or([
        e("state", "=", "pushed"),
        e.and([e("state", "=", "planned"), e("approval", "=", "approved")]),
      ]),
    )
    .where("wave", ">=", first)
    .$if(end !== Infinity, (query) => query.where("wave", "<", end))
    // What is in the queue already may be waiting for a rate limit to end.
    .where("due_at", "is", null);
  const numbered = turn
    .select(["key", "host", "owner", "state", "wave"])
    .select(
      sql<number>`row_number() over (partition by host, owner, state order by wave)`.as(
        "place",
      ),
    )
    .as("turn");
  const allowed = (limit: number) =>
    db
      .selectFrom(numbered)
      .leftJoin(open, (join) =>
        join
          .onRef("owners.host", "=", "turn.host")
          .onRef("owners.owner", "=", "turn.owner"),
      )
      .where((e) =>
        e.or([
          // It has its branch, and counts already.
          e("turn.state", "=", "pushed"),
          sql<boolean>`turn.place + coalesce(owners.open, 0) <= ${limit}`,
        ]),
      )
      .select(["turn.key", "turn.host", "turn.wave"])
      .as("allowed");
  const queue =
    most === undefined
      ? turn.select(["key", "host", "wave"]).as("allowed")
      : allowed(most);
  return {
    async keys(): Promise<string[]> {
      const rows = await db
        .selectFrom(queue)
        .select("allowed.key")
        .orderBy("allowed.wave")
        .limit(mostQueued)
        .execute();
      return rows.map(({ key }) => key);
    },
    async hosts(): Promise<Pick<Schedule, "hosts" | "heldBack">> {
      const rows = await db
        .selectFrom(queue)
        .groupBy("allowed.host")
        .select([
          "allowed.host",
          ({ fn }) => fn.countAll<number | string>().as("targets"),
        ])
        .orderBy("allowed.host")
        .execute();
      const hosts = rows.map(({ host, targets }) => ({ host, targets: Number(targets) }));
      if (most === undefined) return { hosts, heldBack: 0 };
      const { all } = await turn
        .select(({ fn }) => fn.countAll<number | string>().as("all"))
        .executeTakeFirstOrThrow();
      const now = hosts.reduce((sum, { targets }) => sum + targets, 0);
      return { hosts, heldBack: Number(all) - now };
    },
  };
}
