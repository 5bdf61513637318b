import { smallBaseOf } from "../../../knowledge/image-releases.ts";
import { compilesAtRunTime } from "../../../knowledge/python-packages.ts";
import { isSmallPython } from "../../../knowledge/slim-images.ts";
import { installsCompiler } from "../../compilers.ts";
import { packageEffect } from "../../package-effect.ts";
import { isSilence, type Silence } from "../../plan.ts";
import type { SplitSubject } from "../../subject.ts";
import { linkedPackages } from "../linked.ts";

/** What a small image, into which a compiler is installed, needs without the compiler. */
export interface SmallNeeds {
  readonly family: "alpine" | "debian";
  /** Packages of the system. */
  readonly packages: readonly string[];
}

export function isSmallWithCompiler({ image, commands }: SplitSubject): boolean {
  return isSmallPython(image) && commands.some(installsCompiler);
}

/**
 * The final stage has the same image, so that nothing is missing there but the compiler, the
 * headers, and the libraries that come with these.
 *
 * @param names of the distributions that pip installs, as far as they are known
 */
export function readSmall(
  subject: SplitSubject,
  names: readonly string[],
): SmallNeeds | Silence {
  const { commands, files, context, stage, image } = subject;
  const { range } = stage.from;
  const compiling = names.find(compilesAtRunTime);
  if (compiling !== undefined)
    return { reason: `“${compiling}” may compile when it runs`, range };
  for (const [path, file] of files) {
    const text = path.endsWith(".py") ? (context?.read(file) ?? "") : "";
    const match = compilingCode.exec(text);
    if (match)
      return {
        reason: `${file}:${text.slice(0, match.index).split("\n").length} uses ${match[0]}: it may need the compiler`,
        range,
      };
  }
  const fortran = commands.find((command) => {
    const effect = packageEffect(command);
    return (
      effect?.kind === "packages" &&
      effect.names.some((name) => /^(gfortran|lib\w*blas\w*-dev|rustc|cargo)/.test(name))
    );
  });
  if (fortran)
    return { reason: "which libraries it links can't be told", range: fortran.range };
  const family = image.tag?.includes("alpine") === true ? "alpine" : "debian";
  // OpenMP's library comes with the compiler, and some wheels rely on it.
  const ofCompiler =
    family === "alpine" ? ["libgcc", "libgomp", "libstdc++"] : ["libgomp1"];
  const isMoving = /^3\.([89]|\d\d)[.-]|^3-/.test(image.tag ?? "");
  const base =
    smallBaseOf(image) ?? (isMoving ? { image: "debian:stable-slim" } : undefined);
  if (!base) return { reason: "which Debian release it stands on can't be told", range };
  const linked = linkedPackages(commands, base, (name) => inImages.test(name));
  return isSilence(linked) ? linked : { family, packages: [...linked, ...ofCompiler] };
}

/** `-dev` packages of which Python's small images have the libraries, and Python's own. */
const inImages =
  /^(libbz2|libexpat1|libffi|libgdbm|liblzma|libncurses\w*|libreadline\d*|libsqlite3|libssl|uuid|zlib1g|bzip2|expat|libuuid|ncurses|openssl|readline|sqlite|xz|zlib|python3|python)-dev$/;

const compilingCode =
  /\b(pyximport|cppimport|cpp_extension|torch\.compile|find_library|(?:import|from)\s+(?:distutils|Cython|triton)\b)|["'](?:gcc|g\+\+|cc|make)(?=["' ])/;
