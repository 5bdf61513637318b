import type { ImageReference } from "../dockerfile/types.ts";

/**
 * Whether an image is known to leave Docker's default shell, `/bin/sh -c`, alone: Docker's
 * official images, which have neither registry nor namespace.
 */
export function keepsDefaultShell({
  text,
  registry,
  repository,
}: ImageReference): boolean {
  return (
    // A build argument may name another image than its default does, but not in the tag.
    !/^[^:@]*\$/.test(text) &&
    registry === undefined &&
    repository !== undefined &&
    /^(library\/)?[^/]+$/.test(repository)
  );
}
