import { anyOf, packageManager, type PackageManager } from "./types.ts";

export const alpineManagers: readonly PackageManager[] = [
  packageManager({
    id: "apk",
    title: "apk",
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
    fills: /^(add|upgrade|update|fix)( |$)/,
    folders: ["/var/cache/apk"],
    flag: {
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
    },
    writes: [
      { path: "/var/cache/apk", holds: "the package index", movedBy: "`--cache-dir`" },
      {
        path: "/etc/apk/cache",
        holds: "a link to a folder for packages, where setup-apkcache made one",
      },
    ],
    mounts: [
      {
        target: "/var/cache/apk",
        sharing: "locked",
        alsoNeeds:
          "`ln -s /var/cache/apk /etc/apk/cache`, and no `--no-cache` on the calls",
      },
    ],
    why: "With `--no-cache` apk fetches the index for itself and stores none; `apk update`, `-U` and `rm -rf /var/cache/apk/*` have nothing left to do beside it.",
    since: "apk-tools 2.6.4 (Alpine 3.3, 2015)",
    sources: [
      "apk(8), GLOBAL OPTIONS: --no-cache, --no-network, --update-cache, --cache-max-age",
      "Alpine Linux wiki, Local APK cache: /etc/apk/cache, /var/cache/apk",
      "Alpine 3.3.0 release notes: support for --no-cache",
    ],
  }),
];
