/**
 * Which fixture shows what happens to a package manager's cache in each of the shapes in
 * which its calls come. test/manager-shapes.test.ts checks that no manager is left out and
 * that each fixture is what the table says.
 */
export interface Shapes<Entry = Shape> {
  /** A plain install, which has to change. */
  readonly changes: Entry;
  /** A RUN that leaves nothing behind as it is. */
  readonly clean: Entry;
  /** By `sudo` or its like, or under another USER. */
  readonly anotherUser: Entry;
  /** In a list with `||`, a branch or a loop. */
  readonly inAList: Entry;
  readonly cacheMount: Entry;
  /** Something further down relies on the cache, which therefore stays. */
  readonly laterReader: Entry;
}

/** `<transform>/<case>`, or why there can be none. */
type Shape = string | { readonly none: string };

/** The case of each shape behind what their names begin with. */
function cases(start: string, ends: Readonly<Record<keyof Shapes, string>>): Shapes {
  return {
    changes: start + ends.changes,
    clean: start + ends.clean,
    anotherUser: start + ends.anotherUser,
    inAList: start + ends.inAList,
    cacheMount: start + ends.cacheMount,
    laterReader: start + ends.laterReader,
  };
}

const usual = {
  changes: "install",
  clean: "cleaned",
  anotherUser: "as-another-user",
  inAList: "in-a-list-that-may-fail",
  cacheMount: "with-its-cache-as-a-mount",
  laterReader: "needed-later",
};

function cleaned(id: string, others: Partial<typeof usual> = {}): Shapes {
  return cases(`clean-package-cache/${id}-`, { ...usual, ...others });
}

/** One case has every call of a manager whose cache stays in any shape. */
function leftAlone(id: string, others: Partial<Shapes> = {}): Shapes {
  const all = `clean-package-cache/left-alone-${id}`;
  return {
    changes: { none: "its cache stays in any case" },
    clean: all,
    anotherUser: all,
    inAList: all,
    cacheMount: all,
    laterReader: { none: "its cache stays, whoever reads it" },
    ...others,
  };
}

export const managerShapes: Readonly<Record<string, Shapes>> = {
  apt: cases("clean-package-cache/", {
    changes: "apt-update-and-install",
    clean: "clean-by-rm-rf",
    anotherUser: "apt-behind-sudo",
    inAList: "if-then-else",
    cacheMount: "apt-with-a-cache-mount",
    laterReader: "later-exec-form-relies-on-the-lists",
  }),
  install_packages: leftAlone("install-packages"),
  apk: cases("no-cache-flags/apk-", {
    changes: "add",
    clean: "has-the-flag",
    anotherUser: "as-another-user",
    inAList: "in-a-list-that-may-fail",
    cacheMount: "with-a-cache-mount",
    laterReader: "needed-later",
  }),
  yum: cleaned("yum", {
    clean: "cleaned-by-clean-all",
    inAList: "or-true",
    cacheMount: "with-a-cache-mount",
    laterReader: "from-its-cache-later",
  }),
  dnf: cleaned("dnf", {
    clean: "cleaned-by-clean-all",
    cacheMount: "with-a-cache-mount",
    laterReader: "from-its-cache-later",
  }),
  microdnf: cleaned("microdnf", { cacheMount: "with-a-cache-mount" }),
  tdnf: cleaned("tdnf"),
  urpmi: leftAlone("urpmi"),
  zypper: cleaned("zypper", { cacheMount: "with-a-cache-mount" }),
  pacman: cleaned("pacman", {
    clean: "cleaned-by-Scc",
    cacheMount: "with-a-cache-mount",
    laterReader: "installs-from-its-cache-later",
  }),
  xbps: cleaned("xbps"),
  opkg: cleaned("opkg"),
  swupd: cleaned("swupd"),
  emerge: leftAlone("emerge"),
  pip: cases("no-cache-flags/pip-", {
    changes: "install",
    clean: "has-the-flag",
    anotherUser: "as-another-user",
    inAList: "in-a-list-that-may-fail",
    cacheMount: "with-a-cache-mount",
    laterReader: "needed-later",
  }),
  uv: cases("no-cache-flags/uv-", {
    changes: "sync-and-add",
    clean: "cleaned",
    anotherUser: "behind-sudo",
    inAList: "in-a-list-that-may-fail",
    cacheMount: "with-a-cache-mount",
    laterReader: "offline-later",
  }),
  pipenv: cleaned("pipenv"),
  poetry: cleaned("poetry"),
  pdm: cleaned("pdm"),
  pipx: cleaned("pipx"),
  "pip-tools": cleaned("pip-tools"),
  conda: cleaned("conda", {
    clean: "cleaned-in-full",
    cacheMount: "with-a-cache-mount",
    laterReader: "offline-later",
  }),
  npm: cleaned("npm", {
    changes: "ci",
    inAList: "in-each-branch",
    cacheMount: "with-a-cache-mount-in-the-home-of-the-user",
    laterReader: "offline-later",
  }),
  yarn: cleaned("yarn", {
    changes: "global",
    cacheMount: "with-a-cache-mount",
    laterReader: "offline-later",
  }),
  pnpm: leftAlone("pnpm"),
  bun: leftAlone("bun"),
  corepack: leftAlone("corepack"),
  bundler: cleaned("bundler"),
  gem: cleaned("gem"),
  composer: cleaned("composer"),
  pecl: cleaned("pecl"),
  "docker-php-ext-install": leftAlone("docker-php-ext-install"),
  cpanm: cleaned("cpanm"),
  cpan: cleaned("cpan"),
  "go build": cleaned("go-build"),
  go: leftAlone("go", {
    changes: "clean-package-cache/cache-mount-go",
    anotherUser: "clean-package-cache/cache-mount-go-as-another-user",
    inAList: "clean-package-cache/cache-mount-go-in-a-list-that-may-fail",
    cacheMount: "clean-package-cache/cache-mount-go-is-there",
    laterReader: "clean-package-cache/cache-mount-go-without-a-network-later",
  }),
  cargo: leftAlone("cargo", {
    changes: "clean-package-cache/cache-mount-cargo",
    anotherUser: "clean-package-cache/cache-mount-cargo-as-another-user",
    inAList: "clean-package-cache/cache-mount-cargo-in-a-list-that-may-fail",
    laterReader: "clean-package-cache/cache-mount-cargo-offline-later",
  }),
  maven: leftAlone("maven"),
  gradle: leftAlone("gradle"),
  sbt: leftAlone("sbt"),
  dotnet: leftAlone("dotnet"),
  swift: leftAlone("swift"),
  conan: leftAlone("conan"),
  vcpkg: leftAlone("vcpkg"),
  luarocks: cleaned("luarocks"),
  opam: leftAlone("opam"),
  cabal: leftAlone("cabal"),
  stack: leftAlone("stack"),
  r: leftAlone("r", {
    clean: { none: "R itself removes what it downloads" },
    cacheMount: { none: "its folder has another name in each session" },
  }),
  "install2.r": cleaned("install2r"),
  julia: leftAlone("julia"),
  mix: leftAlone("mix"),
  pub: leftAlone("pub"),
};
