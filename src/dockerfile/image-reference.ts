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
  const parts = resolved === undefined ? UNKNOWN : (splitReference(resolved) ?? UNKNOWN);
  return { text, resolved, ...parts };
}

function splitReference(reference: string): ReferenceParts | undefined {
  if (!/^[\w.:/@+-]+$/.test(reference)) return undefined;
  const [from] = DockerfileParser.parse(`FROM ${reference}`).getFROMs();
  const digest = from?.getImageDigest() ?? undefined;
  const named = digest === undefined ? reference : reference.slice(0, -digest.length - 1);
  // dockerfile-ast finds no tag where a port or a digest is there too, and then leaves the
  // tag in the name; a tag is what follows a colon behind the last slash.
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const path = colon === -1 ? named : named.slice(0, colon);
  // dockerfile-ast takes `team` in `team/app.web` for a registry, because it looks for a dot
  // anywhere; only one in the first part makes that part a host.
  const slash = path.indexOf("/");
  const host = path.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(host) || host === "localhost" || /[A-Z]/.test(host);
  return {
    registry: isHost ? host : undefined,
    repository: isHost ? path.slice(slash + 1) : path,
    tag: colon === -1 ? undefined : named.slice(colon + 1),
    digest,
  };
}
