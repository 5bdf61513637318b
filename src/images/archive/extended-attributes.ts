import { createHash } from "node:crypto";
import { limits } from "../limits.ts";
import { ImageError, refusedHint } from "../problem.ts";
import type { ExtendedAttributes } from "../types.ts";
import { quoted } from "./entry-path.ts";
import type { PaxRecords } from "./pax.ts";

/** What Go's archive/tar, and with it every container engine, writes in front of a name. */
const prefix = "SCHILY.xattr.";

/** Values up to this length, such as a file's capabilities, are kept as they are. */
const shortBytes = 32;

/**
 * @param count Called for each of them.
 * @throws ImageError for more than Linux allows.
 */
export function extendedAttributes(
  pax: PaxRecords | undefined,
  path: string,
  where: string,
  count: () => void,
): ExtendedAttributes | undefined {
  if (pax === undefined) return undefined;
  let found: Map<string, string> | undefined;
  for (const [key, value] of pax) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    if (
      value.length > limits.attributeBytes ||
      Buffer.byteLength(name) > limits.nameBytes
    ) {
      throw new ImageError(
        `${where} gives ${quoted(path)} an extended attribute ${quoted(name)} that is too long`,
        refusedHint,
      );
    }
    count();
    found ??= new Map();
    found.set(
      name,
      value.length > shortBytes
        ? `sha256:${createHash("sha256").update(value).digest("hex")}`
        : `0x${value.toString("hex")}`,
    );
  }
  return found;
}
