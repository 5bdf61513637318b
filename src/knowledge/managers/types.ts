/**
 * What is known about one package manager. Data only: whoever adds a manager adds an entry to
 * a file of this folder, with the source of each fact.
 */
export interface PackageManager {
  readonly id: string;
  /** As people write it, for docs/package-managers.md. */
  readonly title: string;
  readonly programs: RegExp;
  /** Options before the subcommand that take the next word as their value. */
  readonly valueOptions: readonly string[];
  /**
   * What fills the cache. This and the next three are matched against the words of a call that
   * are no options, joined by one space: `install curl`, `cache clean`, or nothing.
   */
  readonly fills: RegExp;
  /** What needs the cache that the clean-up removes, and doesn't fetch it itself. */
  readonly reads?: RegExp;
  /** `fills` fetches an index only, and `reads` is what installs by it, as with apt. */
  readonly isIndex?: boolean;
  readonly cleans?: RegExp;
  /** Options with which a call needs the cache instead of the network. */
  readonly readsByOption?: RegExp;
  /** For a manager whose options are its subcommands: the same, matched against each option. */
  readonly byOption?: { readonly fills: RegExp; readonly cleans: RegExp };
  /** Matched against the text of any other command: it needs this cache, too. */
  readonly otherReaders?: RegExp;
  /**
   * For a cache of compiled code: other programs that may build with it. It goes only where
   * nothing that follows, in the build or at the start, may build.
   */
  readonly wantedBy?: RegExp;
  /** Matched against the text of any other command: it cleans this cache, too. */
  readonly otherCleanups?: RegExp;
  /** The cache's folders; a `rm` or `find` on one of them counts as a clean-up. */
  readonly folders: readonly string[];
  /**
   * The clean-up, to be joined by `&&`; empty where there is none. `{program}` stands for the
   * program as the file names it.
   */
  readonly cleanup: readonly string[];
  /** The clean-up is for images whose release may not know the option `flag`. */
  readonly isCleanupForOld?: true;
  /**
   * The same by paths in the home folder of whoever installs, for where the manager can't be
   * asked once more. An install that succeeds has to show that the folder is this user's own.
   */
  readonly cleanupByPath?: readonly string[];
  /** Whom the clean-up takes, where it isn't the manager itself that knows its own folders. */
  readonly rights?: CleanupRights;
  /** The clean-up's path is right on these official images alone: a repository's name. */
  readonly images?: RegExp;
  /** Other places, where the manager came from the distribution's own packages. */
  readonly packaged?: readonly PackagedPlace[];
  /** Why its cache stays. */
  readonly leave?: string;
  /**
   * Where its cache stays because there is nothing to gain: it leaves none behind, or what it
   * leaves is what was installed. Absent where a cache stays in the image.
   */
  readonly keeps?: "nothing" | "what is in use";
  /** The option that keeps the cache from being stored. */
  readonly flag?: FlagFacts;
  /** Environment variables that move the cache or switch it off. */
  readonly variables: readonly string[];
  /** Matched against the Dockerfile's text: settings that move the cache or switch it off. */
  readonly settings?: RegExp;
  /** Options of an install that move the cache. */
  readonly handledByOption?: RegExp;
  readonly writes: readonly CacheFolder[];
  readonly mounts: readonly CacheMount[];
  /** Base images that keep the cache out themselves. */
  readonly keptOutBy?: string;
  /** Why we do what we do; a sentence of Markdown. */
  readonly why: string;
  /** Releases from which on this is true, where that matters. */
  readonly since?: string;
  readonly sources: readonly string[];
}

/** Where a manager has its cache if the distribution packages it. */
export interface PackagedPlace {
  /** Matched against ID and VERSION_ID of os-release(5): `debian 12`, `debian `. */
  readonly families: RegExp;
  readonly installers: RegExp;
  /** Names of packages that bring it, or that are of no use without it. */
  readonly packages: RegExp;
  /** Matched against the Dockerfile's text: it may come from somewhere else. */
  readonly others: RegExp;
  readonly cleanup: readonly string[];
}

