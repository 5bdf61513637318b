import { inHome, packageManager, type PackageManager } from "./types.ts";

export const javascriptManagers: readonly PackageManager[] = [
  packageManager({
    id: "npm",
    title: "npm",
    programs: /^npm$/,
    valueOptions: ["-C", "--prefix", "--registry", "--loglevel", "--userconfig", "-w"],
    fills:
      /^(install|i|in|ins|isntall|add|ci|clean-install|ic|install-clean|install-test|it|cit|update|up|upgrade)( |$)/,
    cleans: /^cache (clean|clear|rm|remove)( |$)/,
    folders: ["/root/.npm", "~/.npm", "$HOME/.npm", "/home/node/.npm"],
    cleanup: ["{program} cache clean --force"],
    cleanupByPath: ["rm -rf /root/.npm/_cacache"],
    variables: [
      "npm_config_cache",
      "NPM_CONFIG_CACHE",
      "npm_config_offline",
      "NPM_CONFIG_OFFLINE",
      "npm_config_prefer_offline",
      "NPM_CONFIG_PREFER_OFFLINE",
    ],
    readsByOption: /^--(prefer-)?offline$/,
    handledByOption: /^--cache(-min|-max)?(=.*)?$/,
    writes: [
      {
        path: "~/.npm",
        holds: "downloads (`_cacache`), logs, what npx installed",
        movedBy: "`npm_config_cache`, `--cache`, .npmrc",
      },
    ],
    mounts: [{ target: "/root/.npm", sharing: "shared" }],
    why: "npm copies from its cache, so that node_modules doesn't need it. `--no-audit` and `--no-fund` only spare output and a request, and aren't added.",
    sources: [
      "npm-cache(1): clean, and why it wants --force",
      "npm-config(7), cache",
      "npm-folders(5), Cache",
      "npm's error EACCES, “Your cache folder contains root-owned files”: an install fails in another user's cache",
    ],
  }),
  packageManager({
    id: "yarn",
    title: "yarn 1",
    programs: /^(yarn|yarnpkg)$/,
    valueOptions: ["--cwd", "--registry", "--network-timeout", "--mutex"],
    fills: /^($|(install|add|upgrade|global (add|upgrade))( |$))/,
    cleans: /^cache clean( |$)/,
    folders: [
      "/usr/local/share/.cache",
      "/root/.cache",
      "~/.cache",
      "$HOME/.cache",
      "/home/node/.cache",
    ],
    cleanup: ["{program} cache clean"],
    variables: ["YARN_CACHE_FOLDER", "yarn_cache_folder"],
    readsByOption: /^--(prefer-)?offline$/,
    handledByOption: /^--cache-folder(=.*)?$/,
    writes: [
      {
        path: "/usr/local/share/.cache/yarn",
        holds: "unpacked packages, where root runs it; else in ~/.cache/yarn",
        movedBy: "`YARN_CACHE_FOLDER`, `--cache-folder`, .yarnrc",
      },
    ],
    mounts: [{ target: "/usr/local/share/.cache/yarn", sharing: "shared" }],
    why: "Yarn 1 copies from its cache. Berry keeps its cache in the project, where Plug'n'Play runs from it; a call that may be Berry is left alone.",
    sources: [
      "Yarn 1's documentation, yarn cache clean",
      "Yarn's documentation, cacheFolder, enableGlobalCache, Zero-installs",
    ],
  }),
  packageManager({
    id: "pnpm",
    title: "pnpm",
    programs: /^pnpm$/,
    valueOptions: ["-C", "--dir", "--filter", "-F", "--store-dir", "--config-dir"],
    fills: /^(install|i|add|update|up|upgrade|fetch|import|dlx)( |$)/,
    cleans: /^(store prune|cache delete)( |$)/,
    folders: [...inHome(".local/share/pnpm", "node"), "/pnpm/store"],
    leave:
      "node_modules is linked to its store, so that without the store it is no smaller, or broken",
    keeps: "what is in use",
    writes: [
      {
        path: "~/.local/share/pnpm/store",
        holds: "packages by content; node_modules has hard links to them",
        movedBy: "`store-dir`, `PNPM_HOME`, `XDG_DATA_HOME`",
      },
      { path: "~/.cache/pnpm", holds: "metadata, small" },
    ],
    mounts: [
      {
        target: "/pnpm/store",
        sharing: "shared",
        alsoNeeds: "`pnpm config set store-dir /pnpm/store`, or `PNPM_HOME=/pnpm`",
      },
    ],
    why: "In one layer a hard link costs nothing, so `pnpm store prune` behind an install removes metadata only (tried with pnpm 12: no file). With a global virtual store, node_modules points into the store.",
    sources: [
      "pnpm documentation, store prune; Settings: storeDir, enableGlobalVirtualStore",
      "pnpm documentation, Working with Docker: a cache mount on /pnpm/store",
    ],
  }),
  packageManager({
    id: "bun",
    title: "bun",
    programs: /^(bun|bunx)$/,
    valueOptions: ["--cwd", "--config", "--backend"],
    fills: /^(install|i|add|a|update|create|c)( |$)/,
    cleans: /^pm cache rm( |$)/,
    folders: inHome(".bun/install/cache", "bun"),
    leave:
      "node_modules is linked to its cache, so that without the cache it is no smaller, or broken",
    keeps: "what is in use",
    variables: ["BUN_INSTALL_CACHE_DIR"],
    writes: [
      {
        path: "~/.bun/install/cache",
        holds: "unpacked packages; node_modules has hard links to them",
        movedBy: "`BUN_INSTALL_CACHE_DIR`, `--cache-dir`, bunfig.toml",
      },
    ],
    mounts: [{ target: "/root/.bun/install/cache", sharing: "shared" }],
    why: "With the isolated linker, node_modules has symbolic links into the cache: `bun pm cache rm` would break the image. Which linker it is, bunfig.toml and the lock file say, not the Dockerfile.",
    sources: [
      "Bun's documentation, Global cache: hard links on Linux; Global virtual store: links into the cache with the isolated linker",
    ],
  }),
  packageManager({
    id: "corepack",
    title: "corepack",
    programs: /^corepack$/,
    fills: /^(enable|install|prepare|use|up|hydrate|pack)( |$)/,
    cleans: /^cache (clean|clear)( |$)/,
    folders: inHome(".cache/node/corepack", "node"),
    leave: "its cache holds the package managers that it starts",
    keeps: "what is in use",
    variables: ["COREPACK_HOME"],
    writes: [
      {
        path: "~/.cache/node/corepack",
        holds: "the package managers themselves",
        movedBy: "`COREPACK_HOME`, `XDG_CACHE_HOME`",
      },
    ],
    why: "Without it, the next `yarn` or `pnpm` downloads itself again, at run time too.",
    sources: ["nodejs/corepack, README: COREPACK_HOME, corepack install, corepack cache"],
  }),
];
