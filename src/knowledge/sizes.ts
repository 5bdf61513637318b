/**
 * How many bytes the caches of package managers take in a layer: the table sizes.json,
 * which `npm run measure-sizes` writes, and the lookup in it.
 */
import table from "./sizes.json" with { type: "json" };

/** One row of sizes.json. */
export interface SizeEntry {
  /** The package manager, as in package-managers.ts and cache-flags.ts where it is there. */
  readonly manager: string;
  /**
   * What fills the cache: `update` fetches the package index, by whichever command;
   * `archives`, `install`, `ci`, `build` and `package` are what is kept of the packages.
   */
  readonly kind: string;
  /** What was run. */
  readonly command: string;
  readonly base: {
    readonly image: string;
    /** ID and VERSION_ID of os-release(5). */
    readonly family: string;
    readonly release: string;
    /** For a person: `Debian 12`. */
    readonly name: string;
  };
  /** Absolute paths of what was counted. */
  readonly cache: readonly string[];
  /** Bytes of the files in a layer, hard links counted once. */
  readonly bytes: number;
  /** `at least` where every other use of the command leaves as much or more. */
  readonly bound: "about" | "at least";
  /** What the bytes grow with, and how much of it there was. Absent if they don't. */
  readonly per?: SizeAmount;
  readonly method: "measured" | "published";
  readonly how: string;
  /** The address of a published figure. */
  readonly source?: string;
  /** Of the measurement or of the publication, as YYYY-MM-DD. */
  readonly date: string;
}

export interface SizeAmount {
  readonly unit: "packages" | "downloaded bytes";
  readonly count: number;
}

export interface SizeQuery {
  readonly manager: string;
  readonly kind: string;
  /** Family and release of the base image's distribution, as far as they are known. */
  readonly family?: string;
  readonly release?: string;
  /** How much is installed, for caches that grow with it. */
  readonly amount?: SizeAmount;
}

export interface CacheSize {
  readonly bytes: number;
  /** The bytes in words, with where they come from. */
  readonly wording: string;
  /** Measured for this very family and release, or independent of them. */
  readonly isExact: boolean;
  readonly entry: SizeEntry;
}

// The import types every string of the file as `string`; test/sizes.test.ts checks the rows.
export const sizeEntries = table as readonly SizeEntry[];

/**
 * The bytes that a clean-up saves.
 * @returns undefined where nothing is known, or where the bytes grow with an amount that
 *   the query doesn't give.
 */
export function cacheSize(query: SizeQuery): CacheSize | undefined {
  const entries = sizeEntries.filter(
    ({ manager, kind }) => manager === query.manager && kind === query.kind,
  );
  return fixedSize(entries, query) ?? scaledSize(entries, query);
}

function fixedSize(
  entries: readonly SizeEntry[],
  query: SizeQuery,
): CacheSize | undefined {
  const fixed = entries.filter(({ per }) => per === undefined);
  const entry = nearest(fixed, query);
  if (entry === undefined) return undefined;
  const { base, bytes, command, method } = entry;
  return {
    bytes,
    wording: `${sizeInWords(bytes, entry.bound)} (${method} for ${command} on ${base.name})`,
    isExact: base.family === query.family && base.release === query.release,
    entry,
  };
}

/** The nearest release of the family, else the smallest entry: too low beats too high. */
function nearest(
  entries: readonly SizeEntry[],
  { family, release }: SizeQuery,
): SizeEntry | undefined {
  const distance = ({ base }: SizeEntry): number =>
    base.family !== family
      ? Infinity
      : base.release === release
        ? 0
        : Math.abs(rank(base.release) - rank(release)) || Number.MAX_VALUE;
  return [...entries].sort((one, other) => {
    const [near, far] = [distance(one), distance(other)];
    return near === far ? one.bytes - other.bytes : near - far;
  })[0];
}

/** Puts 3.8 before 3.20; not a number for a release without digits. */
function rank(release: string | undefined): number {
  const [major = NaN, minor = 0] = (release ?? "").split(".").map(Number);
  return major * 1000 + minor;
}

/** Bytes by the entry with the smallest share for each unit: too low beats too high. */
function scaledSize(
  entries: readonly SizeEntry[],
  { amount }: SizeQuery,
): CacheSize | undefined {
  if (amount === undefined) return undefined;
  const shares = entries
    .filter(({ per }) => per?.unit === amount.unit)
    .map((entry) => ({ entry, share: entry.bytes / (entry.per?.count ?? 1) }))
    .sort((one, other) => one.share - other.share);
  const lowest = shares[0];
  if (lowest === undefined) return undefined;
  const { entry, share } = lowest;
  const bytes = Math.floor(share * amount.count);
  const counted =
    amount.unit === "packages" ? `${amount.count} packages` : "by what is downloaded";
  return {
    bytes,
    wording: `${sizeInWords(bytes, "about")} (${counted}, as ${entry.method} for ${entry.command}, the lowest of ${shares.length})`,
    isExact: true,
    entry,
  };
}

/** Decimal units, as Docker shows them. What is a lower bound is rounded down. */
export function sizeInWords(bytes: number, bound: SizeEntry["bound"]): string {
  const [unit, name] = bytes >= 1e6 ? [1e6, "MB"] : [1e3, "kB"];
  const step = bytes / unit < 10 ? 10 : 1;
  const scaled = (bytes / unit) * step;
  const rounded = (bound === "about" ? Math.round(scaled) : Math.floor(scaled)) / step;
  return `${bound} ${rounded} ${name}`;
}
