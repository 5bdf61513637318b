import {
  cachesInHome,
  inHome,
  nothing,
  packageManager,
  type PackagedPlace,
  type PackageManager,
} from "./types.ts";

const officialRuby = /^(library\/)?ruby$/;
const rubyFolders = [
  "/usr/local/bundle/cache",
  "/var/lib/gems/*/cache",
  "/usr/lib/ruby/gems/*/cache",
  "/usr/local/share/gems/cache",
];
const rubyCleanup = "rm -rf /usr/local/bundle/cache/*.gem";
const rubyVariables = ["GEM_HOME", "GEM_PATH", "BUNDLE_PATH", "BUNDLE_APP_CONFIG"];

/** What takes a gem's archive from the cache instead of the network. */
const rubyReaders =
  /\bbundler?\s+((cache|package|pack|pristine)\b|(install|update)\b.*\s--(prefer-)?local\b)|\bgem\s+((pristine|unpack)\b|(install|i)\b.*\s(-l|--local)\b)/s;

/** Whatever brings a Ruby of its own. */
const otherRubies =
  /\b(rvm|rbenv|chruby|asdf|mise|ruby-install|ruby-build|jruby|ruby-lang\.org|ruby-[\d.]+\.tar|scl|conda)\b/;
const rubyPackages =
  /^["']?(ruby|rubygems|bundler)(-?[\d.]+)?(-(dev|devel|full|all|bundler|rake|json|irb|rdoc|bigdecimal|etc))*([=~<>].*)?["']?$/;

const packagedRuby: readonly PackagedPlace[] = [
  {
    families: /^(debian|ubuntu) /,
    installers: /^(apt|apt-get|aptitude)$/,
    packages: rubyPackages,
    others: otherRubies,
    cleanup: ["rm -rf /var/lib/gems/*/cache/*.gem"],
  },
  {
    families: /^alpine /,
    installers: /^apk$/,
    packages: rubyPackages,
    others: otherRubies,
    cleanup: ["rm -rf /usr/lib/ruby/gems/*/cache/*.gem"],
  },
  {
    families: /^(centos (?![56])|rocky|alma|fedora|amzn)/,
    installers: /^(yum|dnf|microdnf)$/,
    packages: rubyPackages,
    others: otherRubies,
    cleanup: ["rm -rf /usr/local/share/gems/cache/*.gem"],
  },
];

export const rubyPhpPerlManagers: readonly PackageManager[] = [
  // In front of gem: where both are used, one clean-up behind the last of them is enough.
  packageManager({
    id: "bundler",
    title: "bundler",
    programs: /^bundler?$/,
    valueOptions: ["--gemfile", "--jobs", "-j", "--retry", "--with", "--without"],
    fills: /^($|(install|update|add)( |$))/,
    otherReaders: rubyReaders,
    folders: rubyFolders,
    cleanup: [rubyCleanup],
    rights: "root",
    images: officialRuby,
    packaged: packagedRuby,
    variables: [...rubyVariables, "BUNDLE_DEPLOYMENT", "BUNDLE_CACHE"],
    settings: /\bbundler?\s+config\b.*\b(path|deployment|cache|global_gem_cache)\b/,
    handledByOption: /^--(path|deployment|standalone|system|shebang|target-rbconfig)/,
    writes: [
      {
        path: "<gem folder>/cache/*.gem",
        holds:
          "archives of what it installed; /usr/local/bundle/cache in the image ruby, /var/lib/gems/<release>/cache with Debian's Ruby, /usr/lib/ruby/gems/<release>/cache with Alpine's, /usr/local/share/gems/cache with that of Fedora and Red Hat",
        movedBy: "`GEM_HOME`, `BUNDLE_PATH`, `bundle config path`, `--path`",
      },
      {
        path: "<gem folder>/cache/bundler/git",
        holds: "clones that a later install may need: never removed",
      },
      { path: "vendor/cache", holds: "gems that belong to the project: never removed" },
    ],
    mounts: [{ target: "/usr/local/bundle/cache", sharing: "locked" }],
    why: "Installed gems are unpacked; their archives serve `bundle cache`, `gem pristine` and installs with `--local` only. Where Ruby is neither the image's own nor a package of the distribution, the folder depends on how it was built.",
    sources: [
      "RubyGems' source, remote_fetcher.rb: archives go to <install dir>/cache",
      "bundle-install(1): --local; bundle-cache(1): vendor/cache; bundle-config(1): path",
      "docker-library/ruby, Dockerfile template: GEM_HOME /usr/local/bundle",
      "Built here on Debian 12 (scripts/measure-sizes/gem-install): /var/lib/gems/3.1.0/cache",
      "fluent/fluentd-docker-image, Alpine: rm of /usr/lib/ruby/gems/*/cache/*.gem",
    ],
  }),
  packageManager({
    id: "gem",
    title: "gem",
    programs: /^gem$/,
    valueOptions: ["-v", "--version", "-s", "--source", "-P", "--trust-policy"],
    fills: /^(install|i|update)( |$)/,
    otherReaders: rubyReaders,
    folders: rubyFolders,
    cleanup: [rubyCleanup],
    rights: "root",
    images: officialRuby,
    packaged: packagedRuby,
    variables: rubyVariables,
    handledByOption: /^(-i|--install-dir|--user-install|--build-root|--explain)/,
    writes: [
      {
        path: "<gem folder>/cache/*.gem",
        holds:
          "archives of what it installed; /usr/local/bundle/cache in the image ruby, /var/lib/gems/<release>/cache with Debian's Ruby, /usr/lib/ruby/gems/<release>/cache with Alpine's, /usr/local/share/gems/cache with that of Fedora and Red Hat",
        movedBy: "`GEM_HOME`, `--install-dir`, `--user-install`",
      },
    ],
    mounts: [{ target: "/usr/local/bundle/cache", sharing: "locked" }],
    why: "As with bundler. `--no-document` saves more, but documentation is part of what was asked for.",
    sources: [
      "RubyGems' source, remote_fetcher.rb; RubyGems Guides, Command reference: gem pristine",
      "docker-library/ruby, Dockerfile template: GEM_HOME /usr/local/bundle",
    ],
  }),
  packageManager({
    id: "composer",
    title: "composer",
    programs: /^composer(\.phar)?$/,
    valueOptions: ["-d", "--working-dir"],
    fills:
      /^(install|i|update|u|upgrade|require|r|create-project|global (install|update|require))( |$)/,
    cleans: /^(global )?(clear-cache|clearcache|cc)( |$)/,
    folders: [
      ...inHome(".composer/cache"),
      ...inHome(".cache/composer"),
      "/tmp/cache",
      "/composer/cache",
    ],
    cleanup: ["{program} clear-cache"],
    variables: ["COMPOSER_CACHE_DIR", "COMPOSER_DISABLE_NETWORK", "COMPOSER_HOME"],
    settings:
      /\bcomposer\b.*\bconfig\b.*\b(cache-dir|cache-files-dir|cache-vcs-dir|cache-read-only)\b/,
    flag: {
      subcommands: ["install", "update", "require", "create-project"],
      flag: "--no-cache",
      // Symfony's Console takes no abbreviation that may be another option.
      shortestFlag: "--no-cache",
      idleOptions: [],
      handledByOption: [],
      // Its folder depends on the image and on the user.
      mountTarget: /./,
      needsNetwork: true,
      cacheText: /\.composer\b|\bcomposer\/cache\b|\bcomposer\s+(clear-?cache|cc)\b/,
      isCleanupEnough: true,
      oldRelease: /^--version=1\.[0-8](\.|$)/,
      oldImage: nothing,
      newImage: /^(docker\.io\/)?(library\/)?composer(:(latest|lts|2)([.-][\w.-]*)?)?$/,
      settingsText: undefined,
      message: "Keeps composer from storing downloads in the layer (--no-cache).",
    },
    writes: [
      {
        path: "~/.composer/cache",
        holds:
          "archives, metadata and clones; ~/.cache/composer by XDG, /tmp/cache in the image composer",
        movedBy: "`COMPOSER_CACHE_DIR`, `COMPOSER_HOME`, `cache-dir` in its settings",
      },
    ],
    mounts: [
      {
        target: "/root/.composer/cache",
        sharing: "shared",
        alsoNeeds: "no `--no-cache`; /tmp/cache in the image composer",
      },
    ],
    why: "The option is given where the program comes from an image that certainly knows it, the clean-up elsewhere. Packages are copied from the cache; clones are made with `--dissociate`.",
    since:
      "`--no-cache` since composer 1.9.0 (2019); Debian 10 and Ubuntu 18.04 are older",
    sources: [
      "Composer's changelog, 1.9.0: --no-cache available on all commands",
      "Composer documentation, Command-line interface: clear-cache, COMPOSER_CACHE_DIR, COMPOSER_DISABLE_NETWORK",
      "Composer's source, ClearCacheCommand.php, Downloader/GitDownloader.php",
    ],
  }),
  packageManager({
    id: "pecl",
    title: "pecl, pear",
    programs: /^(pecl|pear)$/,
    valueOptions: ["-d", "-c", "-C"],
    fills: /^(install|upgrade|upgrade-all|i|up)( |$)/,
    cleans: /^clear-cache( |$)/,
    readsByOption: /^(-O|--offline)$/,
    folders: ["/tmp/pear"],
    cleanup: ["rm -rf /tmp/pear"],
    rights: "root",
    variables: [
      "PHP_PEAR_TEMP_DIR",
      "PHP_PEAR_CACHE_DIR",
      "PHP_PEAR_DOWNLOAD_DIR",
      "TMPDIR",
    ],
    settings: /\b(pecl|pear)\b.*\bconfig-set\b.*\b(temp|cache|download)_dir\b/,
    writes: [
      {
        path: "/tmp/pear",
        holds: "archives (`download`), sources (`temp`), answers of channels (`cache`)",
        movedBy: "`PHP_PEAR_TEMP_DIR` and its like, `pear config-set`",
      },
    ],
    mounts: [{ target: "/tmp/pear", sharing: "locked" }],
    why: "Extensions are installed elsewhere, and both tools make the folder again. `pear clear-cache` leaves archives and sources.",
    sources: [
      "PEAR's source, PEAR/Config.php: temp_dir, cache_dir, download_dir below the temporary folder",
      "docker-library/php, Dockerfile template: rm -rf /tmp/pear behind pecl update-channels",
    ],
  }),
  packageManager({
    id: "docker-php-ext-install",
    title: "docker-php-ext-install, install-php-extensions",
    programs: /^(docker-php-ext-install|install-php-extensions)$/,
    fills: /./,
    folders: ["/usr/src/php"],
    leave: "it removes the sources that it unpacks itself",
    keeps: "nothing",
    writes: [
      { path: "/usr/src/php", holds: "PHP's sources while an extension is being built" },
    ],
    why: "The script unpacks the sources if they aren't there, and removes them if it did.",
    sources: [
      "docker-library/php, docker-php-ext-install and docker-php-source: extract, delete",
      "mlocati/docker-php-extension-installer, README: it cleans up",
    ],
  }),
  packageManager({
    id: "cpanm",
    title: "cpanm",
    programs: /^cpanm$/,
    valueOptions: [
      "-l",
      "-L",
      "--local-lib",
      "--local-lib-contained",
      "--mirror",
      "--cpanfile",
    ],
    fills: /./,
    ...cachesInHome(".cpanm"),
    handledByOption: /^--(look|info|scandeps|self-contained-home)/,
    variables: ["PERL_CPANM_HOME"],
    writes: [
      {
        path: "~/.cpanm",
        holds: "archives, unpacked sources and logs",
        movedBy: "`PERL_CPANM_HOME`",
      },
    ],
    why: "Modules are installed elsewhere, and the settings come by options and variables, not from there.",
    sources: [
      "cpanm(1): auto-cleanup, ~/.cpanm/work; App::cpanminus::script, determine_home",
    ],
  }),
  packageManager({
    id: "cpan",
    title: "cpan",
    programs: /^cpan$/,
    valueOptions: ["-j", "-I", "-M"],
    fills: /./,
    ...cachesInHome(".cpan/build", ".cpan/sources"),
    handledByOption: /^-[a-zA-Z]*[aAClLDOgGJ]/,
    settings: /\b(cpan_home|build_dir|keep_source_where)\b/,
    writes: [
      { path: "~/.cpan/build", holds: "unpacked sources" },
      { path: "~/.cpan/sources", holds: "archives and indexes" },
      { path: "~/.cpan/CPAN/MyConfig.pm", holds: "its settings: never removed" },
    ],
    mounts: [{ target: "/root/.cpan/sources", sharing: "shared" }],
    why: "Only the two folders that hold downloads go, because the settings are beside them.",
    sources: ["CPAN(3perl), Config variables: build_dir, cpan_home, keep_source_where"],
  }),
];
