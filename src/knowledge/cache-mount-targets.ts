/**
 * Which package manager's cache can be a BuildKit cache mount, and where. Data only.
 *
 * A cache mount is shared by all builds of a builder that name the same id (by default the
 * target), may be empty at any time, and hides what the layers hold in its folder (Dockerfile
 * reference, "RUN --mount=type=cache"). An entry needs a cache that may be lost at any time
 * and that means the same to every image that shares it. Therefore none for
 *
 * - apk: without `--no-cache` it needs an index and the link /etc/apk/cache, which would stay
 *   in the image (apk(8), "Local cache");
 * - pip: it keeps wheels that it built by the Python release and `linux_<machine>`, whatever
 *   libraries they were built against (pip's documentation, "Caching");
 * - conda: the package cache is not kept by machine, and the base environment lives beside it;
 * - zypper: repositories are kept by their alias, which distributions share;
 * - yum and microdnf: which of /var/cache/yum and /var/cache/dnf they use depends on the
 *   release;
 * - uv: as with pip, it keeps wheels that it built, by version and machine alone;
 * - Go's build cache: it doesn't see changes of C libraries that cgo links (go help cache);
 * - gem and bundler: archives go by name and version, whichever server they are from;
 * - Maven: `mvn install` of any build publishes into the folder; Gradle: scripts and settings
 *   lie in it, and the official image links it to another home;
 * - NuGet: outputs that aren't published run from the folder, and `--no-restore` needs it;
 * - Composer: where its cache is depends on the image and on XDG's folders in it;
 * - pnpm and bun: settings that the Dockerfile doesn't show may link into the folder;
 * - the rest: what is installed lies in or beside the cache (opam, stack, cabal, julia, conan,
 *   pub, mix, sbt), or it is of a few kilobytes (luarocks).
 */
export interface MountableCache {
  /** Id in `packageManagers`. */
  readonly manager: string;
  readonly targets: readonly MountTarget[];
  /** Whether the cache is by user; else any user who may install uses the one folder. */
  readonly isPerUser: boolean;
  /** A call, its words joined by blanks, that uses the folder for more than a cache. */
  readonly otherUse?: RegExp;
  /** Facts for a cache that is needed to build, and that programs may read where it is. */
  readonly inBuildStage?: BuildStageFacts;
  /** Names of images whose release of the manager keeps its cache in another way. */
  readonly oldImages?: RegExp;
  readonly sources: readonly string[];
}

/**
 * The cache is mounted only in a stage that is no part of the image. Later RUNs fetch anew
 * what they need: that works if anybody can fetch it.
 */
export interface BuildStageFacts {
  /** Official images in which the folders are the targets. */
  readonly images: RegExp;
  /** Text of a RUN that asks where the cache is, or empties it. */
  readonly asksFor: RegExp;
}

/** Text of a Dockerfile in which what is fetched may need credentials that come and go. */
export const privateSources =
  /type=(ssh|secret)\b|\.netrc|\.ssh\b|insteadOf|GOPRIVATE|GONOSUMDB|GOAUTH|GOPROXY=\S*off|credential|token|password|CARGO_(REGISTR|NET)|--registry/i;

export interface MountTarget {
  /** Absolute, or below the user's home with `~/` in front. */
  readonly path: string;
  /** Builds that run at the same time wait for each other. */
  readonly isLocked: boolean;
  /** Files of the same name may differ between distributions: each image has its own. */
  readonly isPerImage: boolean;
  /** Only worth it if the Dockerfile removes this file. */
  readonly without?: string;
  /** Calls of the manager, their words joined by blanks, that empty the folder. */
  readonly emptiedBy?: RegExp;
}

