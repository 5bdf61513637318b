import { packageManagers } from "./package-managers.ts";

/**
 * Caches that an option of the manager keeps from being stored, and that the transform
 * `no-cache-flags` therefore removes.
 */
const caches = [
  // apk-tools, "cache" in apk(8): the index that `apk update` fetches.
  "/var/cache/apk",
  // pip's documentation, "Caching": below the user's cache folder.
  "/root/.cache/pip",
];

/** The transform that keeps a package manager's cache out of the image, told by its path. */
export function cacheTransform(
  path: string,
): "clean-package-cache" | "no-cache-flags" | undefined {
  const isIn = (folder: string) => path === folder || path.startsWith(`${folder}/`);
  if (caches.some(isIn)) return "no-cache-flags";
  return packageManagers.some(({ folders }) => folders.some(isIn))
    ? "clean-package-cache"
    : undefined;
}
