import type { Kysely } from "kysely";
import type { Campaign } from "../campaign/save-campaign.ts";
import { enqueue } from "../store/queue.ts";
import type { Store } from "../store/store.ts";
import type { TargetRow, Tables } from "../store/tables.ts";
import { approvals } from "./approved-files.ts";
import { decideWave, waveOrder, type WaveDecision } from "./waves.ts";
import { nextOpening } from "./windows.ts";

/** What may be requested now. */
export interface Schedule {
  readonly decision: WaveDecision;
  /** Keys of those whose turn it is. */
  readonly queued: readonly string[];
  /** Approved repositories of the wave whose owner has as many open requests as allowed. */
  readonly heldBack: number;
  /** When a window opens, in milliseconds since 1970, where none is open; null: never. */
  readonly closedUntil?: number | null;
  /** Planned repositories that nobody has decided about, or not as they are now. */
  readonly undecided: number;
}

type Scheduled = Pick<
  TargetRow,
  "key" | "host" | "owner" | "state" | "wave" | "checks" | "due_at"
>;

/**
 * Gives each approved repository its place in the order, and puts those into the queue whose
 * turn it is. May be called by several processes at once, and as often as one likes.
 *
 * @param ignoreStop A person has looked at what stopped the waves and wants to go on.
 */
export async function schedule(
  store: Store,
  { id, settings }: Pick<Campaign, "id" | "settings">,
  options: {
    readonly now: number;
    readonly ignoreStop: boolean;
    /** Whether to put anything into the queue, or only to say what would be. */
    readonly enqueues: boolean;
  },
): Promise<Schedule> {
  const { now, ignoreStop, enqueues } = options;
  const found = await store.db
    .selectFrom("target")
    .where("kind", "=", "forge")
    .where("state", "not in", ["discovered", "unchanged", "skipped"])
    .select(["key", "host", "owner", "state", "wave", "checks", "due_at"])
    .execute();
  const planned = found.filter(({ state }) => state === "planned").map(({ key }) => key);
  const decisions = await approvals(store, planned);
  const isApproved = (key: string) => decisions.get(key)?.kind === "approved";
  const approved = planned.filter(isApproved);
  const targets = await withPlaces(store, id, found, approved);
  const undecided = planned.filter((key) => decisions.get(key)?.kind === "undecided");

  const candidates = targets.filter(
    ({ key, state }) => state !== "planned" || isApproved(key),
  );
  const decision = decideWave(candidates, settings, ignoreStop);
  const nothing = { decision, queued: [], heldBack: 0, undecided: undecided.length };
  if (decision.kind !== "go") return nothing;
  const opening = nextOpening(settings.windows, now);
  if (opening !== now) return { ...nothing, closedUntil: opening ?? null };

  const turn = candidates.filter(
    ({ state, wave, due_at }) =>
      (state === "planned" || state === "pushed") &&
      // What is in the queue already may be waiting for a rate limit to end.
      due_at === null &&
      wave !== null &&
      wave >= decision.first &&
      wave < decision.end,
  );
  const queued = withinOwners(turn, targets, settings.maxOpenPerOwner);
  if (enqueues) {
    await store.transaction((transaction) => enqueue(store, transaction, queued, now));
  }
  return { ...nothing, queued, heldBack: turn.length - queued.length };
}

/** What was approved later comes later. */
async function withPlaces(
  store: Store,
  campaign: string,
  targets: readonly Scheduled[],
  approved: readonly string[],
): Promise<readonly Scheduled[]> {
  const placed = new Set(
    targets.filter(({ wave }) => wave !== null).map(({ key }) => key),
  );
  const newOnes = approved.filter((key) => !placed.has(key));
  if (newOnes.length === 0) return targets;
  const places = await store.transaction(async (transaction) => {
    const given = new Map<string, number>();
    let next = (await lastPlace(transaction)) + 1;
    for (const key of waveOrder(campaign, newOnes)) {
      const { numUpdatedRows } = await transaction
        .updateTable("target")
        .set({ wave: next })
        .where("key", "=", key)
        // Another process may have been here.
        .where("wave", "is", null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) continue;
      given.set(key, next);
      next += 1;
    }
    return given;
  });
  return targets.map((target) => ({
    ...target,
    wave: places.get(target.key) ?? target.wave,
  }));
}

async function lastPlace(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom("target")
    .select(({ fn }) => fn.max("wave").as("last"))
    .executeTakeFirst();
  return row?.last ?? -1;
}

function withinOwners(
  turn: readonly Scheduled[],
  targets: readonly Scheduled[],
  most: number | undefined,
): string[] {
  if (most === undefined) return turn.map(({ key }) => key);
  const ownerOf = ({ host, owner }: Scheduled) => `${host}/${owner}`;
  const open = new Map<string, number>();
  const add = (target: Scheduled) =>
    open.set(ownerOf(target), (open.get(ownerOf(target)) ?? 0) + 1);
  for (const target of targets) {
    if (target.state === "open" || target.state === "pushed") add(target);
  }
  return turn
    .filter((target) => {
      if (target.state === "pushed") return true;
      if ((open.get(ownerOf(target)) ?? 0) >= most) return false;
      add(target);
      return true;
    })
    .map(({ key }) => key);
}
