import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts the rewritten text of a Dockerfile where a builder can read it, with the ignore file
 * that goes by the Dockerfile's name.
 *
 * @returns the new file's path.
 */
export function rewrittenCopy(folder: string, dockerfile: string, text: string): string {
  const copy = join(folder, "Dockerfile");
  writeFileSync(copy, text);
  const ignoreFile = `${dockerfile}.dockerignore`;
  if (existsSync(ignoreFile)) copyFileSync(ignoreFile, `${copy}.dockerignore`);
  return copy;
}
