import { limits } from "../limits.ts";
import { ImageError, refusedHint } from "../problem.ts";

/**
 * The path of an archive's entry, without `./` in front, double slashes, or a slash at its
 * end; empty for the root folder.
 *
 * @param where What is read, for messages.
 * @throws ImageError for a path that leaves the root, or is longer than Linux allows.
 */
export function entryPath(written: string, where: string): string {
  const refuse = (why: string) =>
    new ImageError(`${where} has an entry ${quoted(written)}, ${why}`, refusedHint);
  if (Buffer.byteLength(written) > limits.pathBytes) {
    throw refuse(`whose path is longer than ${limits.pathBytes} bytes`);
  }
  if (written.startsWith("/")) throw refuse("which is an absolute path");
  if (written.includes("\0")) throw refuse("whose path holds a NUL byte");
  const names = written.split("/").filter((name) => name !== "" && name !== ".");
  for (const name of names) {
    if (name === "..") throw refuse("which leads out of its folder by “..”");
    if (Buffer.byteLength(name) > limits.nameBytes) {
      throw refuse(`with a name longer than ${limits.nameBytes} bytes`);
    }
  }
  return names.join("/");
}

/**
 * Refuses a symbolic link that climbs out of the image's root folder, as Docker does. An
 * absolute target is one inside of the image, and is fine.
 */
export function checkLinkTarget(path: string, target: string, where: string): void {
  const refuse = (why: string) =>
    new ImageError(
      `${where} has a link ${quoted(path)} to ${quoted(target)}, ${why}`,
      refusedHint,
    );
  if (Buffer.byteLength(target) > limits.pathBytes) {
    throw refuse(`a path longer than ${limits.pathBytes} bytes`);
  }
  if (target === "" || target.includes("\0")) throw refuse("which is no path");
  if (target.startsWith("/")) return;
  let depth = path.split("/").length - 1;
  for (const name of target.split("/")) {
    if (name === "..") depth -= 1;
    else if (name !== "" && name !== ".") depth += 1;
    if (depth < 0) throw refuse("which is outside of the image");
  }
}

/** A path from an archive, fit for a terminal: no control characters, and not too long. */
export function quoted(path: string): string {
  const short = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
