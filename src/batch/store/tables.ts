import type { Generated } from "kysely";
import type { ForgeKind } from "../forges/forge.ts";
import type { TargetState } from "../target-state.ts";

/**
 * The tables of a store. The same columns on SQLite and PostgreSQL: text, integers, and
 * JSON as text. Times are milliseconds since 1970, truth values 0 and 1. No text holds a NUL
 * character: PostgreSQL refuses it, and SQLite loses what follows.
 */
export interface Tables {
  campaign: Omit<CampaignRow, "decided_by"> & { decided_by: Generated<string | null> };
  target: Omit<TargetRow, "saved_bytes" | "approval"> & {
    saved_bytes: Generated<number>;
    approval: Generated<TargetRow["approval"]>;
  };
  file: FileRow & { decision: Generated<FileDecision | null> };
  result: ResultRow;
  hunk_group: HunkGroupRow;
  approval: ApprovalRow;
  approved_file: ApprovedFileRow;
  slot: SlotRow;
  event: Omit<EventRow, "id"> & { id: Generated<number> };
}

/** A store has exactly one. */
export interface CampaignRow {
  /** Random, 12 hexadecimal digits. */
  id: string;
  name: string;
  /** The branch that every repository gets: fixed, so that it can be found again. */
  branch: string;
  /** JSON of CampaignSettings, as resolved when the campaign was planned first. */
  settings: string;
  created_at: number;
  /** The version of the tool that has worked out the decisions about files; null: none. */
  decided_by: string | null;
}

/** What people have said of a file as it is planned; void: only of what was planned before. */
export type FileDecision = "approve" | "reject" | "void";

/** A repository, or a clone on this disk. */
export interface TargetRow {
  /** `github.com/owner/name`, or the absolute path of a clone. */
  key: string;
  kind: "forge" | "clone";
  /** Null for a clone, and where the host is no forge that is known. */
  forge: ForgeKind | null;
  /** Empty for a clone; with the port where the address has one. */
  host: string;
  /** `group/subgroup` on GitLab. */
  owner: string;
  name: string;
  /** What git fetches from; without credentials. */
  url: string;
  /** Short name, `main`; empty until it is known. */
  default_branch: string;
  /** The commit that was planned; empty until then. */
  head: string;
  state: TargetState;
  /** FailureClass where the state is failed or conflicted, else null. */
  failure_class: string | null;
  /** JSON of StepFailure where the state is failed, conflicted or skipped, else null. */
  failure: string | null;
  attempts: number;
  /** Position in the order in which waves are filled: from 0, null until it is chosen. */
  wave: number | null;
  /** The commit on the campaign's branch that was pushed or, in a clone, made; else null. */
  branch_head: string | null;
  request_number: number | null;
  request_url: string | null;
  /** What the forge's checks said last: none, pending, green or red. */
  checks: "none" | "pending" | "green" | "red";
  /** Whether the last scan of the default branch found nothing left to change. */
  done: 0 | 1 | null;
  /** Of all its files, as they were planned. */
  saved_bytes: number;
  /** Worked out of its files' decisions: null where somebody has to decide yet. */
  approval: "approved" | "rejected" | null;
  /** When it is to be worked on next; null while it isn't in the queue: see queue.ts. */
  due_at: number | null;
  /** Who works on it, until when unless the claim is renewed; only queue.ts sets them. */
  claimed_by: string | null;
  claimed_until: number | null;
  updated_at: number;
}

/** A Dockerfile of a target, at the commit that was planned. */
export interface FileRow {
  target: string;
  path: string;
  /** As git has it: 100644 or 100755. */
  mode: string;
  /** Id of the blob that was planned. */
  blob: string;
  /** Key of its result. */
  result: string;
}

/** What the tool makes of one text under certain rules; shared by all files with that text. */
export interface ResultRow {
  /** SHA-256 of the text, the tool's version and the rules. */
  digest: string;
  status: "unchanged" | "changed" | "error";
  /** The rewritten text where it changed, else null. */
  output: string | null;
  /** Hunks of the unified diff, from the first `@@` on; null where nothing changed. */
  hunks: string | null;
  /** JSON of ReportedChange[]. */
  changes: string;
  /** JSON of Problem[]. */
  problems: string;
  /** Digest of the rules and the normalised edits: files of one shape are reviewed together. */
  shape: string;
  /** What people read: `merge-runs, no-cache-flags: RUN ×3 → 1`. */
  shape_label: string;
  /** Digest of the hunks without their line numbers. */
  hunk: string;
  /** The diff's rules: digest of the tool's version and the options. */
  rules: string;
  saved_bytes: number;
  runs_before: number;
  runs_after: number;
}

/** A hunk that a reviewer split out of its shape's group; it is a group of its own. */
export interface HunkGroupRow {
  shape: string;
  hunk: string;
}

export interface ApprovalRow {
  id: string;
  group_id: string;
  /** Of the members that the reviewer saw: see groups. */
  group_digest: string;
  decision: "approve" | "reject";
  rules: string;
  tool_version: string;
  /** Who decided: name and address as git has them, or the user of the system. */
  who: string;
  /** JSON of the members that were opened before: `target:path`. */
  opened: string;
  note: string;
  at: number;
}

/** What an approval covers; the latest one for a file counts. */
export interface ApprovedFileRow {
  approval: string;
  target: string;
  path: string;
  hunk: string;
}

/** A call to a forge that was reserved before it was made. */
export interface SlotRow {
  host: string;
  identity: string;
  at: number;
  /** Random, so that a process can give a slot back. */
  token: string;
}

export interface EventRow {
  /** Ascending; made by the store. */
  id: number;
  at: number;
  target: string | null;
  /** planned, approved, pushed, opened, merged, closed, failed, paused, … */
  kind: string;
  /** JSON. */
  detail: string;
}