export const mountableCaches: readonly MountableCache[] = [
  {
    manager: "apt",
    isPerUser: false,
    targets: [
      {
        // Not /var/lib/apt: extended_states beside the lists belongs to the image.
        path: "/var/lib/apt/lists",
        isLocked: true,
        isPerImage: false,
        emptiedBy: /^(?!)/,
      },
      {
        // Archives are reused by name and size alone.
        path: "/var/cache/apt",
        isLocked: true,
        isPerImage: true,
        // While it is there, apt deletes the archives after each install.
        without: "/etc/apt/apt.conf.d/docker-clean",
        emptiedBy: /^(auto-?)?clean$/,
      },
    ],
    // It removes archives as well, which may not be mounted.
    otherUse: /^\S+ dist-?clean( |$)/,
    sources: [
      "Dockerfile reference, RUN --mount=type=cache, Example: cache apt packages",
      "apt-get(8), FILES; names of the lists hold the URL, the suite and the architecture",
      "apt, apt-pkg/acquire-item.cc, pkgAcqArchive: a file of the right size counts as there",
      "debuerreotype, debuerreotype-minimizing-config: docker-clean",
    ],
  },
  {
    manager: "dnf",
    isPerUser: false,
    targets: [
      { path: "/var/cache/dnf", isLocked: true, isPerImage: false },
      // DNF 5, which Fedora 41 and later call dnf.
      { path: "/var/cache/libdnf5", isLocked: true, isPerImage: false },
    ],
    // yum on the same system cleans the same folder.
    otherUse: /^yum( |$)/,
    sources: [
      "dnf.conf(5), cachedir; dnf5.conf(5), system_cachedir",
      "Folders of repositories are named by id and a hash of their URLs (libdnf, Repo)",
    ],
  },
  {
    manager: "npm",
    isPerUser: true,
    targets: [{ path: "~/.npm", isLocked: false, isPerImage: false }],
    // Node.js 8 came with npm 5, the first to address its cache by content.
    oldImages: /^(library\/)?node:v?([0-7]|argon|boron)\b/,
    // What npx installs is kept beside the cache and run from there.
    otherUse: /^(npx|npm (exec|x|create|init|innit))( |$)/,
    sources: [
      "npm-cache(1): ~/.npm/_cacache is addressed by content and safe to share",
      "Docker's documentation, Optimize cache usage in builds, Node",
    ],
  },
  {
    manager: "yarn",
    isPerUser: true,
    targets: [
      { path: "/usr/local/share/.cache/yarn", isLocked: true, isPerImage: false },
    ],
    sources: [
      "yarnpkg/yarn, src/util/user-home-dir.js: where root's cache is",
      "Yarn 1's documentation, yarn install --mutex: the cache wants one process at a time",
    ],
  },
  {
    manager: "go",
    isPerUser: true,
    targets: [
      { path: "/go/pkg/mod", isLocked: false, isPerImage: false, emptiedBy: /^(?!)/ },
    ],
    inBuildStage: {
      images: /^(library\/)?golang$/,
      asksFor: /\bgo\s+(list|env|clean)\b|pkg\/mod/,
    },
    // Modules came with Go 1.11.
    oldImages: /^(library\/)?golang:1\.(\d|10)\b/,
    sources: [
      "Go Modules Reference, Module cache: by module and version, checked against go.sum, shared by all builds at a time",
      "docker-library/golang, Dockerfile template: GOPATH /go",
      "Docker's documentation, Optimize cache usage in builds, Go",
    ],
  },
  {
    manager: "cargo",
    isPerUser: true,
    targets: [
      {
        path: "/usr/local/cargo/registry",
        isLocked: false,
        isPerImage: false,
        emptiedBy: /^(?!)/,
      },
    ],
    inBuildStage: {
      images: /^(library\/)?rust$/,
      asksFor: /\bcargo\s+(\+\S+\s+)?(metadata|vendor|cache|clean)\b|cargo\/registry/,
    },
    sources: [
      "The Cargo Book, Cargo Home: registry holds the index, archives and sources, by registry and version; a lock guards it",
      "docker-library/rust, Dockerfile template: CARGO_HOME /usr/local/cargo",
      "Docker's documentation, Optimize cache usage in builds, Rust",
    ],
  },
];

/** Whose home and ids are known. */
export interface KnownUser {
  readonly home: string;
  /** Undefined for root, which owns a cache mount by default. */
  readonly id?: number;
}

export const rootUser: KnownUser = { home: "/root" };

/** Official images whose build runs as root until a USER says otherwise. */
export const imagesOfRoot =
  /^(library\/)?(almalinux|alpine|amazonlinux|buildpack-deps|centos|debian|eclipse-temurin|fedora|gcc|golang|node|openjdk|oraclelinux|php|python|rockylinux|ruby|rust|ubuntu)$/;

/** docker-node's best practices, "Non-root User": node has the id 1000. */
export const usersOfImages: readonly {
  readonly repository: RegExp;
  readonly user: string;
  readonly known: KnownUser;
}[] = [
  {
    repository: /^(library\/)?node$/,
    user: "node",
    known: { home: "/home/node", id: 1000 },
  },
];

/** Frontends of Docker's from before `RUN --mount`: it came with 1.2 (BuildKit 0.8). */
export const frontendWithoutMounts = /(^|\/)docker\/dockerfile:1\.[01](\.\d+)?(@|$)/;
