/**
 * The packages with the libraries that a `-dev` package is for. For Debian and Ubuntu from the
 * field Depends of their package lists, November 2026 (`apt-cache depends`, and
 * packages.debian.org): by release, an empty list for headers alone. For Alpine from
 * pkgs.alpinelinux.org, where these names are the same in every release.
 */
import table from "./library-packages.json" with { type: "json" };

const debian: ReadonlyMap<string, Readonly<Record<string, string | undefined>>> = new Map(
  Object.entries(table),
);

const alpine: Readonly<Record<string, string | undefined>> = {
  "bzip2-dev": "libbz2",
  "c-ares-dev": "c-ares",
  "curl-dev": "libcurl",
  "expat-dev": "expat",
  "freetype-dev": "freetype",
  "gmp-dev": "gmp",
  "icu-dev": "icu-libs",
  "jansson-dev": "jansson",
  "libevent-dev": "libevent",
  "libffi-dev": "libffi",
  "libjpeg-turbo-dev": "libjpeg-turbo",
  "libpcap-dev": "libpcap",
  "libpng-dev": "libpng",
  "libpq-dev": "libpq",
  "libsodium-dev": "libsodium",
  "libuv-dev": "libuv",
  "libxml2-dev": "libxml2",
  "libxslt-dev": "libxslt",
  "lz4-dev": "lz4-libs",
  "ncurses-dev": "ncurses-libs",
  "openssl-dev": "openssl",
  "pcre-dev": "pcre",
  "pcre2-dev": "pcre2",
  "postgresql-dev": "libpq",
  "readline-dev": "readline",
  "sqlite-dev": "sqlite-libs",
  "xz-dev": "xz-libs",
  "yaml-dev": "yaml",
  "zlib-dev": "zlib",
  "zstd-dev": "zstd-libs",
};

const versions: Readonly<Record<string, string | undefined>> = {
  "18.04": "bionic",
  "20.04": "focal",
  "22.04": "jammy",
  "24.04": "noble",
};
/** What `stable` has been of late. */
const stable: readonly string[] = ["bookworm", "trixie"];

/**
 * @param name of a `-dev` package
 * @param base the image that the libraries are to be installed on, e.g. `debian:bookworm-slim`
 * @returns undefined for a package or a release that isn't known
 */
export function libraryPackages(
  name: string,
  base: string,
): readonly string[] | undefined {
  if (base.startsWith("alpine")) return alpine[name]?.split(" ");
  const release = /^\w+:(stable|[a-z]+|\d\d\.\d\d)/.exec(base)?.[1] ?? "";
  const releases = release === "stable" ? stable : [versions[release] ?? release];
  const lists = releases.map(
    (one) =>
      Object.entries(debian.get(name) ?? {}).find(([names]) =>
        names.split(" ").includes(one),
      )?.[1],
  );
  const [first] = lists;
  return first !== undefined && lists.every((list) => list === first)
    ? first.split(" ").filter((word) => word !== "")
    : undefined;
}