/**
 * - `root`: root, by the RUN's user or by `sudo` and its like, because other users' files may
 *   lie in the folder, and a `rm` that fails fails the build
 * - `root-home`: the RUN's user is root, and the folder is in root's home
 * - `own-home`: whoever runs it, in the user's own home
 */
export type CleanupRights = "root" | "root-home" | "own-home";

export interface CacheFolder {
  /** `~` is the home folder of whoever runs the manager. */
  readonly path: string;
  readonly holds: string;
  /** Variables and settings that move it. */
  readonly movedBy?: string;
}

/** A BuildKit cache mount that can take the place of the clean-up. */
export interface CacheMount {
  readonly target: string;
  /** `locked` where two runs at a time would get in each other's way. */
  readonly sharing: "shared" | "locked";
  /** What else has to change for the mount to be of use. */
  readonly alsoNeeds?: string;
}

/** What there is to know about an option against the cache. */
export interface FlagFacts {
  /** The module under which `python -m` runs the same program. */
  readonly pythonModule?: string;
  /** Subcommands, of one word or two, that fill the cache and take the option. */
  readonly subcommands: readonly string[];
  readonly flag: string;
  /** The shortest abbreviation of the option that the program accepts. */
  readonly shortestFlag: string;
  /** Other spellings of the option. */
  readonly aliases?: readonly string[];
  /** Options that the new one makes idle. */
  readonly idleOptions: readonly string[];
  readonly handledByOption: readonly HandledByOption[];
  /** Matched against the target of a mount: the cache's folder, or one above or inside it. */
  readonly mountTarget: RegExp;
  /** Network-less RUNs need what the cache holds. */
  readonly needsNetwork: boolean;
  /** Text of a command that names the cache: it may rely on finding it there. */
  readonly cacheText: RegExp;
  /** Matched against the Dockerfile's text: what is installed may be links into the cache. */
  readonly linksText?: RegExp;
  /** A clean-up in the same RUN is as good as the option. */
  readonly isCleanupEnough: boolean;
  /** Matched against each word of the file's RUNs: a release that can't take the option. */
  readonly oldRelease: RegExp;
  /** Matched against a base image's reference: an image that brings such a release. */
  readonly oldImage: RegExp;
  /**
   * Matched against the image that the program comes from (`FROM`, `COPY --from`): without one
   * of these, its release isn't known to take the option. Undefined where most do.
   */
  readonly newImage?: RegExp;
  /** Text of a command that switches the cache off in the manager's settings. */
  readonly settingsText: RegExp | undefined;
  readonly message: string;
}

interface HandledByOption {
  /** Matched against one argument. */
  readonly option: RegExp;
  readonly reason: string;
}

type Optional = "valueOptions" | "folders" | "cleanup" | "variables" | "mounts";

/** An entry in which empty lists may be left out. */
export function packageManager(
  entry: Omit<PackageManager, Optional> & Partial<Pick<PackageManager, Optional>>,
): PackageManager {
  return {
    valueOptions: [],
    folders: [],
    cleanup: [],
    variables: [],
    mounts: [],
    ...entry,
  };
}

/** A folder of a home folder in the spellings in which Dockerfiles name it. */
export function inHome(path: string, ...users: readonly string[]): string[] {
  const homes = ["~", "$HOME", "/root", ...users.map((user) => `/home/${user}`)];
  return homes.map((home) => `${home}/${path}`);
}

/**
 * Caches in the home folder of whoever runs the manager, which nothing but a `rm` empties.
 *
 * @param paths from the home folder
 */
export function cachesInHome(
  ...paths: readonly string[]
): Pick<PackageManager, "folders" | "cleanup" | "rights" | "mounts"> {
  const ofRoot = paths.map((path) => `/root/${path}`);
  return {
    folders: paths.flatMap((path) => inHome(path)),
    cleanup: [`rm -rf ${ofRoot.join(" ")}`],
    rights: "root-home",
    mounts: ofRoot.map((target) => ({ target, sharing: "shared" })),
  };
}

/** Matches nothing. */
export const nothing = /(?!)/;

export function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join("|"));
}
