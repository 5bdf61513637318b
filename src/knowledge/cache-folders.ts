import { packageManagers } from "./package-managers.ts";

/** A folder whose files a clean-up or an option of its manager keeps out of the image. */
export interface CacheFolder {
  /** Absolute; `~` stands for any home folder. */
  readonly path: string;
  /** What fills it: apt, pip … */
  readonly manager: string;
}

/**
 * Where the folders of the clean-up table are wider than what the clean-up removes: other
 * programs keep things there that the image may need.
 */
const exact: Readonly<Record<string, readonly string[]>> = {
  // npm-cache(1): `clean` removes _cacache; beside it npx keeps programs.
  npm: ["~/.npm/_cacache"],
  // Yarn 1, `yarn cache dir`: a folder `yarn` in the user's or, as root, the system's cache.
  yarn: ["~/.cache/yarn", "/usr/local/share/.cache/yarn"],
};

/**
 * The caches that the transforms `clean-package-cache` and `no-cache-flags` keep out of an
 * image. Where a manager's cache is left alone, the image may need it.
 */
export const cacheFolders: readonly CacheFolder[] = packageManagers
  .filter(({ leave }) => leave === undefined)
  .flatMap(({ id, folders }) =>
    [...new Set((exact[id] ?? folders).map(inAnyHome))].map((path) => ({
      path,
      manager: id,
    })),
  );

/** The table spells a home folder in several ways, since Dockerfiles do. */
function inAnyHome(path: string): string {
  return path.replace(/^(\/root|\$HOME|\/home\/[^/]+)(?=\/)/, "~");
}
