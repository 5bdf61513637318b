import type { SizeEntry } from "../../src/knowledge/sizes.ts";

/** A change below this share is the day's change of a registry, and isn't recorded. */
const tolerance = 0.01;

export interface Update {
  readonly entries: SizeEntry[];
  /** What changed, one line each. */
  readonly lines: string[];
}

/** Puts the new rows in the place of the old ones. Rows that weren't measured anew stay. */
export function updateTable(
  recorded: readonly SizeEntry[],
  measured: readonly SizeEntry[],
): Update {
  const rows = new Map(recorded.map((entry) => [keyOf(entry), entry]));
  const lines = measured.map((entry) => {
    const key = keyOf(entry);
    const old = rows.get(key);
    const share = old === undefined ? Infinity : Math.abs(entry.bytes / old.bytes - 1);
    const isSame = old !== undefined && share < tolerance && saysTheSame(old, entry);
    if (!isSame) rows.set(key, entry);
    if (old === undefined) return `new      ${key}: ${entry.bytes}`;
    const was = `${old.bytes}, now ${entry.bytes}`;
    return isSame ? `same     ${key}: ${was}` : `changed  ${key}: ${was}`;
  });
  return { entries: [...rows.values()].sort(byKey), lines };
}

function keyOf({ manager, kind, command, base }: SizeEntry): string {
  return [manager, kind, base.family, base.release, base.image, command].join(" | ");
}

function byKey(one: SizeEntry, other: SizeEntry): number {
  const [a, b] = [keyOf(one), keyOf(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Apart from the figures and the date. */
function saysTheSame(old: SizeEntry, now: SizeEntry): boolean {
  const words = ({ cache, bound, per, method, how }: SizeEntry): string =>
    JSON.stringify([cache, bound, per?.unit, method, how]);
  return words(old) === words(now);
}
