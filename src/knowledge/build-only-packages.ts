/**
 * Packages that hold compilers, build systems, headers and what fetches sources: a program
 * that is built doesn't need them (packages.debian.org and pkgs.alpinelinux.org, section
 * devel and its like).
 */
const buildOnly =
  /^(alpine-sdk|autoconf|automake|binutils|bison|build-base|build-essential|byacc|clang(-\d+)?|cmake|cpp|flex|g\+\+(-\d+)?|gcc(-\d+)?|gettext-dev|golang|go|libc-dev|libc6-dev|libtool(-bin)?|linux-headers(-.*)?|lld|llvm|m4|make|meson|mercurial|musl-dev|nasm|ninja-build|ninja|patch|pkg-config|pkgconf|pkgconfig|upx|upx-ucl|yasm)$/;

export function isBuildOnlyPackage(name: string): boolean {
  return buildOnly.test(name.replace(/[=:~<>].*$/, ""));
}
