import type { ImageReference } from "./types.ts";

/**
 * Whether an image is one of Microsoft's Windows images or is tagged as built on one. Their
 * default shell is cmd or PowerShell, which only the image itself tells.
 */
export function isWindowsImage(
  image: ImageReference,
  platform: string | undefined,
): boolean {
  if (platform !== undefined && /^windows(\/|$)/i.test(platform)) return true;
  const name = (image.resolved ?? image.text).toLowerCase();
  return (
    /(^|\/)microsoft\/(windowsservercore|nanoserver|windows)\b/.test(name) ||
    /^mcr\.microsoft\.com\/windows(\/|:|@|$)/.test(name) ||
    /windowsservercore|nanoserver/.test(name)
  );
}
