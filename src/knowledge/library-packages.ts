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
  "cairo-dev": "cairo",
  "curl-dev": "libcurl",
  "cyrus-sasl-dev": "libsasl",
  "expat-dev": "expat",
  "file-dev": "libmagic",
  "freetds-dev": "freetds",
  "freetype-dev": "freetype",
  "fribidi-dev": "fribidi",
  "gdbm-dev": "gdbm",
  "geoip-dev": "geoip",
  "gmp-dev": "gmp",
  "gnutls-dev": "gnutls",
  "hiredis-dev": "hiredis",
  "icu-dev": "icu-libs",
  "jansson-dev": "jansson",
  "jpeg-dev": "libjpeg-turbo",
  "krb5-dev": "krb5-libs",
  "lcms2-dev": "lcms2",
  "libev-dev": "libev",
  "libevent-dev": "libevent",
  "libffi-dev": "libffi",
  "libidn-dev": "libidn",
  "libjpeg-turbo-dev": "libjpeg-turbo",
  "libmicrohttpd-dev": "libmicrohttpd",
  "libnl3-dev": "libnl3",
  "libpcap-dev": "libpcap",
  "libpng-dev": "libpng",
  "libpq-dev": "libpq",
  "libsodium-dev": "libsodium",
  "libssh2-dev": "libssh2",
  "libusb-dev": "libusb",
  "libuv-dev": "libuv",
  "libxml2-dev": "libxml2",
  "libxslt-dev": "libxslt",
  "lz4-dev": "lz4-libs",
  "mariadb-connector-c-dev": "mariadb-connector-c",
  "mbedtls-dev": "mbedtls",
  "ncurses-dev": "ncurses-libs",
  "openjpeg-dev": "openjpeg",
  "openldap-dev": "libldap",
  "openssl-dev": "openssl",
  "pango-dev": "pango",
  "pcre-dev": "pcre",
  "pcre2-dev": "pcre2",
  "postgresql-dev": "libpq",
  "readline-dev": "readline",
  "snappy-dev": "snappy",
  "sqlite-dev": "sqlite-libs",
  "tiff-dev": "tiff",
  "unixodbc-dev": "unixodbc",
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
  // What trixie renamed provides its old name, too, but on 32-bit ARM
  // (wiki.debian.org/ReleaseGoals/64bit-time).
  const isSame = (list: string | undefined): boolean =>
    list === first ||
    (release === "stable" && list?.replace(/t64(?=[- ]|$)/g, "") === first);
  return first !== undefined && lists.every(isSame)
    ? first.split(" ").filter((word) => word !== "")
    : undefined;
}
