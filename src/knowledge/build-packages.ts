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
  readonly dependents: readonly RegExp[];
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
    // The second one has those that need them by way of others: libboost-all-dev needs gfortran.
    dependents: [
      /^(alien|autoconf\d.*|automake\d.*|blends-dev|build-dep|cargo|cmake-.*|crystal|cuda.*|debhelper|debpear|devscripts|dh-.*|dkms|dpkg-dev|ecl|equivs|extra-cmake-modules|g(cc|\+\+)-.*[a-z].*|gcl|gccgo.*|gdc.*|gfortran.*|ghc.*|gm2|gnat.*|gnome-common|gnucobol.*|gobjc.*|gobject-introspection|golang.*|haskell-.*|icecc|intltool|lcov|lib(boinc|dolfin|dune|fl|jaula|mpich|ns3|otb|sundials).*-dev|libtool-bin|linux-headers.*|mate-common|meson|mpi.*|nodeenv|nvidia.*|ocaml.*|octave-dev|opam|openmpi.*|perlbrew|php.*-dev|polymake.*|python3-(mesonpy|pysph|pythran|qutip|sage|sasmodels|sepolgen|skbuild)|r-base.*|ruby-build|rustc|sendmail.*|sparse|syslog-ng-dev|systemtap|uwsgi-dev|varnish|wine.*|ypserv|znc-dev)$/,
      /ocaml|^(abi-.*|autobahn-.*|coinor-.*-dev|dcl-f77|dictionaries-common-dev|dpuser|gccbrig.*|jenkins-debian-.*|pd\.build-.*|prooftree|python3-(ament.*|brial|cfgrib|distutils-extra|dolfin.*|ecc.*|ecm.*|ferret|mshr.*|opm-.*|sagetex|sasview|satpy|setuptools-rust|siconos|stdeb)|afl.*|agda.*|ament-.*|apache2-(ssl-)?dev|apertium-.*|api-sanity-checker|apt-build|arriero|aspectc.*|autoproject|bazel-.*|bb.*-source|binfmtc|bmt|boinc-dev|botch|bsdowl|budgie-core-dev|cabal-install|caml.*|catkin|cl-.*|cli-common-dev|cloop-src|cluster-glue-dev|code-saturne.*|coq.*|cpluff-loader|cproto|critcl|crossbuild-essential-.*|cxref|dahdi.*|diodon-dev|dolfin-.*|ec(access|build)|eclipse-titan|eliom|elpa-.*|evolution-dev|faucc|fenicsx?|ferret-vis|frama-c-.*|freeradius.*|gap-.*|gdmd|gedit-dev|gem2deb|gerris|ghdl-.*|gm2-.*|gnome-.*-dev(el)?|gnustep-.*|graphicsmagick-.*-dev.*|grass-dev|guile-.*-dev|guile-cairo-dev|gyoto|hol-light|iraf-.*|janus-dev|java-propose-classpath|javahelper|kernel-wedge|labltk|lava.*|lc(as|maps)-.*|linux-compiler-.*|lxqt-build-tools|mklibs|mlpost|mm-common|muon-meson|musl-(dev|tools)|neuron-dev|nginx-dev|notion-dev|nurpawiki|oasis|odin|opensc.*|packaging-dev|pari-gp2c|pentium-builder|petsc.*|pkg-(js|perl|php|r)-.*|pktools-dev|pluginlib-dev|polyml|proftpd-dev|prometheus-varnish-exporter|propellor|py(build-plugin.*|chess|configure|press|pi2deb|sph-viewer)|qfitsview|r-cran-metamix|rheolef|ros(-.*|bash|idl-.*)|routine-update|ruby-(image-processing|vips)|rust-.*|rustc-.*|rygel-.*|sa-compile|sage.*|sas(m|view)|sdpam|siconos.*|slepc.*|syrthes.*|th-scheme-.*|theme-d-.*|trilinos-.*|ui-auto|utop|varnish-.*|vdr-dev|.*-source|xmds2|ycm-.*|yotta)$/,
      /^lib(abiword|ahven|alog4|anet7|coq|devhelp|ebackend|gmpada|gnome-|preferencepanes|xstrp4|pa-ounit|ad(acgi|asockets|wait)|address|angles|apache2-mod|atlas-ecmwf|aunit|autobahn|biococoa|boost.*-(all|mpi)|camera|cjs|coinor|collada|colord-gtk4|config-model|cpluff|ctl|d(art|bus|eal|epth|evel|iagnostic|ist-zilla)|e(book|cal|ckit|data|quihash)|f77|fastjet|fdb5|folks|g(dal|epub|etfem|hc|irepository|js|lobus|mm|na|nustep|orm|ovirt|ranite|raph|ridtools|ssdp|tk-4|tkada|tkhex|tkmm|tksource|ulkan|upnp|weather|xr|yoto)|hdf5-(mpi|mpich|openmpi)|hinawa|hwloc|hypre|ignition|image|inline|kaccounts|kdl|lammps|laser|lcas|lcmaps|llvm|log4ada|ltdl|lxqt|mag(ick|ics)|malcontent|mapnik|med|metkit|mrpt|mshr|muffin|mumps|mutter|myproxy|ncursesada|net(cdf-mpi|classes)|nice|nodelet|o(asis|auth2|ctave|dc|pencv-apps|penmpi|penr2|pm|rthanc)|panel|pantomime|parpack|pcl|pcscada|peas|performance|petsc|phodav|pils|plplot|pmix|pol|popplerkit|portal-gtk4|prelude|pstoedit|ptscotch|qgis|renaissance|rest|rheolef|robot|ros|rssk|rude|rust|rviz|sc-|scalapack|scotch|sdpa|shumate|sight|skypat|slepc|snapd|sopt|soup-3|spooles|sqlclient|starpu|steptalk|stereo|stopt|sysprof|tachyon|templates|texttools|themed|tracker-sparql|trilinos|ui-|urdf|vips|visp|vte.*gtk4|vtk9|webkit|wpewebkit|xmlada|xmlez|xrdesktop|yelp|zbar)/,
    ],
    removal: "apt-get purge -y --auto-remove",
    sources: [
      "apt-get(8), purge and --auto-remove; apt-mark(8): what was named is never automatic",
      "Debian 12's packages, field Depends: libgcc-12-dev on libgomp1, apt on libstdc++6",
      "apt-cache rdepends of these packages in Debian 12: who needs them; of pkg-config and flex too many do",
      "The fields Depends and Provides of all of Debian 12's packages, followed through: who needs one of those by way of others",
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
    dependents: [],
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
