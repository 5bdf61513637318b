import { createHash } from "node:crypto";
import type { CampaignSettings } from "../campaign/settings.ts";
import type { TargetRow } from "../store/tables.ts";

/** What the waves are decided by. */
export type WaveTarget = Pick<TargetRow, "key" | "state" | "wave" | "checks">;

export interface WaveStatus {
  /** From 1. */
  readonly number: number;
  /** Undefined for the last wave, which takes all the others. */
  readonly size: number | undefined;
  readonly targets: number;
}

export type WaveDecision =
  | {
      readonly kind: "go";
      readonly wave: WaveStatus;
      readonly first: number;
      readonly end: number;
    }
  /** Requests of the wave are there, and their checks haven't all ended. */
  | { readonly kind: "wait"; readonly wave: WaveStatus; readonly pending: number }
  | { readonly kind: "stop"; readonly wave: WaveStatus; readonly reason: string }
  | { readonly kind: "done" };

/**
 * The order in which targets are taken: the same for everybody who works on a campaign,
 * and mixed, so that the first wave isn't one owner's.
 */
export function waveOrder(campaign: string, keys: readonly string[]): string[] {
  const rank = (key: string) =>
    createHash("sha256").update(`${campaign}\n${key}`).digest("hex");
  return keys
    .map((key) => [rank(key), key] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, key]) => key);
}

/**
 * Which wave may go on. A wave starts when each target of the one before has its request,
 * or needs none any more, and the checks of those requests have ended; and no wave goes on
 * where too many checks are red or too many requests were closed unmerged.
 *
 * @param targets Those that have a place in the order.
 * @param ignoreStop A person has looked and wants to go on.
 */
export function decideWave(
  targets: readonly WaveTarget[],
  { waves, stop }: Pick<CampaignSettings, "waves" | "stop">,
  ignoreStop = false,
): WaveDecision {
  const byPlace = targets
    .filter(({ wave }) => wave !== null)
    .sort((a, b) => (a.wave ?? 0) - (b.wave ?? 0));
  if (!byPlace.some(isToDo)) return { kind: "done" };
  const reason = ignoreStop ? undefined : stopReason(byPlace, stop);
  let first = 0;
  for (const [index, size] of [...waves, undefined].entries()) {
    const end = size === undefined ? Infinity : first + size;
    const members = byPlace.filter(({ wave }) => isBetween(wave, first, end));
    const pending = ignoreStop ? 0 : members.filter(isPending).length;
    const isCurrent = members.some(isToDo);
    if (isCurrent || pending > 0) {
      const wave = { number: index + 1, size, targets: members.length };
      if (reason !== undefined) return { kind: "stop", wave, reason };
      return isCurrent
        ? { kind: "go", wave, first, end }
        : { kind: "wait", wave, pending };
    }
    first = end;
  }
  return { kind: "done" };
}

function isBetween(wave: number | null, first: number, end: number): boolean {
  return wave !== null && wave >= first && wave < end;
}

function isPending({ state, checks }: WaveTarget): boolean {
  return state === "open" && checks === "pending";
}

function isToDo({ state }: WaveTarget): boolean {
  return state === "planned" || state === "pushed";
}

function stopReason(
  targets: readonly WaveTarget[],
  { red, closed }: CampaignSettings["stop"],
): string | undefined {
  const asked = targets.filter(({ state }) =>
    ["open", "merged", "closed"].includes(state),
  );
  const checked = asked.filter(({ checks }) => checks === "red" || checks === "green");
  const redOnes = checked.filter(
    ({ checks, state }) => checks === "red" && state === "open",
  );
  const closedOnes = asked.filter(({ state }) => state === "closed");
  if (redOnes.length > red * checked.length) {
    return `checks are red in ${redOnes.length} of ${checked.length} requests (limit ${percent(red)})`;
  }
  if (closedOnes.length > closed * asked.length) {
    return `${closedOnes.length} of ${asked.length} requests were closed unmerged (limit ${percent(closed)})`;
  }
  return undefined;
}

function percent(share: number): string {
  return `${Math.round(1000 * share) / 10} %`;
}
