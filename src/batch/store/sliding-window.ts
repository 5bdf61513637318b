/** How many calls are allowed in any span of that length; undefined means any number. */
export interface Limits {
  readonly perMinute?: number | undefined;
  readonly perHour?: number | undefined;
}

const minute = 60_000;
export const hour = 60 * minute;

/**
 * The earliest time from `now` on at which one more call leaves no minute and no hour with
 * more calls than the limits say. A span doesn't include its end: two calls that are a
 * minute apart are in no minute together.
 *
 * @param taken Times of the other calls, ascending, past and future, in milliseconds.
 */
export function earliestCall(
  taken: readonly number[],
  limits: Limits,
  now: number,
): number {
  let at = now;
  for (;;) {
    const later = Math.max(
      freeFrom(taken, limits.perMinute, minute, at),
      freeFrom(taken, limits.perHour, hour, at),
    );
    if (later === at) return at;
    at = later;
  }
}

/** The first time from `at` on at which one limit alone allows a call. */
function freeFrom(
  taken: readonly number[],
  limit: number | undefined,
  span: number,
  at: number,
): number {
  if (limit === undefined) return at;
  let free = at;
  // As many calls as are allowed, one after the other: with `free` they would be too many
  // where all of them lie in one span.
  for (let last = limit - 1; last < taken.length; last += 1) {
    const [from, to] = [taken[last - limit + 1] ?? 0, taken[last] ?? 0];
    if (Math.max(to, free) - Math.min(from, free) < span) free = from + span;
  }
  return free;
}

/**
 * When the last of so many calls may be made, if each is made as early as it may be after
 * those that are taken already; `now` for none.
 */
export function lastCallOf(
  calls: number,
  taken: readonly number[],
  limits: Limits,
  now: number,
): number {
  const times = [...taken];
  let at = now;
  for (let call = 0; call < calls; call += 1) {
    const { length } = times;
    at = Math.max(
      at,
      times.at(-1) ?? now,
      // Undefined where fewer calls than the limit have been made.
      (times[length - (limits.perMinute ?? Infinity)] ?? -Infinity) + minute,
      (times[length - (limits.perHour ?? Infinity)] ?? -Infinity) + hour,
    );
    times.push(at);
  }
  return at;
}
