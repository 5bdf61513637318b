/**
 * What compilers take at least with all that comes along, in MB. Cautious estimates, which
 * serve to tell whether a split is worth it, and to say how much it saves, roughly.
 */
const megabytes: readonly (readonly [names: RegExp, size: number])[] = [
  [/^(build-essential|build-base|alpine-sdk)$/, 220],
  [/^g\+\+(-\d+)?$/, 180],
  [/^gcc(-\d+)?$/, 130],
  [/^clang(-\d+)?$/, 300],
  [/^(golang|golang-go|go|rustc|cargo|rust)$/, 250],
];

/** Bytes of the largest of them, because they share most of what they need. */
export function compilerBytes(names: readonly string[]): number {
  const sizes = names.map(
    (name) => megabytes.find(([pattern]) => pattern.test(name))?.[1] ?? 0,
  );
  return Math.max(0, ...sizes) * 1e6;
}
