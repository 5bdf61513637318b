import { DockerfileParser } from "dockerfile-ast";

import type { ImageReference } from "./types.ts";

type ReferenceParts = Pick<ImageReference, "registry" | "repository" | "tag" | "digest">;

const UNKNOWN: ReferenceParts = {
  registry: undefined,
  repository: undefined,
  tag: undefined,
  digest: undefined,
};

/**
 * @param text the image as FROM names it
 * @param resolved the same with its variables filled in; undefined if that isn't possible
 */
export function imageReference(
  text: string,
  resolved: string | undefined,
): ImageReference {
  let parts: ReferenceParts | undefined;
  const split = (): ReferenceParts =>
    (parts ??=
      (resolved === undefined ? undefined : splitReference(resolved)) ?? UNKNOWN);
  return {
    text,
    resolved,
    get registry() {
      return split().registry;
    },
    get repository() {
      return split().repository;
    },
    get tag() {
      return split().tag;
    },
    get digest() {
      return split().digest;
    },
  };
}

/** Bounds the memory of the cache; the same few base images come up in most files. */
const cacheLimit = 256;
const cache = new Map<string, ReferenceParts | undefined>();

function splitReference(reference: string): ReferenceParts | undefined {
  if (cache.has(reference)) return cache.get(reference);
  if (cache.size >= cacheLimit) cache.clear();
  const parts = readReference(reference);
  cache.set(reference, parts);
  return parts;
}

function readReference(reference: string): ReferenceParts | undefined {
  if (!/^[\w.:/@+-]+$/.test(reference)) return undefined;
  // The digest is cut off first, because dockerfile-ast finds no tag in
  // `host:5000/name:tag@digest` and leaves the tag in the name.
  const at = reference.indexOf("@");
  const named = at === -1 ? reference : reference.slice(0, at);
  const [from] = DockerfileParser.parse(`FROM ${named}`).getFROMs();
  const tag = from?.getImageTag() ?? undefined;
  const path = tag === undefined ? named : named.slice(0, -tag.length - 1);
  // dockerfile-ast takes a dot anywhere for a host's, so that `team` in `team/app.web` is a
  // registry for it; only a first part with a dot, a port or the name localhost is one.
  const host = from?.getRegistry() ?? "";
  const isHost = /[.:]/.test(host) || host === "localhost";
  return {
    registry: isHost ? host : undefined,
    repository: isHost ? path.slice(host.length + 1) : path,
    tag,
    digest: at === -1 ? undefined : reference.slice(at + 1),
  };
}
