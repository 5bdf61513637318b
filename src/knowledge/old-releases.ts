import type { ImageReference } from "../dockerfile/types.ts";

/**
 * Images whose package tools are too old for an option that we would add. A build that
 * works must not break over it, so these are left alone.
 */
interface OldRelease {
  readonly repository: RegExp;
  /** Whether a tag is that old; tags without a version are taken to be current. */
  readonly isOld: (tag: string) => boolean;
}

/** Compares `3.2` or `v3.2.1-x` with a major and minor version. */
function before(major: number, minor: number): (tag: string) => boolean {
  return (tag) => {
    const match = /^v?(\d+)(?:\.(\d+))?/.exec(tag);
    if (!match) return false;
    const [tagMajor, tagMinor] = [Number(match[1]), Number(match[2] ?? 99)];
    return tagMajor < major || (tagMajor === major && tagMinor < minor);
  };
}

function named(
  pattern: RegExp,
  isOld: (tag: string) => boolean,
): (tag: string) => boolean {
  return (tag) => pattern.test(tag) || isOld(tag);
}

/** `--no-cache-dir` came with pip 6.0 (pip's news, December 2014); these ship an older pip. */
const withOldPip: readonly OldRelease[] = [
  {
    repository: /(^|\/)ubuntu(-debootstrap)?$/,
    isOld: named(
      /^(lucid|precise|quantal|raring|saucy|trusty|utopic|vivid|wily)/,
      before(16, 4),
    ),
  },
  {
    repository: /(^|\/)(debian|buildpack-deps)$/,
    isOld: named(/^(squeeze|wheezy|jessie|old-?oldstable)/, before(9, 0)),
  },
  { repository: /^phusion\/(baseimage|passenger-\w+)$/, isOld: before(0, 10) },
  { repository: /^(dockerfile\/|tutum\/|stackbrew\/ubuntu)/, isOld: () => true },
];

/** `--no-cache` came with apk-tools 2.6.4 in Alpine 3.3 (Alpine's release notes, 2015). */
const withOldApk: readonly OldRelease[] = [
  { repository: /(^|\/)alpine$/, isOld: before(3, 3) },
];

/** `conda clean -f` came with conda 4.6 (conda's changelog); Anaconda's images kept step. */
const withOldConda: readonly OldRelease[] = [
  { repository: /^continuumio\/miniconda[23]?$/, isOld: before(4, 6) },
  { repository: /^continuumio\/anaconda[23]?$/, isOld: before(2019, 0) },
  // Tags that are commit ids date from before 2021 and may be of any age.
  { repository: /^jupyter\//, isOld: (tag) => /^[0-9a-f]{12}$/.test(tag) },
];

/** What a Dockerfile says of the conda that it installs: `Miniconda3-4.5.4-Linux-x86_64.sh`. */
const condaInstaller = /(mini|ana)conda([23]?)-([^\s"']*)/gi;
const oldCondaPin = /\bconda[=<]+(3|4\.[0-5])\b/;

/**
 * Whether a Dockerfile brings a conda itself that may be older than 4.6. Anaconda 2019.03 was
 * the first with that; the installers without a Python version in their name, and those for
 * armv7l, ended long before.
 */
export function mayInstallOldConda(text: string): boolean {
  if (oldCondaPin.test(text)) return true;
  return [...text.matchAll(condaInstaller)].some(([, , python = "", rest = ""]) => {
    const version = rest.replace(/^py\d+_/, "");
    const isCurrent =
      version.startsWith("latest") ||
      /^(4\.([6-9]|\d\d)|[5-9]\d|2[0-9]\.|20(19|[2-9]\d))/.test(version);
    return python === "" || rest.includes("armv7l") || !isCurrent;
  });
}

/** The build cache came with Go 1.10, modules with Go 1.11 (its release notes, 2018). */
const golang = /^(library\/)?golang$/;

const withoutCache: ReadonlyMap<string, readonly OldRelease[]> = new Map([
  ["go build", [{ repository: golang, isOld: before(1, 10) }]],
  ["go", [{ repository: golang, isOld: before(1, 11) }]],
]);

/** Distributions whose own Go is from before 1.10; another one may have been installed. */
const withOldGo: readonly OldRelease[] = [
  { repository: /(^|\/)alpine$/, isOld: before(3, 8) },
  {
    repository: /(^|\/)ubuntu$/,
    isOld: named(
      /^(lucid|precise|quantal|raring|saucy|trusty|utopic|vivid|wily|xenial|zesty|artful)/,
      before(18, 4),
    ),
  },
  {
    repository: /(^|\/)(debian|buildpack-deps)$/,
    isOld: named(/^(squeeze|wheezy|jessie|stretch)/, before(10, 0)),
  },
];

const tools: ReadonlyMap<string, readonly OldRelease[]> = new Map([
  ["pip", withOldPip],
  ["apk", withOldApk],
  ["conda", withOldConda],
  ["go build", withOldGo],
]);

/** @param tool a manager's id */
export function hasOldTool(tool: string, image: ImageReference): boolean {
  return isAmong(tools.get(tool), image);
}

/** Whether the image's release of a manager is from before it had such a cache. */
export function hasNoCache(
  { id }: { readonly id: string },
  image: ImageReference,
): boolean {
  return isAmong(withoutCache.get(id), image);
}

function isAmong(
  releases: readonly OldRelease[] = [],
  { repository, tag }: ImageReference,
): boolean {
  return (
    repository !== undefined &&
    releases.some(
      (release) => release.repository.test(repository) && release.isOld(tag ?? "latest"),
    )
  );
}
