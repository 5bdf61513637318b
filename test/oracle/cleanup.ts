/**
 * The differences that a transform may declare, as a strict table: clean-up that is added,
 * flags that stop a cache from being kept, and what such a flag makes idle. Whatever isn't
 * written here has to be equal.
 */

/** Folders that hold nothing but a package manager's cache, and the programs that fill them. */
const CACHE_PATHS: readonly (readonly [RegExp, RegExp])[] = [
  [/^\/var\/lib\/apt\/lists\/?(?:\*|\*\/\*)?$/, /^(?:apt|aptitude)/],
  [
    /^\/var\/cache\/apt\/?(?:\*|archives(?:\/(?:\*(?:\.deb)?|partial\/\*)?)?)?$/,
    /^(?:apt|aptitude)/,
  ],
  [/^\/var\/cache\/(?:yum|dnf|libdnf5|tdnf)\/?\*?$/, /^(?:yum|dnf|microdnf|tdnf)/],
  [/^\/var\/cache\/zypp\/?\*?$/, /^zypper$/],
  [/^\/var\/cache\/pacman\/pkg\/?\*?$/, /^pacman$/],
  [/^\/var\/cache\/xbps\/?\*?$/, /^xbps/],
  [/^\/var\/opkg-lists(?:\/\*)?$/, /^opkg/],
  [
    // Poetry's environments lie in pypoetry/virtualenvs, what pdm links to in pdm/packages.
    /^(?:\/root|~|\/home\/[\w.-]+)\/\.(?:cache\/(?:pip|pip-tools|uv|pypoetry\/(?:cache|artifacts)|pipenv|pdm\/(?:http|wheels)|composer|yarn|go-build)|npm(?:\/_cacache)?|composer\/cache|gem\/cache|bundle\/cache)(?:\/\*)?$/,
    /^(?:pip|python|uv|poetry|pipenv|pdm|composer|yarn|go|npm|npx|gem|bundle)/,
  ],
  // cpan's settings lie in .cpan/CPAN.
  [
    /^(?:\/root|~|\/home\/[\w.-]+)\/\.(?:cpanm|cpan\/(?:build|sources))(?:\/\*)?$/,
    /^(?:cpan|perl)/,
  ],
  [/^\/usr\/local\/share\/\.cache(?:\/yarn)?(?:\/\*)?$/, /^yarn/],
  // Beside the archives are clones of git repositories.
  [
    /^(?:\/usr\/local\/bundle|\/(?:var\/lib|usr\/lib\/ruby)\/gems\/\*|\/usr\/local\/share\/gems)\/cache\/\*\.gem$/,
    /^(?:bundle|gem)/,
  ],
  [/^\/var\/cache\/luarocks(?:\/\*)?$/, /^luarocks/],
  [/^\/tmp\/pear(?:\/\*)?$/, /^(?:pear|pecl|docker-php-ext)/],
  [/^\/tmp\/downloaded_packages(?:\/\*)?$/, /^(?:R|Rscript|r|littler|install2?\.r)$/],
];

const CLEANING_COMMANDS = [
  /^apt-get (?:-y )?(?:auto)?clean(?: -y)?$/,
  /^(?:yum|dnf|dnf5|microdnf|tdnf)(?: -y| -q)* clean all$/,
  /^zypper(?: --non-interactive| -n)? clean(?: --all| -a)?$/,
  /^npm cache clean --force$/,
  /^yarn cache clean$/,
  /^(?:conda|mamba|micromamba) clean (?:-afy|--all(?: --yes| -y)|-a -f -y|-ay|-tipy)$/,
  /^composer(?:\.phar)? (?:clear-cache|clearcache)$/,
  /^swupd clean --all$/,
  /^uv cache clean$/,
];

/** Where they do it; the others might do it anywhere. */
const CLEANED_FOLDERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:yum|dnf|dnf5|microdnf) /, ["/var/cache/yum", "/var/cache/dnf"]],
  [/^tdnf /, ["/var/cache/tdnf"]],
  [/^swupd /, ["/var/lib/swupd", "/var/cache/swupd"]],
  [/^apt-get /, ["/var/cache/apt"]],
  [/^zypper /, ["/var/cache/zypp"]],
  [/^(?:conda|mamba|micromamba) /, ["/opt/conda/pkgs", "/root/micromamba/pkgs"]],
  [/^npm /, ["/root/.npm"]],
  [/^yarn /, ["/usr/local/share/.cache", "/root/.cache"]],
];

