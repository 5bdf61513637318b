import { gemNeeds } from "../../../knowledge/ruby-gems.ts";

/** What a Gemfile.lock says (bundler.io, "Gemfile.lock"; Bundler's lockfile parser). */
export interface LockedGems {
  readonly names: readonly string[];
  /** Debian's packages for the final stage. */
  readonly packages: readonly string[];
}

/**
 * @param isForced gems are compiled here, even where there are compiled ones
 * @returns the reason where it can't be told what the gems need
 */
export function readLock(text: string, isForced: boolean): LockedGems | string {
  const names = new Set<string>();
  const packages = new Set<string>();
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    if (/^[A-Z]/.test(line)) section = line.trim();
    if (/^(GIT|PLUGIN SOURCE)$/.test(section))
      return "a gem comes from a Git repository: what it needs can't be told";
    const [, name, version = ""] = /^ {4}(\S+) \(([^)]*)\)$/.exec(line) ?? [];
    if (section !== "GEM" || name === undefined) continue;
    const found = gemNeeds(name);
    if (!found) return `which libraries and programs the gem “${name}” needs isn't known`;
    names.add(name);
    // One that was compiled before has its libraries in itself.
    const isCompiled =
      !isForced && /-(x86_64|aarch64|arm64|x86|arm)[-\w]*-?linux/.test(version);
    if (!isCompiled) for (const item of found) packages.add(item);
  }
  // Debian has had no time zones in its slim images since its 13th release.
  if (names.has("tzinfo") && !names.has("tzinfo-data")) packages.add("tzdata");
  return names.size === 0
    ? "its Gemfile.lock names no gem"
    : { names: [...names], packages: [...packages].sort() };
}
