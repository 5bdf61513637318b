/**
 * What each package manager leaves behind, and how that is removed. Data only: whoever adds
 * a manager adds an entry, with the source of each fact.
 */
export interface PackageManager {
  readonly id: string;
  readonly programs: RegExp;
  /** Options before the subcommand that take the next word as their value. */
  readonly valueOptions: readonly string[];
  /**
   * What fills the cache. This and the next two are matched against the words of a call that
   * are no options, joined by one space: `install curl`, `cache clean`, or nothing.
   */
  readonly fills: RegExp;
  /** What needs the cache that the clean-up removes, and doesn't fetch it itself. */
  readonly reads?: RegExp;
  readonly cleans?: RegExp;
  /** Options with which a call needs the cache instead of the network. */
  readonly readsByOption?: RegExp;
  /** For a manager whose options are its subcommands: the same, matched against each option. */
  readonly byOption?: { readonly fills: RegExp; readonly cleans: RegExp };
  /** The cache's folders; a `rm` or `find` on one of them counts as a clean-up. */
  readonly folders: readonly string[];
  /**
   * The clean-up, to be joined by `&&`. `{program}` stands for the program as the file
   * names it.
   */
  readonly cleanup: readonly string[];
  /** Environment variables that move the cache or switch it off. */
  readonly variables: readonly string[];
  /** Options of an install that move the cache. */
  readonly handledByOption?: RegExp;
  readonly sources: readonly string[];
}

const rpmOptions = [
  "-c",
  "--config",
  "-d",
  "-e",
  "-R",
  "-x",
  "--exclude",
  "--enablerepo",
  "--disablerepo",
  "--installroot",
  "--releasever",
  "--setopt",
  "--repo",
  "--repoid",
];

const rpmHandled = /^--download-?only$|^--downloaddir|keepcache=/;
const rpmReadsByOption = /^(-C|--cacheonly)$/;

const rpmInstalls =
  /^(install|update|upgrade|groupinstall|group install|localinstall|reinstall|downgrade|builddep|distro-sync|module (install|enable)|swap|up|in|upgrade-minimal|update-minimal)( |$)/;

export const packageManagers: readonly PackageManager[] = [
  {
    id: "apt",
    programs: /^(apt|apt-get|aptitude|apt-fast)$/,
    valueOptions: [
      "-a",
      "-c",
      "-o",
      "-t",
      "--config-file",
      "--default-release",
      "--host-architecture",
      "--option",
      "--target-release",
    ],
    // Installed archives don't stay: Debian's and Ubuntu's images delete them (docker-clean).
    fills: /^update( |$)/,
    reads:
      /^(install|upgrade|dist-upgrade|full-upgrade|safe-upgrade|build-dep|satisfy|source|download|policy|show|search|list|changelog)( |$)/,
    cleans: /^dist-?clean( |$)/,
    folders: ["/var/lib/apt/lists"],
    cleanup: ["rm -rf /var/lib/apt/lists/*"],
    variables: [],
    sources: [
      "Docker's best practices for writing Dockerfiles, section apt-get",
      "apt-get(8), FILES: /var/lib/apt/lists/",
      "debuerreotype, debuerreotype-minimizing-config: docker-clean",
    ],
  },
  {
    id: "yum",
    programs: /^(yum|yum-builddep)$/,
    valueOptions: rpmOptions,
    fills: rpmInstalls,
    cleans: /^clean( |$)/,
    folders: ["/var/cache/yum", "/var/cache/dnf"],
    cleanup: ["yum clean all", "rm -rf /var/cache/yum"],
    variables: [],
    readsByOption: rpmReadsByOption,
    handledByOption: rpmHandled,
    sources: ["yum(8), CLEAN OPTIONS: untracked repositories keep their files"],
  },
  {
    id: "dnf",
    programs: /^(dnf|dnf-3|dnf5)$/,
    valueOptions: rpmOptions,
    fills: rpmInstalls,
    cleans: /^clean( |$)/,
    folders: ["/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum"],
    cleanup: ["{program} clean all"],
    variables: [],
    readsByOption: rpmReadsByOption,
    handledByOption: rpmHandled,
    sources: ["dnf(8), Clean Command"],
  },
  {
    id: "microdnf",
    programs: /^microdnf$/,
    valueOptions: rpmOptions,
    fills: rpmInstalls,
    cleans: /^clean( |$)/,
    folders: ["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"],
    cleanup: ["{program} clean all"],
    variables: [],
    readsByOption: rpmReadsByOption,
    handledByOption: rpmHandled,
    sources: ["microdnf(8), clean all"],
  },
  {
    id: "zypper",
    programs: /^zypper$/,
    valueOptions: [
      "-c",
      "--config",
      "-D",
      "--reposd-dir",
      "-C",
      "--cache-dir",
      "--raw-cache-dir",
      "--solv-cache-dir",
      "--pkg-cache-dir",
      "-R",
      "--root",
      "--installroot",
      "--releasever",
      "-p",
      "--plus-repo",
    ],
    fills:
      /^(install|in|update|up|dup|dist-upgrade|patch|source-install|si|install-new-recommends|inr)( |$)/,
    cleans: /^(clean|cc)( |$)/,
    folders: ["/var/cache/zypp"],
    cleanup: ["{program} clean --all"],
    variables: [],
    handledByOption:
      /^(-C|--cache-dir|--pkg-cache-dir|--raw-cache-dir|--download(-only)?|-d)$/,
    readsByOption: /^--no-refresh$/,
    sources: ["zypper(8), clean: --all cleans both repository metadata and packages"],
  },
  {
    id: "pacman",
    programs: /^pacman$/,
    valueOptions: [],
    fills: /^(?!)/,
    byOption: {
      fills: /^(-S[yuw]*|-U|--sync|--upgrade)$/,
      cleans: /^(-Sc+|--clean)$/,
    },
    folders: ["/var/cache/pacman"],
    cleanup: ["rm -rf /var/cache/pacman/pkg/*"],
    variables: [],
    handledByOption: /^(--cachedir|-S[yu]*w|--downloadonly)/,
    sources: ["pacman(8), -Sc asks before it removes; pacman.conf(5), CacheDir"],
  },
  {
    id: "npm",
    programs: /^npm$/,
    valueOptions: ["-C", "--prefix", "--registry", "--loglevel", "--userconfig", "-w"],
    fills:
      /^(install|i|in|ins|isntall|add|ci|clean-install|ic|install-clean|install-test|it|cit|update|up|upgrade)( |$)/,
    cleans: /^cache (clean|clear|rm|remove)( |$)/,
    folders: ["/root/.npm", "~/.npm", "$HOME/.npm", "/home/node/.npm"],
    cleanup: ["{program} cache clean --force"],
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
    sources: ["npm-cache(1): clean, and why it wants --force", "npm-config(7), cache"],
  },
  {
    id: "yarn",
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
    sources: ["Yarn 1's documentation, yarn cache clean"],
  },
  {
    id: "conda",
    programs: /^(conda|mamba|micromamba)$/,
    valueOptions: [],
    fills: /^(install|create|update|upgrade|env (create|update))( |$)/,
    cleans: /^clean( |$)/,
    folders: ["/opt/conda/pkgs", "/root/miniconda3/pkgs", "/root/anaconda3/pkgs"],
    cleanup: ["{program} clean -afy"],
    variables: ["CONDA_PKGS_DIRS"],
    readsByOption: /^--offline$/,
    sources: ["conda clean --help: -a, -f, -y; micromamba clean --help has the same"],
  },
];
