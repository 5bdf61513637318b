import type { ImageReference } from "../dockerfile/types.ts";

/**
 * Whether an image is known to leave Docker's default shell, `/bin/sh -c`, alone: Docker's
 * official images, which have neither registry nor namespace.
 */
export function keepsDefaultShell({ registry, repository }: ImageReference): boolean {
  return (
    registry === undefined &&
    repository !== undefined &&
    /^(library\/)?[^/]+$/.test(repository)
  );
}