/** The folders that a clean-up empties; globs and all. */
export function cleanedPaths(argv: readonly string[]): readonly string[] {
  const removed = removedPaths(argv);
  if (removed) return removed;
  const text = withoutPrefix(argv).join(" ");
  return CLEANED_FOLDERS.find(([command]) => command.test(text))?.[1] ?? ["/"];
}

export function isCleanup(argv: readonly string[]): boolean {
  const words = withoutPrefix(argv);
  const text = words.join(" ").replace(/^\/\S*\//, "");
  if (CLEANING_COMMANDS.some((command) => command.test(text))) return true;
  const paths = removedPaths(words);
  return (
    paths !== undefined &&
    paths.length > 0 &&
    paths.every((path) => CACHE_PATHS.some(([cache]) => cache.test(path)))
  );
}

/** Whether the command may have filled what this clean-up empties; as whom is left open. */
export function mayFill(argv: readonly string[], cleanup: readonly string[]): boolean {
  const words = withoutPrefix(cleanup);
  const programs = removedPaths(cleanup)?.flatMap((path) =>
    CACHE_PATHS.flatMap(([cache, program]) => (cache.test(path) ? [program] : [])),
  );
  const name = baseName(words[0] ?? "");
  // A script in one word, as `sh -c '…'` has it, names the program somewhere.
  const named = argv.flatMap((word) => word.split(/[\s'"`();&|]+/)).map(baseName);
  return (programs ?? [new RegExp(`^${name}`)]).every((program) =>
    named.some((word) => program.test(word)),
  );
}

function baseName(path: string): string {
  return path.replace(/^.*\//, "");
}

/** What `rm -r…` removes; `undefined` for any other command. */
export function removedPaths(argv: readonly string[]): readonly string[] | undefined {
  const words = withoutPrefix(argv);
  if (!/^(?:\/usr)?(?:\/bin\/)?rm$/.test(words[0] ?? "")) return undefined;
  const options = words.slice(1).filter((word) => word.startsWith("-"));
  if (options.some((option) => !/^-[rRf]+$/.test(option) && option !== "--"))
    return undefined;
  if (!options.some((option) => /r/i.test(option))) return undefined;
  return (
    words
      .slice(1)
      .filter((word) => !word.startsWith("-"))
      // A home of `/` gives `//.npm`.
      .map((word) => word.replace(/^\/\/+/, "/"))
  );
}

/** The command behind `sudo`, `doas`, `gosu`, `su-exec` and `su -c`. */
export function withoutPrefix(argv: readonly string[]): readonly string[] {
  return readPrefix(argv).words;
}

/** As whom such a prefix runs the command; `undefined` without one. */
export function prefixUser(argv: readonly string[]): string | undefined {
  return readPrefix(argv).user;
}

function readPrefix(argv: readonly string[]): {
  readonly words: readonly string[];
  readonly user: string | undefined;
} {
  const name = argv[0] ?? "";
  if (/^(?:gosu|su-exec)$/.test(name)) return { words: argv.slice(2), user: argv[1] };
  if (name === "su") return readSu(argv);
  if (!/^(?:sudo|doas)$/.test(name)) return { words: argv, user: undefined };
  let at = 1;
  let user = "root";
  while ((argv[at] ?? "").startsWith("-")) {
    if (argv[at] === "-u") user = argv[++at] ?? "";
    at++;
  }
  const rest = argv.slice(at);
  if (rest[0] === "su") return readSu(rest);
  return { words: rest, user };
}

/** `su user -c 'one command'`; a script of more than one is left as it is. */
function readSu(argv: readonly string[]): ReturnType<typeof readPrefix> {
  const at = argv.indexOf("-c");
  const script = argv[at + 1] ?? "";
  const names = argv.filter((word, i) => i > 0 && i !== at + 1 && !word.startsWith("-"));
  if (at < 0) return { words: argv, user: undefined };
  const isOne = !/[^\w ./*~@:=-]/.test(script);
  return { words: isOne ? script.split(/ +/) : argv, user: names[0] ?? "root" };
}

export function removesAptLists(argv: readonly string[]): boolean {
  return (removedPaths(argv) ?? []).some((path) => path.startsWith("/var/lib/apt/lists"));
}

export type AptUse = "update" | "reads lists" | "none";

export function aptUse(argv: readonly string[]): AptUse {
  const at = argv.findIndex((word) =>
    /^(?:.*\/)?(?:apt-get|apt|aptitude|apt-cache|add-apt-repository)$/.test(word),
  );
  if (at < 0) {
    // A script in one word, as `sudo sh -c '…'` has it, reads what it mentions.
    const text = argv.join(" ");
    if (
      !/\b(?:apt-get|apt|aptitude)\b[^;&|]*\b(?:install|upgrade|build-dep)\b/.test(text)
    )
      return "none";
    return /\b(?:apt-get|apt|aptitude)\b[^;&|]*\bupdate\b/.test(text)
      ? "update"
      : "reads lists";
  }
  const rest = argv.slice(at + 1);
  if ((argv[at] ?? "").endsWith("add-apt-repository"))
    return rest.includes("-n") || rest.includes("--no-update") ? "none" : "update";
  if (rest.includes("update")) return "update";
  if ((argv[at] ?? "").endsWith("apt-cache")) return "reads lists";
  const readers =
    /^(?:install|reinstall|upgrade|dist-upgrade|full-upgrade|safe-upgrade|build-dep|source|download|satisfy|show|search|policy)$/;
  // A package in a file of the build still takes its dependencies from the lists.
  return rest.some((word) => readers.test(word)) ? "reads lists" : "none";
}

export type IndexUse = "update" | "reads" | "none";

/** What a command does with opkg's lists, which are like apt's. */
export function opkgUse(argv: readonly string[]): IndexUse {
  const at = argv.findIndex((word) => /^(?:.*\/)?opkg$/.test(word));
  if (at < 0) return "none";
  const rest = argv.slice(at + 1);
  if (rest.includes("update")) return "update";
  return rest.some((word) => /^(?:install|upgrade|download|list|info|find)$/.test(word))
    ? "reads"
    : "none";
}

/** Managers, by the caches that they share. */
const FAMILIES: readonly RegExp[] = [
  /^npm$/,
  /^yarn$/,
  /^pnpm$/,
  /^(?:pip|pip-sync|pip-tools|pipenv|pipx)$/,
  /^(?:poetry|pypoetry)$/,
  /^pdm$/,
  /^uv$/,
  /^(?:conda|mamba|micromamba)$/,
  /^(?:yum|dnf|libdnf|microdnf)$/,
  /^tdnf$/,
  /^zypper$/,
  /^composer$/,
  /^(?:bundle|gem)$/,
  /^(?:pecl|pear)$/,
  /^(?:cpanm|cpan)$/,
];

/** Whether a command has nothing but the cache to go by that the clean-up empties. */
export function needsCacheOf(
  argv: readonly string[],
  flags: readonly string[],
  cleanup: readonly string[],
): boolean {
  const name = offlineManager(argv, flags);
  const family = FAMILIES.find((members) => members.test(name ?? ""));
  return (
    family !== undefined &&
    cleanup
      .flatMap((word) => word.split("/"))
      .some((part) => family.test(managerName(part.replace(/^\./, ""))))
  );
}

function managerName(word: string): string {
  return baseName(word).replace(/[\d.]+$/, "");
}

/** The manager that a command starts with nothing but its cache to go by. */
export function offlineManager(
  argv: readonly string[],
  flags: readonly string[],
): string | undefined {
  const names = argv.map(managerName);
  const at = names.findIndex((word) => FAMILIES.some((members) => members.test(word)));
  const name = names[at];
  if (name === undefined) return undefined;
  const offline = argv
    .slice(at + 1)
    .some(
      (word) =>
        /^--(?:prefer-)?offline$|^--cacheonly$|^--no-refresh$/.test(word) ||
        (word === "-C" && /^(?:yum|dnf|microdnf|tdnf)$/.test(name)) ||
        (/^(?:--local|--prefer-local|pristine|unpack|cache|package)$/.test(word) &&
          /^(?:bundle|gem)$/.test(name) &&
          argv[at + 1] !== "config"),
    );
  return offline || flags.includes("--network=none") ? name : undefined;
}

interface FlagRule {
  readonly command: RegExp;
  readonly subcommand: RegExp;
  readonly added: string;
  /** Any abbreviation of the option down to this one. */
  readonly shortest: string;
  /** Options that the added one makes idle. */
  readonly idle: RegExp;
}

const NOTHING_IDLE = /(?!)/;
const FLAG_RULES: readonly FlagRule[] = [
  {
    command: /^(?:.*\/)?apk$/,
    subcommand: /^(?:add|upgrade|fix|fetch)$/,
    added: "--no-cache",
    shortest: "--no-ca",
    idle: /^(?:-U|--update|--update-cache)$/,
  },
  {
    command: /^(?:(?:.*\/)?pip[-\d.]*|pip|-mpip)$/,
    subcommand: /^(?:install|wheel|download)$/,
    added: "--no-cache-dir",
    shortest: "--no-ca",
    idle: NOTHING_IDLE,
  },
  {
    command: /^(?:.*\/)?uv$/,
    // Behind `pip` and `tool` stands what is to be done.
    subcommand: /^(?:install|sync|add)$/,
    added: "--no-cache",
    shortest: "--no-cache",
    idle: NOTHING_IDLE,
  },
  {
    command: /^(?:.*\/)?composer(?:\.phar)?$/,
    subcommand: /^(?:install|update|require|create-project)$/,
    added: "--no-cache",
    shortest: "--no-cache",
    idle: NOTHING_IDLE,
  },
];

/** Whether `after` is `before` with a flag of the table, and without what that makes idle. */
export function differsByFlag(
  before: readonly string[],
  after: readonly string[],
): boolean {
  return FLAG_RULES.some((rule) => {
    const command = commandAt(after, rule);
    if (command < 0) return false;
    const subcommand = after.findIndex(
      (word, i) => i > command && rule.subcommand.test(word),
    );
    const positions = new Set([command + 1, subcommand + 1]);
    return after.some((word, i) => {
      if (word !== rule.added || !positions.has(i) || subcommand < 0) return false;
      const rest = after.filter((_, j) => j !== i);
      return (
        sameWords(before, rest) || sameWords(withoutIdle(before, command, rule), rest)
      );
    });
  });
}

/** The same flag was there all along, and only what it makes idle has gone. */
export function dropsIdleFlags(
  before: readonly string[],
  after: readonly string[],
): boolean {
  return FLAG_RULES.some((rule) => {
    const command = commandAt(after, rule);
    return (
      command >= 0 &&
      after.some(
        (word) => word.startsWith(rule.shortest) && rule.added.startsWith(word),
      ) &&
      sameWords(withoutIdle(before, command, rule), after)
    );
  });
}

/** Programs that run what their words say. */
const RUNS_ITS_WORDS =
  /^(?:sudo|doas|gosu|su-exec|env|command|exec|time|nice|ionice|chrt|taskset|timeout|xargs|stdbuf|nohup|setsid|eatmydata|fakeroot|linux32|linux64|setarch|setpriv|chroot|flock|chronic|xvfb-run|proxychains4|busybox|catchsegv|python[\d.]*|pypy[\d.]*|uv|conda|mamba|micromamba|pipenv|poetry)$/;

/** Where the rule's command starts; -1 where it's no more than a word to something else. */
function commandAt(words: readonly string[], rule: FlagRule): number {
  const at = words.findIndex((word) => rule.command.test(word));
  return at <= 0 || RUNS_ITS_WORDS.test(baseName(words[0] ?? "")) ? at : -1;
}

function withoutIdle(
  words: readonly string[],
  command: number,
  rule: FlagRule,
): readonly string[] {
  return words.filter((word, i) => i <= command || !rule.idle.test(word));
}

export function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}
