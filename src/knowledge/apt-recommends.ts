import { aptValueOptions } from "./managers/debian.ts";

/**
 * What is lost where apt installs without recommended packages. Data only: whoever adds a
 * package adds an entry, with the source of each fact.
 *
 * Sources: the fields Recommends and Depends of Debian 12's packages (packages.debian.org);
 * apt-get(8), `--no-install-recommends` and `install`; aptitude(8), `-R`; apt.conf(5).
 */
export interface RecommendsProgram {
  readonly programs: RegExp;
  readonly flag: string;
  /** Options that take the next word as their value. */
  readonly valueOptions: readonly string[];
  /** Options, separately or bundled, with which nothing new gets onto the image. */
  readonly idleOptions: RegExp;
  /** Options that decide about recommended packages, or on a configuration that may. */
  readonly decidingOptions: RegExp;
}

const valueOptions = [...aptValueOptions, "--solver"];

const idleOptions =
  /^(-[a-zA-Z]*[sd][a-zA-Z]*|--(simulate|just-print|dry-run|recon|no-act|download-only|print-uris|only-upgrade))$/;

export const recommendsPrograms: readonly RecommendsProgram[] = [
  {
    programs: /^(apt|apt-get)$/,
    flag: "--no-install-recommends",
    valueOptions,
    idleOptions,
    decidingOptions: /recommends|^-c|^--config-file/i,
  },
  {
    programs: /^aptitude$/,
    flag: "-R",
    valueOptions: [...valueOptions, "-q", "-w", "--user-tag", "--add-user-tag"],
    idleOptions,
    decidingOptions: /recommends|^-[a-zA-Z]*[rR]/i,
  },
];

/** A recommended package without which the other one fails at what it is mostly used for. */
export interface Companion {
  /** Matched against the names of the packages that recommend it. */
  readonly of: RegExp;
  readonly names: readonly string[];
  /** What it is there for, to follow “which <package> needs”. */
  readonly purpose: string;
  /** Packages that bring it, or stand in for it. */
  readonly unless?: RegExp;
  /** It is needed only where the file's text has this. */
  readonly where?: RegExp;
}

/** These are named in the install, which keeps them as it had them. */
export const companions: readonly Companion[] = [
  {
    // curl by way of libcurl4, which recommends it.
    of: /^(curl|wget|git|git-core)$/,
    names: ["ca-certificates"],
    purpose: "for https",
  },
  {
    of: /^(git|git-core)$/,
    names: ["openssh-client"],
    purpose: "for repositories over ssh",
    unless: /^(ssh|openssh-client)$/,
    where: /\bgit@|\bssh:\/\/|\bssh-key(scan|gen)\b|\bGIT_SSH|--ssh\b|type=ssh\b/,
  },
  {
    of: /^cmake$/,
    names: ["gcc", "make"],
    purpose: "to build anything",
    unless: /^(build-essential|g\+\+(-\d+)?|gcc(-\d+)?|clang(-\d+)?|ninja-build)$/,
  },
  {
    // g++ depends on it by way of libstdc++-dev.
    of: /^gcc(-\d+(\.\d+)?)?$/,
    names: ["libc6-dev"],
    purpose: "to compile anything",
    unless: /^(build-essential|g\+\+(-\d+(\.\d+)?)?|libc6-dev|libc-dev)$/,
  },
  {
    // By way of gpg; before gpg was a package of its own, gnupg was in every image.
    of: /^software-properties-common$/,
    names: ["gnupg"],
    purpose: "for add-apt-repository",
    unless: /^(gnupg\d?|gpg-agent)$/,
    where: /\badd-apt-repository\b/,
  },
  { of: /^xvfb$/, names: ["xauth"], purpose: "for xvfb-run" },
];

/** A recommended package that is often wanted, but not by everybody: the message names it. */
export interface Loss {
  readonly of: RegExp;
  readonly lost: string;
}

export const losses: readonly Loss[] = [
  { of: /^python3?-pip$/, lost: "the compilers and headers that builds of wheels need" },
  { of: /^(npm|node-gyp)$/, lost: "git and the compilers that native modules need" },
  { of: /^r-base(-core)?$/, lost: "r-recommended and r-base-dev" },
  { of: /^dpkg-dev$/, lost: "build-essential and fakeroot" },
  { of: /^docker\.io$/, lost: "git, xz-utils and ca-certificates" },
  { of: /^podman$/, lost: "fuse-overlayfs, slirp4netns and uidmap" },
  { of: /^chromium$/, lost: "its sandbox" },
  { of: /^libreoffice$/, lost: "fonts and Java support" },
  { of: /^openjdk-\d+-(jre|jdk)$|^default-(jre|jdk)$/, lost: "further fonts" },
  { of: /^graphviz$/, lost: "fonts" },
  { of: /^texlive-latex-extra$/, lost: "further fonts and Java" },
  { of: /^tigervnc-standalone-server$/, lost: "tigervnc-tools (vncpasswd)" },
  { of: /^xrdp$/, lost: "xorgxrdp" },
  { of: /^qemu-system(-\w+)?$/, lost: "firmware and qemu-utils" },
  { of: /^cron$/, lost: "a mail server for its messages" },
  { of: /^(lxc|mercurial|devscripts|octave)$/, lost: "programs that it calls" },
];

/**
 * Packages that stand for a whole environment, much of which they only recommend. A word
 * with `^` at its end names a task: the same.
 */
export const environments =
  /\^$|^task-|^([kxl]?ubuntu|ubuntu-(mate|budgie)|edubuntu|raspberrypi-ui)(-(desktop|server|standard|minimal|core|mods))+$|^(xfce4(-goodies)?|lx(de|qt)(-core)?|gnome(-core|-session|-shell)?|cinnamon(-core|-desktop-environment)?|mate-(core|desktop(-environment(-\w+)?)?)|kde-(full|standard|plasma-desktop)|plasma-desktop|kubuntu-full)$|^(wine(\d\d|-\w+)?|winehq-\w+)$/;

/** Their apt-get is apt-rpm, which has no such option (docs.altlinux.org, apt-get(8)). */
export const aptRpmImages = /(^|[/.])(alt|altlinux|pclinuxos)([./:]|$)/;
