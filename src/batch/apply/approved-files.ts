import type { ReportedChange } from "../../engine/result.ts";
import { readDecisions } from "../groups/decisions.ts";
import type { Store } from "../store/store.ts";
import type { ApprovedFile } from "./approved-change.ts";
import type { TextFacts } from "./texts.ts";

/** What may be done to a target, or why nothing may. */
export type Approval =
  | {
      readonly kind: "approved";
      readonly files: readonly ApprovedFile[];
      readonly facts: TextFacts["files"];
    }
  /** Some of its files haven't been decided, or not as they are now. */
  | { readonly kind: "undecided" }
  | { readonly kind: "rejected" };

export type Approved = Extract<Approval, { kind: "approved" }>;

/** Some databases take no more parameters than this in one statement. */
const chunk = 500;

/** What people have decided about targets, by their keys. */
export async function approvals(
  { db }: Store,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Approval>> {
  const byKey = new Map<string, Approval>();
  for (let start = 0; start < keys.length; start += chunk) {
    const some = keys.slice(start, start + chunk);
    const decisions = await readDecisions(db, some);
    const rows = await db
      .selectFrom("file")
      .innerJoin("result", "result.digest", "file.result")
      .where("file.target", "in", some)
      .where("result.status", "=", "changed")
      .select([
        "file.target",
        "file.path",
        "file.mode",
        "file.blob",
        "result.output",
        "result.changes",
        "result.hunk",
        "result.rules",
        "result.saved_bytes",
      ])
      .orderBy("file.path")
      .execute();
    for (const key of some) {
      const own = rows.filter(({ target }) => target === key);
      const decided = own.map((row) => ({ row, decision: decisions.of(row) }));
      const approved = decided.filter(({ decision }) => decision === "approve");
      if (decided.some(({ decision }) => decision === undefined)) {
        byKey.set(key, { kind: "undecided" });
      } else if (approved.length === 0) {
        byKey.set(key, { kind: "rejected" });
      } else {
        byKey.set(key, {
          kind: "approved",
          files: approved.map(({ row: { path, mode, blob, output } }) => ({
            path,
            mode,
            blob,
            text: output ?? "",
          })),
          facts: approved.map(({ row }) => ({
            path: row.path,
            transforms: transformsOf(row.changes),
            saved: row.saved_bytes,
          })),
        });
      }
    }
  }
  return byKey;
}

function transformsOf(changes: string): string[] {
  const list = JSON.parse(changes) as readonly ReportedChange[];
  return [...new Set(list.map(({ transform }) => transform))];
}
