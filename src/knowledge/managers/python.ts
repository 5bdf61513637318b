import {
  anyOf,
  cachesInHome,
  inHome,
  nothing,
  packageManager,
  type PackageManager,
} from "./types.ts";

/** Variables that decide over pip's cache, also where another tool calls pip. */
const pipVariables = ["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME"];

export const pythonManagers: readonly PackageManager[] = [
  packageManager({
    id: "pip",
    title: "pip, pip3, pipN.M, python -m pip",
    programs: /^pip(-?\d+(\.\d+)?)?$/,
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
    fills: /^(install|wheel|download)( |$)/,
    cleans: /^cache (purge|remove)( |$)/,
    ...cachesInHome(".cache/pip"),
    // An old one keeps no cache, but may have replaced itself by one that does.
    isCleanupForOld: true,
    handledByOption: /^--(cache-dir|download-cache|no-ca)/,
    variables: ["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "PIP_DOWNLOAD_CACHE"],
    flag: {
      pythonModule: "pip",
      subcommands: ["install", "wheel", "download"],
      flag: "--no-cache-dir",
      // Next to it: --no-clean, --no-color, --no-compile.
      shortestFlag: "--no-ca",
      idleOptions: [],
      handledByOption: [
        {
          option: /^--ca/,
          reason: "--cache-dir moves the cache to a place of its own",
        },
        {
          option: /^(-M|--use-mirrors|--mirrors|--download-cache)(=|$)/,
          reason: "this option is from before --no-cache-dir",
        },
      ],
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
    },
    writes: [
      {
        path: "~/.cache/pip",
        holds: "downloads, and wheels that it built",
        movedBy: "`PIP_CACHE_DIR`, `--cache-dir`, `XDG_CACHE_HOME`, pip.conf",
      },
    ],
    mounts: [
      {
        target: "/root/.cache/pip",
        sharing: "shared",
        alsoNeeds: "no `--no-cache-dir` and no `PIP_NO_CACHE_DIR`",
      },
    ],
    why: "The option is better than a clean-up: it needs neither a path nor the name of the user.",
    since: "pip 6.0 (2014); 19.0 and 19.0.1 fail over the option",
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
  }),
  packageManager({
    id: "uv",
    title: "uv",
    programs: /^uv$/,
    valueOptions: [
      "--cache-dir",
      "--color",
      "--config-file",
      "--directory",
      "--project",
      "--allow-insecure-host",
    ],
    fills: /^(pip (install|sync)|sync|add|tool (install|upgrade))( |$)/,
    cleans: /^(cache (clean|prune)|clean)( |$)/,
    folders: inHome(".cache/uv"),
    variables: ["UV_NO_CACHE", "UV_CACHE_DIR", "UV_OFFLINE"],
    flag: {
      subcommands: ["pip install", "pip sync", "sync", "add", "tool install"],
      flag: "--no-cache",
      // clap takes no abbreviations.
      shortestFlag: "--no-cache",
      aliases: ["-n", "--no-cache-dir"],
      idleOptions: [],
      handledByOption: [
        {
          option: /^--cache-dir/,
          reason: "--cache-dir moves the cache to a place of its own",
        },
        { option: /^--offline$/, reason: "--offline needs the cache" },
      ],
      mountTarget:
        /uv|\$|(^|\/)\.cache\/?$|^\/*((root|home|home\/[^/]+|Users\/[^/]+)\/?)?$/i,
      needsNetwork: true,
      cacheText:
        /(?<!\/usr\/local\/share\/)\.cache(?![\w.-])|\buv\s+cache\b|\buv\b.*--offline/,
      linksText: /symlink/i,
      isCleanupEnough: true,
      oldRelease: nothing,
      oldImage: nothing,
      settingsText: /uv\.toml/,
      message: "Keeps uv from storing downloads in the layer (--no-cache).",
    },
    writes: [
      {
        path: "~/.cache/uv",
        holds: "downloads, unpacked wheels and metadata",
        movedBy: "`UV_CACHE_DIR`, `--cache-dir`, `XDG_CACHE_HOME`, uv.toml",
      },
    ],
    mounts: [
      {
        target: "/root/.cache/uv",
        sharing: "shared",
        alsoNeeds: "`UV_LINK_MODE=copy`, because a mount is another file system",
      },
    ],
    why: "With `--no-cache`, uv uses a temporary folder. It installs by hard links or copies, which don't need the cache; with the link mode `symlink` they do, so that is left alone.",
    since: "uv 0.1",
    sources: [
      "uv documentation, Caching: “Cache directory”; Docker guide, “Caching”, UV_LINK_MODE",
      "uv's source, uv-cache, cli.rs: --no-cache is global, -n, alias --no-cache-dir",
      "uv documentation, Settings: link-mode, the warning about symlink",
    ],
  }),
  packageManager({
    id: "pipenv",
    title: "pipenv",
    programs: /^pipenv$/,
    valueOptions: ["--python", "--pypi-mirror", "-r", "--requirements", "-i", "--index"],
    fills: /^(install|sync|update|upgrade)( |$)/,
    ...cachesInHome(".cache/pipenv"),
    handledByOption: /^--clear$/,
    variables: ["PIPENV_CACHE_DIR", ...pipVariables],
    writes: [
      {
        path: "~/.cache/pipenv",
        holds: "pip's cache, which pipenv keeps there, and hashes",
        movedBy: "`PIPENV_CACHE_DIR`, `XDG_CACHE_HOME`",
      },
      { path: "~/.local/share/virtualenvs", holds: "the environments themselves" },
    ],
    why: "There is no option against it. The environments are in another folder.",
    sources: [
      "pipenv's source, environments.py: PIPENV_CACHE_DIR; core.py: PIP_CACHE_DIR for pip",
    ],
  }),
  packageManager({
    id: "poetry",
    title: "poetry",
    programs: /^poetry$/,
    valueOptions: ["-C", "--directory", "-P", "--project"],
    fills: /^(install|add|update|sync)( |$)/,
    cleans: /^cache clear( |$)/,
    ...cachesInHome(".cache/pypoetry/cache", ".cache/pypoetry/artifacts"),
    variables: ["POETRY_CACHE_DIR", "XDG_CACHE_HOME"],
    settings: /\bpoetry\s+config\s+(.*\s)?cache-dir\b/,
    writes: [
      {
        path: "~/.cache/pypoetry/cache",
        holds: "metadata and downloads of the repositories",
        movedBy: "`POETRY_CACHE_DIR`, `cache-dir` in its settings, `XDG_CACHE_HOME`",
      },
      {
        path: "~/.cache/pypoetry/artifacts",
        holds: "wheels",
        movedBy: "the same",
      },
      {
        path: "~/.cache/pypoetry/virtualenvs",
        holds: "the environments themselves: never removed",
      },
    ],
    why: "`--no-cache` switches off the metadata of repositories alone, and the wheels are stored all the same. The folder above also holds the virtual environments, so only the two parts go.",
    sources: [
      "Poetry documentation, Configuration: cache-dir, virtualenvs.path; CLI: --no-cache",
      "Poetry's source, console/application.py and installation/chef.py: artifacts",
    ],
  }),
  packageManager({
    id: "pdm",
    title: "pdm",
    programs: /^pdm$/,
    valueOptions: ["-c", "--config", "-p", "--project"],
    fills: /^(install|sync|add|update)( |$)/,
    cleans: /^cache clear( |$)/,
    ...cachesInHome(".cache/pdm/http", ".cache/pdm/wheels"),
    variables: ["PDM_CACHE_DIR", "PDM_INSTALL_CACHE", "XDG_CACHE_HOME"],
    settings: /\bcache_dir\b|\binstall\.cache\b/,
    writes: [
      {
        path: "~/.cache/pdm",
        holds: "downloads (`http`), wheels that it built (`wheels`), metadata",
        movedBy: "`PDM_CACHE_DIR`, `cache_dir` in its settings, `XDG_CACHE_HOME`",
      },
      {
        path: "~/.cache/pdm/packages",
        holds: "what `install.cache` links environments to: never removed",
      },
    ],
    why: "`pdm cache clear` would also remove `packages`, into which environments may be linked.",
    sources: [
      "PDM documentation, Configurations: cache_dir, install.cache; Manage caches",
      "PDM's source, project/core.py: the cache's folders",
    ],
  }),
  packageManager({
    id: "pipx",
    title: "pipx",
    programs: /^pipx$/,
    fills:
      /^(install|install-all|inject|upgrade|upgrade-all|reinstall|reinstall-all)( |$)/,
    ...cachesInHome(".cache/pip"),
    handledByOption: /no-cache-dir|^--fetch-missing/,
    variables: pipVariables,
    writes: [
      { path: "~/.cache/pip", holds: "pip's cache", movedBy: "as with pip" },
      { path: "~/.local/share/pipx", holds: "the environments themselves" },
    ],
    why: "pip's option would have to go through `--pip-args`, which pipx records and uses again at each upgrade; so pip's cache is removed.",
    sources: [
      "pipx documentation, How pipx works; pipx_metadata.json has pip_args",
      "pip 25 documentation, Caching: “Where is the cache stored”",
    ],
  }),
  packageManager({
    id: "pip-tools",
    title: "pip-sync, pip-compile",
    programs: /^pip-(sync|compile)$/,
    fills: /^/,
    ...cachesInHome(".cache/pip", ".cache/pip-tools"),
    handledByOption: /^--cache-dir|no-cache-dir/,
    variables: ["PIP_TOOLS_CACHE_DIR", ...pipVariables],
    writes: [
      { path: "~/.cache/pip", holds: "pip's cache", movedBy: "as with pip" },
      {
        path: "~/.cache/pip-tools",
        holds: "what pip-compile looked up",
        movedBy: "`PIP_TOOLS_CACHE_DIR`, `--cache-dir`",
      },
    ],
    why: "pip-sync has no option of its own against the cache of the pip that it runs.",
    sources: ["pip-tools documentation, pip-compile: --cache-dir; pip-sync: --pip-args"],
  }),
  packageManager({
    id: "conda",
    title: "conda, mamba, micromamba",
    programs: /^(conda|mamba|micromamba)$/,
    fills: /^(install|create|update|upgrade|env (create|update))( |$)/,
    cleans: /^clean( |$)/,
    folders: ["/opt/conda/pkgs", "/root/miniconda3/pkgs", "/root/anaconda3/pkgs"],
    cleanup: ["{program} clean -afy"],
    variables: ["CONDA_PKGS_DIRS"],
    // With soft links, environments point into the folder.
    settings: /\b(pkgs_dirs|allow_softlinks|always_softlink)\b|\bconfig\b.*\boffline\b/,
    readsByOption: /^--offline$/,
    writes: [
      {
        path: "<prefix>/pkgs",
        holds: "archives and unpacked packages; environments are hard links to these",
        movedBy: "`CONDA_PKGS_DIRS`, `pkgs_dirs` in .condarc",
      },
    ],
    mounts: [{ target: "/opt/conda/pkgs", sharing: "locked" }],
    why: "`-a` alone keeps the unpacked packages that environments seem to use; their files are hard links, so that environments lose nothing by `-f`.",
    since: "conda 4.6 (2019) for `-f`",
    sources: [
      "conda clean --help: -a, -f, -y; micromamba clean --help has the same",
      "conda's changelog, 4.6.0: clean --force-pkgs-dirs",
    ],
  }),
];
