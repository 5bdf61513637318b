import type { ImageReference } from "../dockerfile/types.ts";
import { distributionOf } from "./base-distributions.ts";

/** A small image of the distribution that an image consists of. */
export interface SmallBase {
  readonly family: "debian" | "ubuntu" | "alpine";
  /** E.g. `debian:bookworm-slim`. */
  readonly image: string;
  /** The release isn't known, only that it is none newer than the one named. */
  readonly isNewest: boolean;
}

const debianNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "8": "jessie",
    "9": "stretch",
    "10": "buster",
    "11": "bullseye",
    "12": "bookworm",
    "13": "trixie",
  }),
);

/**
 * The newest Debian that the image of a version was ever built on without its name in the
 * tag (history of docker-library/official-images). A program runs on a Debian newer than the
 * one it was built on, because glibc keeps its interface (sourceware.org, glibc's release
 * notes).
 */
const newestDebian: Readonly<
  Record<string, readonly (readonly [from: number, name: string])[]>
> = {
  golang: [
    [1.24, "trixie"],
    [1.19, "bookworm"],
    [1.16, "bullseye"],
    [1.12, "buster"],
    [1.08, "stretch"],
    [0, "jessie"],
  ],
  rust: [
    [1.9, "trixie"],
    [1.7, "bookworm"],
    [1.55, "bullseye"],
    [1.37, "buster"],
    [0, "stretch"],
  ],
  gcc: [
    [15, "trixie"],
    [12.03, "bookworm"],
    [10.04, "bullseye"],
    [8.04, "buster"],
    [0, "stretch"],
  ],
};

/** @returns undefined for a distribution that isn't known */
export function smallBaseOf(image: ImageReference): SmallBase | undefined {
  const distribution = distributionOf(image);
  switch (distribution?.family) {
    case "debian": {
      const name =
        distribution.release === undefined
          ? (movingOf(image) ?? newestOf(image))
          : debianNames.get(distribution.release);
      return name === undefined
        ? undefined
        : {
            family: "debian",
            image: `debian:${name}-slim`,
            isNewest: distribution.release === undefined,
          };
    }
    case "ubuntu":
      return distribution.release === undefined
        ? movingUbuntu(image)
        : { family: "ubuntu", image: `ubuntu:${distribution.release}`, isNewest: false };
    case "alpine":
      return {
        family: "alpine",
        image:
          distribution.release === undefined
            ? "alpine"
            : `alpine:${distribution.release}`,
        isNewest: distribution.release === undefined,
      };
    default:
      return undefined;
  }
}

/** The release that a moving tag of Debian's own image stands for is in the slim one's too. */
function movingOf({
  repository = "",
  tag = "latest",
}: ImageReference): string | undefined {
  if (!/^(library\/)?debian$/.test(repository)) return undefined;
  if (/^(latest|stable(-slim)?)$/.test(tag)) return "stable";
  return /^testing(-slim)?$/.test(tag) ? "testing" : undefined;
}

function movingUbuntu({
  repository = "",
  tag = "latest",
}: ImageReference): SmallBase | undefined {
  return /^(library\/)?ubuntu$/.test(repository) && /^(latest|rolling)$/.test(tag)
    ? { family: "ubuntu", image: `ubuntu:${tag}`, isNewest: true }
    : undefined;
}

function newestOf({
  repository = "",
  tag = "latest",
}: ImageReference): string | undefined {
  const table = newestDebian[repository.replace(/^library\//, "")];
  const version = /^(\d+)(?:\.(\d+))?/.exec(tag);
  if (!table) return undefined;
  // A floating tag stands on the newest stable release.
  if (version?.[2] === undefined)
    return tag === "latest" || version ? "stable" : undefined;
  const number = Number(version[1]) + Number(version[2]) / 100;
  return table.find(([from]) => number >= from)?.[1];
}
