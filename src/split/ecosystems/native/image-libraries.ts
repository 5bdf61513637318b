import type { SmallBase } from "../../../knowledge/image-releases.ts";
import { libraryPackages } from "../../../knowledge/library-packages.ts";
import type { Silence } from "../../plan.ts";
import type { SplitSubject } from "../../subject.ts";
import type { NativeSources } from "./sources.ts";

/** `-l` names and CMake packages, with Debian's package of their headers; empty for libc. */
const libraries: Readonly<Record<string, string | undefined>> = {
  m: "",
  pthread: "",
  dl: "",
  rt: "",
  c: "",
  util: "",
  "stdc++": "",
  "stdc++fs": "",
  Threads: "",
  z: "zlib1g-dev",
  ZLIB: "zlib1g-dev",
  ssl: "libssl-dev",
  crypto: "libssl-dev",
  OpenSSL: "libssl-dev",
  curl: "libcurl4-openssl-dev",
  CURL: "libcurl4-openssl-dev",
  sqlite3: "libsqlite3-dev",
  SQLite3: "libsqlite3-dev",
  pq: "libpq-dev",
  PostgreSQL: "libpq-dev",
  xml2: "libxml2-dev",
  LibXml2: "libxml2-dev",
  yaml: "libyaml-dev",
  readline: "libreadline-dev",
  bz2: "libbz2-dev",
  lzma: "liblzma-dev",
  ffi: "libffi-dev",
  event: "libevent-dev",
  png: "libpng-dev",
};

interface ImageLibraries {
  readonly packages: readonly string[];
  readonly needsCertificates: boolean;
}

/** What of the libraries that gcc's and buildpack-deps' images have a program is linked with. */
export function imageLibraries(
  subject: SplitSubject,
  sources: NativeSources | undefined,
  small: SmallBase,
): ImageLibraries | Silence {
  const { commands, stage } = subject;
  const silence = (reason: string): Silence => ({ reason, range: stage.from.range });
  const usesBuildFiles = commands.some(({ program = "" }) =>
    /^(g?make|cmake|meson|ninja|configure|autoreconf)$/.test(program),
  );
  if (!sources && usesBuildFiles)
    return silence(
      "which of the image's libraries the program is linked with can't be told without the build context",
    );
  const text = [
    sources?.buildFiles ?? "",
    ...commands.map(({ args }) => args.map((word) => word ?? "").join(" ")),
  ].join("\n");
  if (/pkg-config|pkg_check_modules|dependency\s*\(|AC_CHECK_LIB|PKG_CHECK/.test(text))
    return silence("which libraries the program is linked with can't be told");
  const names = [
    ...text.matchAll(/(?:^|[\s"'(=])-l([\w+.-]+)/gm),
    ...text.matchAll(/find_package\s*\(\s*(\w+)/gi),
  ].map((match) => match[1] ?? "");
  const unknown = names.find((name) => libraries[name] === undefined);
  if (unknown !== undefined)
    return silence(`which package has the library ${unknown} isn't known`);
  if (needsNewerRuntime(subject, sources, small, text))
    return silence("its libstdc++ may be newer than the distribution's");
  const headers = [...new Set(names.map((name) => libraries[name] ?? ""))].filter(
    Boolean,
  );
  const packages = headers.map((name) => libraryPackages(name, small.image));
  if (!packages.every((list) => list !== undefined))
    return silence(
      "which packages have the libraries that it is linked with isn't known",
    );
  const threads = /-fopenmp|OpenMP/.test(text) ? ["libgomp1"] : [];
  return {
    packages: [...new Set([...packages.flat(), ...threads])],
    needsCertificates: headers.some((name) => /ssl|curl/.test(name)),
  };
}

/** The image has the libstdc++ of its own GCC, and not the distribution's. */
function needsNewerRuntime(
  { commands, image }: SplitSubject,
  sources: NativeSources | undefined,
  small: SmallBase,
  text: string,
): boolean {
  const isCpp =
    sources?.hasCpp === true ||
    commands.some(
      ({ program = "", args }) =>
        program.includes("++") || args.some((word) => /\.(cc|cpp|cxx)$/.test(word ?? "")),
    );
  if (!isCpp || !/(^|\/)gcc$/.test(image.repository ?? "")) return false;
  if (/-static(-libstdc\+\+)?(\s|$)/m.test(text)) return false;
  const major = /^(\d+)/.exec(image.tag ?? "")?.[1];
  return major === undefined || Number(major) > gccOf(small.image);
}

/** The GCC that a release's libstdc++6 is of (packages.debian.org/libstdc++6). */
function gccOf(image: string): number {
  const found = Object.entries({
    trixie: 14,
    bookworm: 12,
    stable: 12,
    bullseye: 10,
    buster: 8,
  });
  return found.find(([name]) => image.includes(name))?.[1] ?? 6;
}
