/**
 * Package managers with an option that keeps their cache out of the image. Data only:
 * whoever adds a manager adds an entry, with the source of each fact.
 */
export interface CacheFlag {
  readonly id: "apk" | "pip";
  readonly programs: RegExp;
  /** The module under which `python -m` runs the same program. */
  readonly pythonModule?: string;
  /** Options that take the next word as their value and may stand before the subcommand. */
  readonly valueOptions: readonly string[];
  /** Subcommands that fill the cache and take the option. */
  readonly subcommands: readonly string[];
  readonly flag: string;
  /** The shortest abbreviation of the option that the program accepts. */
  readonly shortestFlag: string;
  /** Options that the new one makes idle. */
  readonly idleOptions: readonly string[];
  readonly handledByOption: readonly HandledByOption[];
  /** Environment variables that switch the cache off or move it. */
  readonly variables: readonly string[];
  /** Matched against the target of a mount: the cache's folder, or one above or inside it. */
  readonly mountTarget: RegExp;
  /** Network-less RUNs need what the cache holds. */
  readonly needsNetwork: boolean;
  /** Text of a command that names the cache: it may rely on finding it there. */
  readonly cacheText: RegExp;
  /** A clean-up in the same RUN is as good as the option. */
  readonly isCleanupEnough: boolean;
  /** Arguments of a call that show an older release, which doesn't know the option. */
  readonly oldRelease: RegExp | undefined;
  /** Text of a command that switches the cache off in the manager's settings. */
  readonly settingsText: RegExp | undefined;
  readonly message: string;
  readonly sources: readonly string[];
}

interface HandledByOption {
  /** Matched against one argument. */
  readonly option: RegExp;
  readonly reason: string;
}

export const cacheFlags: readonly CacheFlag[] = [
  {
    id: "pip",
    programs: /^pip(\d+(\.\d+)?)?$/,
    pythonModule: "pip",
    valueOptions: [
      "--cache-dir",
      "--cert",
      "--client-cert",
      "--default-timeout",
      "--exists-action",
      "--keyring-provider",
      "--log",
      "--log-file",
      "--local-log",
      "--proxy",
      "--python",
      "--retries",
      "--timeout",
      "--trusted-host",
      "--use-deprecated",
      "--use-feature",
    ],
    subcommands: ["install", "wheel", "download"],
    flag: "--no-cache-dir",
    // Next to it: --no-clean, --no-color, --no-compile.
    shortestFlag: "--no-ca",
    idleOptions: [],
    handledByOption: [
      { option: /^--ca/, reason: "--cache-dir moves the cache to a place of its own" },
      {
        option: /^(-M|--use-mirrors|--mirrors|--download-cache)(=|$)/,
        reason: "this option is from before --no-cache-dir",
      },
    ],
    variables: ["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR"],
    mountTarget:
      /pip|\$|(^|\/)\.cache\/?$|^\/*((root|home|home\/[^/]+|Users\/[^/]+)\/?)?$/i,
    needsNetwork: false,
    cacheText: /(?<!\/usr\/local\/share\/)\.cache(?![\w.-])|\bpip[\d.]*\s+cache\b/,
    isCleanupEnough: true,
    // 19.0 and 19.0.1 fail over --no-cache-dir where a project has a pyproject.toml.
    oldRelease:
      /^["']?pip["']?((==|<=|~=)["']?([0-5](\.|["']?$)|19\.0(\.1)?["']?$)|<["']?([0-5](\.|["']?$)|6(\.0)*["']?$))/,
    settingsText:
      /(pip\.conf|\bconfig\s+set\b).*no[-_]cache[-_]dir|no[-_]cache[-_]dir.*pip\.conf/s,
    message: "Keeps pip from storing downloads in the layer (--no-cache-dir).",
    sources: [
      "pip 25 documentation, Caching: “Disabling caching”, “Where is the cache stored”",
      "pip 25 documentation, pip, pip install, pip wheel, pip download: options",
      "pip 25 documentation, Configuration: “Location”, pip config",
      "pip's news: 6.0 (the cache and --no-cache-dir, December 2014), 7.0 (--download-cache goes)",
      "pip's news: 19.0.2 (AssertionError with --no-cache-dir, issue 6197)",
      "Python documentation, optparse: abbreviated long options",
    ],
  },
  {
    id: "apk",
    programs: /^apk$/,
    valueOptions: [
      "-X",
      "--repository",
      "-t",
      "--virtual",
      "-p",
      "--root",
      "--arch",
      "--cache-dir",
      "--cache-max-age",
      "--keys-dir",
      "--progress-fd",
      "--repositories-file",
      "--timeout",
      "--wait",
    ],
    subcommands: ["add", "upgrade"],
    flag: "--no-cache",
    shortestFlag: "--no-ca",
    idleOptions: ["-U", "--update", "--update-cache"],
    handledByOption: [
      { option: /^--no-n/, reason: "--no-network needs the cache" },
      {
        option: /^--cache-d/,
        reason: "--cache-dir moves the cache to a place of its own",
      },
      { option: /^--cache-m/, reason: "--cache-max-age asks for the cache" },
    ],
    variables: [],
    mountTarget: /apk|\$|^\/*((var|var\/cache|etc)\/?)?$/,
    needsNetwork: true,
    cacheText: /\/var\/+cache\/+apk|\/etc\/+apk\/+cache|\bsetup-apkcache\b/,
    isCleanupEnough: false,
    oldRelease: undefined,
    settingsText: undefined,
    message: "Keeps apk from storing its package index in the layer (--no-cache).",
    sources: [
      "apk(8), GLOBAL OPTIONS: --no-cache, --no-network, --update-cache, --cache-max-age",
      "Alpine Linux wiki, Local APK cache: /etc/apk/cache, /var/cache/apk",
      "Alpine 3.3.0 release notes: support for --no-cache",
    ],
  },
];

/** Subcommands of apk that neither read nor write the package index (apk(8)). */
export const apkIndexFree: ReadonlySet<string> = new Set(["audit", "del"]);
