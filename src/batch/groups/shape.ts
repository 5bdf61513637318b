import { createHash } from "node:crypto";
import type { ReportedChange } from "../../engine/result.ts";
import { editTokens } from "./edit-tokens.ts";

/** By what a changed file is grouped for review. */
export interface Shape {
  /** SHA-256 of the transforms and the normalised edits. */
  readonly shape: string;
  /** For people, in one line: `merge-runs, no-cache-flags: − RUN + --no-cache`. */
  readonly label: string;
  /** SHA-256 of the hunks without their line numbers. */
  readonly hunk: string;
}

const longestLabel = 160;

/**
 * @param result.hunks of the unified diff, from the first `@@` on
 * @param result.changes what was applied
 */
export function shapeOf({
  hunks,
  changes,
}: {
  readonly hunks: string;
  readonly changes: readonly Pick<ReportedChange, "transform" | "level">[];
}): Shape {
  const { removed, added } = editTokens(hunks);
  const rules = [
    ...new Set(
      changes.map(({ transform, level }) =>
        level === "safe" ? transform : `${transform} (${level})`,
      ),
    ),
  ].sort();
  const edits = [sign("−", removed), sign("+", added)].filter((part) => part !== "");
  const label = `${rules.join(", ")}: ${edits.length === 0 ? "layout" : edits.join(" ")}`;
  return {
    shape: sha256(JSON.stringify([rules, [...removed].sort(), [...added].sort()])),
    label: label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label,
    hunk: sha256(hunks.replace(/^@@.*$/gm, "@@")),
  };
}

function sign(mark: string, words: readonly string[]): string {
  return words.length === 0 ? "" : `${mark} ${words.join(" ")}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
