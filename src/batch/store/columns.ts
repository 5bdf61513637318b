import type { Selectable } from "kysely";
import type { Tables } from "./tables.ts";

/** A question mark says that it may be null. */
export type ColumnType = "text" | "text?" | "integer" | "integer?";

/**
 * All tables of the newest version with all their columns. An export is written in this
 * order; what it doesn't name is no part of a store.
 */
export const columns: {
  readonly [Table in keyof Tables]: Readonly<
    Record<keyof Selectable<Tables[Table]>, ColumnType>
  >;
} = {
  campaign: {
    id: "text",
    name: "text",
    branch: "text",
    settings: "text",
    created_at: "integer",
    decided_by: "text?",
  },
  target: {
    key: "text",
    kind: "text",
    forge: "text?",
    host: "text",
    owner: "text",
    name: "text",
    url: "text",
    default_branch: "text",
    head: "text",
    state: "text",
    failure_class: "text?",
    failure: "text?",
    attempts: "integer",
    wave: "integer?",
    branch_head: "text?",
    request_number: "integer?",
    request_url: "text?",
    checks: "text",
    done: "integer?",
    saved_bytes: "integer",
    approval: "text?",
    due_at: "integer?",
    claimed_by: "text?",
    claimed_until: "integer?",
    updated_at: "integer",
  },
  file: {
    target: "text",
    path: "text",
    mode: "text",
    blob: "text",
    result: "text",
    decision: "text?",
  },
  result: {
    digest: "text",
    status: "text",
    output: "text?",
    hunks: "text?",
    changes: "text",
    problems: "text",
    shape: "text",
    shape_label: "text",
    hunk: "text",
    rules: "text",
    saved_bytes: "integer",
    runs_before: "integer",
    runs_after: "integer",
  },
  hunk_group: { shape: "text", hunk: "text" },
  approval: {
    id: "text",
    group_id: "text",
    group_digest: "text",
    decision: "text",
    rules: "text",
    tool_version: "text",
    who: "text",
    opened: "text",
    note: "text",
    at: "integer",
  },
  approved_file: { approval: "text", target: "text", path: "text", hunk: "text" },
  slot: { host: "text", identity: "text", at: "integer", token: "text" },
  event: { id: "integer", at: "integer", target: "text?", kind: "text", detail: "text" },
};

export type TableName = keyof Tables;
export const tableNames = Object.keys(columns) as TableName[];
