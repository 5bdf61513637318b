import type { CampaignSettings } from "../campaign/settings.ts";
import type { TargetRow } from "../store/tables.ts";

/** How many targets of a wave are alike; what the waves are decided by. */
export interface WaveCount extends Pick<TargetRow, "state" | "checks"> {
  /** Index of the wave, from 0; the one after all sizes takes all the others. */
  readonly wave: number;
  readonly targets: number;
}

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

/** The places of each wave in the order, from 0; the end isn't part of it. */
export function wavePlaces(
  waves: CampaignSettings["waves"],
): { readonly first: number; readonly end: number }[] {
  let first = 0;
  const places = waves.map((size) => {
    const place = { first, end: first + size };
    first = place.end;
    return place;
  });
  return [...places, { first, end: Infinity }];
}

/**
 * Which wave may go on. A wave starts when each target of the one before has its request,
 * or needs none any more, and the checks of those requests have ended; and no wave goes on
 * where too many checks are red or too many requests were closed unmerged.
 *
 * @param counts Of targets that have a place in the order; planned ones that are approved.
 * @param ignoreStop A person has looked and wants to go on.
 */
export function decideWave(
  counts: readonly WaveCount[],
  { waves, stop }: Pick<CampaignSettings, "waves" | "stop">,
  ignoreStop = false,
): WaveDecision {
  if (!counts.some(isToDo)) return { kind: "done" };
  const reason = ignoreStop ? undefined : stopReason(counts, stop);
  for (const [index, { first, end }] of wavePlaces(waves).entries()) {
    const members = counts.filter(({ wave }) => wave === index);
    const pending = ignoreStop ? 0 : sum(members.filter(isPending));
    const isCurrent = members.some(isToDo);
    if (!isCurrent && pending === 0) continue;
    const wave = { number: index + 1, size: waves[index], targets: sum(members) };
    if (reason !== undefined) return { kind: "stop", wave, reason };
    return isCurrent ? { kind: "go", wave, first, end } : { kind: "wait", wave, pending };
  }
  return { kind: "done" };
}

function sum(counts: readonly WaveCount[]): number {
  return counts.reduce((total, { targets }) => total + targets, 0);
}

function isPending({ state, checks }: WaveCount): boolean {
  return state === "open" && checks === "pending";
}

function isToDo({ state }: WaveCount): boolean {
  return state === "planned" || state === "pushed";
}

function stopReason(
  counts: readonly WaveCount[],
  { red, closed }: CampaignSettings["stop"],
): string | undefined {
  const asked = counts.filter(({ state }) =>
    ["open", "merged", "closed"].includes(state),
  );
  const checked = asked.filter(({ checks }) => checks === "red" || checks === "green");
  const redOnes = checked.filter(
    ({ checks, state }) => checks === "red" && state === "open",
  );
  const closedOnes = asked.filter(({ state }) => state === "closed");
  if (sum(redOnes) > red * sum(checked)) {
    return `checks are red in ${sum(redOnes)} of ${sum(checked)} requests (limit ${percent(red)})`;
  }
  if (sum(closedOnes) > closed * sum(asked)) {
    return `${sum(closedOnes)} of ${sum(asked)} requests were closed unmerged (limit ${percent(closed)})`;
  }
  return undefined;
}

function percent(share: number): string {
  return `${Math.round(1000 * share) / 10} %`;
}
