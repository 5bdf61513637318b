import { cacheFolders } from "../knowledge/cache-folders.ts";

/** Why a difference at a path is allowed; undefined where it isn't. */
export type Allowance = (path: string, difference: FileDifference) => string | undefined;

/** One of the ways in which a path can differ. */
export interface FileDifference {
  readonly kind: "missing" | "added" | "contents" | "attributes";
  readonly isFolder: boolean;
  readonly isRegularFile: boolean;
}

/**
 * What two builds of the same Dockerfile don't have in common. `docs/verify.md` lists it.
 *
 * - `contents`: the file has to be there with its attributes; its bytes may differ;
 * - `files`: regular files may also be missing or be there in addition;
 * - `everything`: folders and links, too.
 */
export interface Volatile {
  readonly pattern: RegExp;
  readonly allows: "contents" | "files" | "everything";
  /** What is allowed, in words for the documentation. */
  readonly what: string;
  readonly why: string;
}

export const volatile: readonly Volatile[] = [
  {
    pattern: /^\/etc\/(hosts|hostname|resolv\.conf)$/,
    allows: "files",
    what: "`/etc/hosts`, `/etc/hostname` and `/etc/resolv.conf`",
    why: "the runtime provides it anew for each RUN",
  },
  {
    pattern: /^\/var\/log\//,
    allows: "files",
    what: "files in `/var/log`",
    why: "a log",
  },
  {
    pattern: /^\/etc\/ld\.so\.cache$/,
    allows: "contents",
    what: "the contents of `/etc/ld.so.cache`",
    why: "the order of its entries depends on how files lie on the disk",
  },
  {
    pattern: /^\/var\/cache\/ldconfig(\/aux-cache)?$/,
    allows: "everything",
    what: "`/var/cache/ldconfig/aux-cache`",
    why: "holds inode numbers and times",
  },
  {
    pattern: /^\/(etc\/machine-id|var\/lib\/dbus\/machine-id)$/,
    allows: "contents",
    what: "the contents of `/etc/machine-id` and `/var/lib/dbus/machine-id`",
    why: "a random number",
  },
  {
    pattern: /\/__pycache__$|\.py[co]$/,
    allows: "everything",
    what: "`*.pyc`, `*.pyo` and folders `__pycache__`",
    why: "Python's compiled form of a file, with the file's time in it",
  },
  {
    pattern: /\/\.npm\/(_logs(\/|$)|_update-notifier-last-checked$)/,
    allows: "everything",
    what: "`~/.npm/_logs` and `~/.npm/_update-notifier-last-checked`",
    why: "named by the time",
  },
  {
    pattern: /\/\.cache\/go-build\/trim\.txt$/,
    allows: "contents",
    what: "the contents of `~/.cache/go-build/trim.txt`",
    why: "holds a time",
  },
  // https://go.dev/doc/telemetry, "Counters", and go help telemetry
  {
    pattern: /\/\.config\/go\/telemetry\/local\/[^/]+$/,
    allows: "files",
    what: "files in `~/.config/go/telemetry/local`",
    why: "counters of Go's tools, named by the day, and a random number",
  },
  // README of the package v8-compile-cache, which yarn has in it.
  {
    pattern: /^\/tmp\/v8-compile-cache(-\d+)?\/.+\.(BLOB|MAP)$/,
    allows: "contents",
    what: "the contents of what v8-compile-cache keeps in `/tmp`",
    why: "V8's compiled form of a script, which isn't the same twice",
  },
  {
    pattern: /\/\.cpanm\/(work(\/|$)|build\.log$|latest-build$)/,
    allows: "everything",
    what: "cpanm's work folders and log",
    why: "named by time and process",
  },
  {
    pattern: /\/perllocal\.pod$/,
    allows: "contents",
    what: "the contents of `perllocal.pod`",
    why: "holds the time of each installation",
  },
];

const caches = cacheFolders.map(({ path, manager }) => ({
  pattern: new RegExp(`^${folderPattern(path)}(/|$)`),
  manager,
}));

/** @param isConfigured Whether the config allows a path to differ. */
export function allowance(isConfigured: (path: string) => boolean): Allowance {
  return (path, difference) => {
    if (isConfigured(path)) return "the config allows it";
    const known = volatile.find(
      ({ pattern, allows }) => pattern.test(path) && isAllowed(allows, difference),
    );
    if (known !== undefined) return known.why;
    // A rewrite may empty a cache. It may not put files there that weren't.
    if (difference.kind === "added" && !difference.isFolder) return undefined;
    const cache = caches.find(({ pattern }) => pattern.test(path));
    return cache && `cache of ${cache.manager}`;
  };
}

function isAllowed(allows: Volatile["allows"], difference: FileDifference): boolean {
  switch (allows) {
    case "contents":
      return difference.kind === "contents";
    case "files":
      return difference.kind === "contents" || difference.isRegularFile;
    case "everything":
      return true;
  }
}

function folderPattern(path: string): string {
  const literal = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return literal.replace(/^~/, "(?:/root|/home/[^/]+)").replaceAll("\\*", "[^/]+");
}
