import { packageManager, type PackageManager } from "./types.ts";

/** Options of apt and aptitude that take the next word as their value (apt-get(8)). */
export const aptValueOptions: readonly string[] = [
  "-a",
  "-c",
  "-o",
  "-t",
  "--config-file",
  "--default-release",
  "--host-architecture",
  "--option",
  "--target-release",
];

export const debianManagers: readonly PackageManager[] = [
  packageManager({
    id: "apt",
    title: "apt-get, apt, aptitude, apt-fast",
    programs: /^(apt|apt-get|aptitude|apt-fast)$/,
    valueOptions: aptValueOptions,
    fills: /^update( |$)/,
    // To remove a package that isn't installed, apt has to know its name from the lists.
    reads:
      /^((install|upgrade|dist-upgrade|full-upgrade|safe-upgrade|build-dep|satisfy|source|download|policy|show|search|list|changelog)( |$)|(purge|remove|autoremove|autopurge) \S)/,
    otherReaders: /^apt-mark (.* )?(hold|unhold|auto|manual) \S/,
    isIndex: true,
    cleans: /^dist-?clean( |$)/,
    folders: ["/var/lib/apt/lists"],
    cleanup: ["rm -rf /var/lib/apt/lists/*"],
    writes: [
      {
        path: "/var/lib/apt/lists",
        holds: "package lists, by `apt-get update`",
        movedBy: "`Dir::State::lists`",
      },
      {
        path: "/var/cache/apt/archives",
        holds: "downloaded packages, unless docker-clean removes them",
        movedBy: "`Dir::Cache::archives`",
      },
    ],
    mounts: [
      {
        target: "/var/cache/apt",
        sharing: "locked",
        alsoNeeds:
          '`rm -f /etc/apt/apt.conf.d/docker-clean` and `Binary::apt::APT::Keep-Downloaded-Packages "true";`',
      },
      { target: "/var/lib/apt", sharing: "locked" },
    ],
    keptOutBy:
      "The official images of Debian and Ubuntu delete archives after each install (`/etc/apt/apt.conf.d/docker-clean`).",
    why: "Lists are of no use without an update, because they are outdated when the image is run. They go where the RUN that fetched them also installs by them, and nothing further down does, or can fetch them for itself by the same update.",
    sources: [
      "Docker documentation, Building best practices, “apt-get”",
      "apt-get(8), FILES: /var/lib/apt/lists/, /var/cache/apt/archives/",
      "debuerreotype, debuerreotype-minimizing-config: docker-clean",
      "Docker documentation, Dockerfile reference, “RUN --mount=type=cache”: the example for apt",
    ],
  }),
  packageManager({
    id: "install_packages",
    title: "install_packages (minideb)",
    programs: /^install_packages$/,
    fills: /./,
    folders: ["/var/lib/apt/lists"],
    leave: "it fetches the lists itself and removes them again",
    keeps: "nothing",
    writes: [],
    why: "The script updates, installs and removes `/var/lib/apt/lists` and the archives by itself.",
    sources: ["bitnami/minideb, mkimage: the script install_packages"],
  }),
];
