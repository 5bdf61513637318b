/**
 * Packages that only builds need, and what is known to need them. Data only.
 *
 * A package may stand here if removing it takes away nothing that a built extension loads.
 * Headers such as libpq-dev don't: the library itself came along with them, and would go,
 * too. Nor do python3-dev (with it may go the interpreter, or the libpython that uWSGI is
 * linked to), gfortran (libgfortran) and Alpine's rust (libgcc).
 */
export interface BuildPackages {
  readonly programs: RegExp;
  readonly installs: RegExp;
  readonly removes: RegExp;
  readonly valueOptions: readonly string[];
  /** Options with which the call does something else, or elsewhere. */
  readonly otherOptions: RegExp;
  readonly packages: RegExp;
  /** Libraries that come along with some of them, and that something else may load. */
  readonly libraries: readonly {
    readonly of: RegExp;
    readonly names: readonly string[];
  }[];
  /** Official images, by repository and tag, that don't have these packages themselves. */
  readonly bareImages: RegExp;
  /** Packages that need some of them, and would be removed with them. */
  readonly dependents: RegExp | undefined;
  /** The command that removes packages; their names follow. */
  readonly removal: string;
  readonly sources: readonly string[];
}

export const buildPackages: readonly BuildPackages[] = [
  {
    programs: /^(apt|apt-get)$/,
    installs: /^install$/,
    removes: /^(remove|purge|autoremove|auto-remove)$/,
    valueOptions: ["-a", "-c", "-o", "-t", "--option", "--target-release"],
    otherOptions:
      /^(-[a-zA-Z]*[sd][a-zA-Z]*|--(simulate|dry-run|download-only|print-uris|only-upgrade))$/,
    packages:
      /^(autoconf|automake|bison|build-essential|cmake|g\+\+(-\d+)?|gcc(-\d+)?|libtool|make|ninja-build)$/,
    // What OpenMP code is linked to; without a compiler nothing else brings it along.
    libraries: [{ of: /^(build-essential|g\+\+|gcc)/, names: ["libgomp1"] }],
    bareImages: /^(debian|ubuntu):|^(python|ruby|node|openjdk|perl):.*slim/,
    dependents:
      /^(alien|autoconf\d.*|automake\d.*|blends-dev|build-dep|cargo|cmake-.*|crystal|cuda.*|debhelper|debpear|devscripts|dh-.*|dkms|dpkg-dev|ecl|equivs|extra-cmake-modules|g(cc|\+\+)-.*[a-z].*|gcl|gccgo.*|gdc.*|gfortran.*|ghc.*|gm2|gnat.*|gnome-common|gnucobol.*|gobjc.*|gobject-introspection|golang.*|haskell-.*|icecc|intltool|lcov|lib(boinc|dolfin|dune|fl|jaula|mpich|ns3|otb|sundials).*-dev|libtool-bin|linux-headers.*|mate-common|meson|mpi.*|nodeenv|nvidia.*|ocaml.*|octave-dev|opam|openmpi.*|perlbrew|php.*-dev|polymake.*|python3-(mesonpy|pysph|pythran|qutip|sage|sasmodels|sepolgen|skbuild)|r-base.*|ruby-build|rustc|sendmail.*|sparse|syslog-ng-dev|systemtap|uwsgi-dev|varnish|wine.*|ypserv|znc-dev)$/,
    removal: "apt-get purge -y --auto-remove",
    sources: [
      "apt-get(8), purge and --auto-remove; apt-mark(8): what was named is never automatic",
      "Debian 12's packages, field Depends: libgcc-12-dev on libgomp1, apt on libstdc++6",
      "apt-cache rdepends of these packages in Debian 12: who needs them; of pkg-config and flex too many do",
      "docker-library/python and php: slim images purge their compilers in the same RUN",
    ],
  },
  {
    programs: /^apk$/,
    installs: /^add$/,
    removes: /^del$/,
    valueOptions: ["-X", "--repository", "-p", "--root", "--arch", "--cache-dir"],
    otherOptions: /^(-t|--virtual|-s|--simulate|-p|--root)(=|$)/,
    packages:
      /^(alpine-sdk|autoconf|automake|bison|build-base|cmake|flex|g\+\+|gcc|libc-dev|libtool|linux-headers|make|musl-dev|ninja|pkgconf|pkgconfig|samurai)$/,
    libraries: [
      {
        of: /^(alpine-sdk|build-base|g\+\+)$/,
        names: ["libgcc", "libgomp", "libstdc++"],
      },
      { of: /^gcc$/, names: ["libgcc", "libgomp"] },
    ],
    bareImages: /^alpine(:|$)|^(python|ruby|node|php):.*alpine/,
    // apk keeps what another package needs.
    dependents: undefined,
    removal: "apk del",
    sources: [
      "apk(8), apk-del(8): what nothing else needs goes along",
      "Alpine's aports: gcc and g++ depend on libgcc, libgomp and libstdc++",
    ],
  },
];

/** Programs and their subcommands that may build native extensions while they install. */
export const extensionBuilders: readonly {
  readonly programs: RegExp;
  readonly subcommands: RegExp;
}[] = [
  { programs: /^pip[\d.]*$/, subcommands: /^install$/ },
  { programs: /^(gem|bundle)$/, subcommands: /^install$/ },
  { programs: /^npm$/, subcommands: /^(ci|i|install|rebuild)$/ },
  { programs: /^yarn$/, subcommands: /^install$/ },
];

/** What a container may start without ever building anything. */
export const runtimePrograms =
  /^(apache2-foreground|celery|daphne|flask|bundle|django-admin|gunicorn|hypercorn|java|nginx|node|npm|pm2-runtime|php-fpm[\d.]*|puma|python[\d.]*|rackup|rails|ruby|sidekiq|unicorn|uvicorn|uwsgi|yarn|curl|wget|exit|:|true|false|cd|echo)$/;
