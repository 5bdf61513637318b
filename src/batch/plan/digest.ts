import { createHash } from "node:crypto";
import type { FixOptions } from "../../index.ts";
import { version } from "../../version.ts";

/** Of the tool's version and the options: what is planned under other rules is another plan. */
export function rulesDigest(options: FixOptions): string {
  return digestOf({ version, options });
}

/** Key of what the tool makes of a text. */
export function resultDigest(text: string, rules: string): string {
  return createHash("sha256").update(rules).update("\0").update(text).digest("hex");
}

/** SHA-256 of a value's JSON, whatever the order of its keys. */
export function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
