import type { ImageReference } from "../dockerfile/types.ts";

/** A distribution as os-release(5) of its images names it. */
export interface Distribution {
  /** ID: `debian`, `ubuntu`, `alpine` … */
  readonly family: string;
  /** VERSION_ID; undefined where the tag doesn't tell, which mostly means the newest. */
  readonly release: string | undefined;
}

/** Code names by family: debian.org/releases, wiki.ubuntu.com/Releases. */
const codeNames: ReadonlyMap<string, Distribution> = new Map(
  Object.entries({
    debian: {
      wheezy: "7",
      jessie: "8",
      stretch: "9",
      buster: "10",
      bullseye: "11",
      bookworm: "12",
      trixie: "13",
      forky: "14",
    },
    ubuntu: {
      trusty: "14.04",
      xenial: "16.04",
      bionic: "18.04",
      focal: "20.04",
      jammy: "22.04",
      noble: "24.04",
    },
  }).flatMap(([family, releases]) =>
    Object.entries(releases).map(([name, release]) => [name, { family, release }]),
  ),
);

/** Repositories that are the distribution itself, official or under its own name elsewhere. */
const own =
  /(?:^|\/)(debian|ubuntu|alpine|rockylinux|almalinux|centos|fedora|amazonlinux)$/;

const families: ReadonlyMap<string, string> = new Map([
  ["almalinux", "alma"],
  ["amazonlinux", "amzn"],
  ["rockylinux", "rocky"],
]);

/**
 * Docker's official images that stand on Debian where no other distribution is in the tag
 * (docker-library/official-images).
 */
const onDebian =
  /^(library\/)?(buildpack-deps|gcc|golang|haskell|httpd|mariadb|mongo|nginx|node|openjdk|perl|php|postgres|pypy|python|rabbitmq|redis|ruby|rust|tomcat)$/;

/** The distribution that an image consists of, as far as its name tells. */
export function distributionOf({
  text,
  repository,
  tag = "latest",
}: ImageReference): Distribution | undefined {
  if (repository === undefined || text.includes("$")) return undefined;
  const named = own.exec(repository)?.[1];
  const words = tag.split(/[-_.]/);
  const known = words.map((word) => codeNames.get(word)).find((item) => item);
  if (named !== undefined) {
    if (known?.family === named) return known;
    const release = /^v?(\d+(?:\.\d+)?)(?![\w])/.exec(tag)?.[1];
    return { family: families.get(named) ?? named, release };
  }
  if (known) return known;
  const alpine = /(?:^|-)alpine(\d+\.\d+)?(?:$|-)/.exec(tag);
  if (alpine) return { family: "alpine", release: alpine[1] };
  const ubuntu = /(?:^|-)ubuntu-?(\d\d\.?\d\d)(?:$|-)/.exec(tag)?.[1];
  if (ubuntu !== undefined)
    return { family: "ubuntu", release: ubuntu.replace(/^(\d\d)\.?/, "$1.") };
  return onDebian.test(repository) && !/windows|nanoserver|slim-?musl/.test(tag)
    ? { family: "debian", release: undefined }
    : undefined;
}
