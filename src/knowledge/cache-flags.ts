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
  /** Matched against each word of the file's RUNs: a release that can't take the option. */
  readonly oldRelease: RegExp;
  /** Matched against a base image's reference: an image that brings such a release. */
  readonly oldImage: RegExp;
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

function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join("|"));
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
    oldImage: anyOf(
      // Debian 8 and older, Ubuntu 15.10 and older, and what stands on them.
      /^(?!.*\bpython:).*(squeeze|wheezy|jessie|lucid|precise|trusty|(?<!\d)1[0-5]\.(04|10)(?!\d)|ubuntu-?1[0-5]04)/,
      /(^|\/)(resin\/)?rpi-raspbian(:latest)?$|^hypriot\//,
      /\bpython:(2\.[0-6]\b|2\.7\.[0-8]\b|3\.[0-2]\b|3\.3\.[0-5]\b|3\.4\.[0-2]\b)/,
      /(^|\/)fedora:(1?\d|2[01])\b/,
      /(^|\/)opensuse:(12|13\.[0-2])/,
      /(^|\/)centos:(centos)?5/,
      /(^|\/)alpine:v?(2|3\.[01])\b/,
      // Official images that were built on Debian 7 or 8.
      /^(library\/)?java(:|$)/,
      /^(library\/)?(openjdk:7|nginx:1\.([0-9]|1[0-2])|node:[0-8]|iojs|golang:1\.[0-8]|ruby:(1|2\.[0-3])|php:(5|7\.0)|haskell:(7|8\.[02])|postgres:(8|9\.[0-5])|redis:[23]|mysql:5\.[0-6]|mongo:[23]|httpd:2\.2|perl:5\.([0-9]|1\d|2[0-4])|erlang:1[78]|rabbitmq:3\.[0-6]|tomcat:[67])\b(?!.*alpine)/,
    ),
    settingsText:
      /(pip\.conf|\bconfig\s+set\b).*no[-_]cache[-_]dir|no[-_]cache[-_]dir.*pip\.conf/s,
    message: "Keeps pip from storing downloads in the layer (--no-cache-dir).",
    sources: [
      "pip 25 documentation, Caching: “Disabling caching”, “Where is the cache stored”",
      "pip 25 documentation, pip, pip install, pip wheel, pip download: options",
      "pip 25 documentation, Configuration: “Location”, pip config",
      "pip's news: 6.0 (the cache and --no-cache-dir, December 2014), 7.0 (--download-cache goes)",
      "pip in Debian 8 and Ubuntu 14.04: 1.5 (packages.debian.org, packages.ubuntu.com)",
      "docker-library/python: python:2.7.8 and 3.4.2 still came with pip 1.5",
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
    oldRelease: /alpine\/v(2\.\d+|3\.[0-2])(\/|$)/,
    oldImage: anyOf(
      /alpine[\w-]*[:_-]v?(2\.\d|3\.[0-2])\b/,
      /^(library\/)?docker:1\.[0-9]\b/,
      /^mhart\/alpine-(node|iojs):(0|[1-3]|4\.[0-2]|5\.[0-2])\b/,
    ),
    settingsText: undefined,
    message: "Keeps apk from storing its package index in the layer (--no-cache).",
    sources: [
      "apk(8), GLOBAL OPTIONS: --no-cache, --no-network, --update-cache, --cache-max-age",
      "Alpine Linux wiki, Local APK cache: /etc/apk/cache, /var/cache/apk",
      "Alpine 3.3.0 release notes: support for --no-cache",
    ],
  },
];

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
  /^(config|configure|Configure|autogen\.sh|buildconf|bootstrap|gradlew|mvnw|(pip|python|pypy)[\d.]*|node|npm|npx|yarn|go|cargo|rustup|java|javac|ruby|gem|bundle|php|perl|composer|curl|make|cmake|gcc|test)$/;
