import type { FlagFacts } from "./managers/types.ts";
import { packageManagers, type PackageManager } from "./package-managers.ts";

/** A package manager with an option that keeps its cache out of the image. */
export type CacheFlag = FlagFacts &
  Pick<PackageManager, "id" | "programs" | "valueOptions" | "variables">;

export const cacheFlags: readonly CacheFlag[] = packageManagers.flatMap(
  ({ flag, id, programs, valueOptions, variables }) =>
    flag ? [{ ...flag, id, programs, valueOptions, variables }] : [],
);

/**
 * Subcommands of apk that neither read nor fetch the package index: apk(8), and
 * APK_OPENF_NO_AUTOUPDATE in apk-tools' src/app_del.c.
 */
export const apkIndexFree: ReadonlySet<string> = new Set(["audit", "del"]);

/** Options of `apk update` that only change what it prints. */
export const apkUpdateOptions: ReadonlySet<string> = new Set([
  "-q",
  "-v",
  "--no-cache",
  "--no-progress",
  "--quiet",
  "--verbose",
]);

/** The folder of apk's index, whole or its content, as an argument of `rm`. */
export const apkIndexPath =
  /^\/+var\/+cache\/+apk(\/+(\*|\*\.\*|APKINDEX\*|APKINDEX\.\*|\*\.tar\.gz)?)?$/;

/** The program apk in a text that isn't read as shell code; `/var/cache/apk` is not it. */
export const apkInText = /(?<![\w.-]|cache\/|etc\/|lib\/|share\/)apk(?![\w.-])/;

/** Programs that no package manager hides behind, though they may stand in any folder. */
export const plainPrograms =
  /^(configure|Configure|autogen\.sh|buildconf|gradlew|mvnw|(pip|python|pypy)[\d.]*|node|npm|npx|yarn|go|cargo|rustup|java|javac|conda|mamba|micromamba|ruby|gem|bundle|php|perl|composer|curl|make|cmake|gcc|test)$/;
