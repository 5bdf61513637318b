import type { ImageReference } from "../dockerfile/types.ts";

/**
 * The slim image of the same version and Debian release as a full one of Node, Python or Ruby
 * (docker-library/official-images, library/node, library/python and library/ruby). The full ones stand on
 * buildpack-deps, with compilers and the headers of many libraries.
 */
const releases = "stretch|buster|bullseye|bookworm|trixie";
const versions: ReadonlyMap<string, RegExp> = new Map([
  [
    "node",
    new RegExp(
      `^((?:[89]|[1-9]\\d)(?:\\.\\d+){0,2}|lts|current|hydrogen|iron|jod)((?:-(?:${releases}))?)$`,
    ),
  ],
  // Older ones stand on a Debian whose packages have gone to its archive.
  [
    "ruby",
    new RegExp(`^((?:3\\.[1-9]|4\\.\\d+)(?:\\.\\d+)?|[34])((?:-(?:${releases}))?)$`),
  ],
  ["python", new RegExp(`^(3(?:\\.\\d+){0,2})((?:-(?:${releases}))?)$`)],
]);

/**
 * Whether an image is one of the small ones of Python, which have no compiler: on Debian's slim
 * image, or on Alpine (docker-library/python).
 */
export function isSmallPython({
  registry,
  repository = "",
  tag = "",
  text,
}: ImageReference): boolean {
  return (
    !text.includes("$") &&
    (registry === undefined || registry === "docker.io") &&
    repository.replace(/^library\//, "") === "python" &&
    new RegExp(
      `^3(?:\\.\\d+){0,2}-(?:slim(?:-(?:${releases}))?|alpine(?:3\\.\\d+)?)$`,
    ).test(tag)
  );
}

/**
 * Whether an image is one of the small ones of Node, which have no compiler: on Debian's slim
 * image, or on Alpine (docker-library/node; mhart/alpine-node, its README).
 */
export function isSmallNode({
  registry,
  repository = "",
  tag = "latest",
  digest,
  text,
}: ImageReference): boolean {
  if (text.includes("$") || digest !== undefined) return false;
  if (registry !== undefined && registry !== "docker.io") return false;
  if (repository === "mhart/alpine-node") return /^(latest|\d+(\.\d+){0,2})$/.test(tag);
  return (
    repository.replace(/^library\//, "") === "node" &&
    new RegExp(
      `^(?:(?:\\d+(?:\\.\\d+){0,2}|lts|current)-)?(?:(?:(?:${releases})-)?slim|alpine(?:3\\.\\d+)?)$`,
    ).test(tag)
  );
}

/** @returns undefined for another image, or where its tag doesn't name a full one */
export function slimImageOf(image: ImageReference, name: string): string | undefined {
  const { registry, repository = "", tag = "", digest, text } = image;
  if (text.includes("$") || digest !== undefined) return undefined;
  if (registry !== undefined && registry !== "docker.io") return undefined;
  if (repository.replace(/^library\//, "") !== name) return undefined;
  const match = versions.get(name)?.exec(tag);
  if (!match) return undefined;
  const [, version, release] = match;
  return name === "node"
    ? `node:${version}${release}-slim`
    : `${name}:${version}-slim${release}`;
}
