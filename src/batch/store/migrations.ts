import { sql, type Kysely, type Migration } from "kysely";

export type StoreKind = "sqlite" | "postgres";

/**
 * What makes a store of one version from that of the version before, as SQL that both
 * kinds read; ordered by name. Never change one that has been published: add another.
 *
 * In it, `text` is compared byte by byte on both kinds, and `bigserial` is a number that the
 * store makes.
 */
const steps: Readonly<Record<string, readonly string[]>> = {
  "0001-campaign": [
    `create table campaign (
      id text primary key, name text not null, branch text not null,
      settings text not null, created_at bigint not null)`,
    `create table target (
      "key" text primary key, kind text not null, forge text, host text not null,
      owner text not null, name text not null, url text not null,
      default_branch text not null, head text not null, state text not null,
      failure_class text, failure text, attempts integer not null, wave integer,
      branch_head text, request_number integer, request_url text, checks text not null,
      done integer, claimed_by text, claimed_until bigint, updated_at bigint not null)`,
    `create index target_state on target (state, wave)`,
    `create index target_owner on target (host, owner, state)`,
    `create table file (
      target text not null, path text not null, mode text not null, blob text not null,
      result text not null, primary key (target, path))`,
    `create index file_result on file (result)`,
    `create table result (
      digest text primary key, status text not null, output text, hunks text,
      changes text not null, problems text not null, shape text not null,
      shape_label text not null, hunk text not null, rules text not null,
      saved_bytes bigint not null, runs_before integer not null,
      runs_after integer not null)`,
    `create index result_shape on result (shape, hunk)`,
    `create table hunk_group (
      shape text not null, hunk text not null, primary key (shape, hunk))`,
    `create table approval (
      id text primary key, group_id text not null, group_digest text not null,
      decision text not null, rules text not null, tool_version text not null,
      who text not null, opened text not null, note text not null, at bigint not null)`,
    `create index approval_group on approval (group_id, at)`,
    `create table approved_file (
      approval text not null, target text not null, path text not null,
      hunk text not null, primary key (target, path, approval))`,
    `create index approved_file_approval on approved_file (approval)`,
    `create table slot (
      token text primary key, host text not null, identity text not null,
      at bigint not null)`,
    `create index slot_at on slot (host, identity, at)`,
    `create table event (
      id bigserial, at bigint not null, target text, kind text not null,
      detail text not null)`,
    `create index event_target on event (target)`,
    `create index event_kind on event (kind, at)`,
  ],
  "0002-queue": [
    `alter table target add column due_at bigint`,
    `create index target_due on target (due_at, wave, "key") where due_at is not null`,
    `create index target_checks on target (state, checks)`,
    `create index target_done on target (done) where done is not null`,
    `create index target_key_state on target ("key", state)`,
    `create index file_target_result on file (target, result)`,
    `create index result_saved on result (digest, saved_bytes)`,
    `create index target_claimed on target (claimed_until) where claimed_until is not null`,
  ],
  "0003-saved-bytes": [
    `alter table target add column saved_bytes bigint not null default 0`,
    `update target set saved_bytes = coalesce((
      select sum(result.saved_bytes) from file join result on result.digest = file.result
      where file.target = target."key"), 0)`,
    // The status counts and adds up without reading the rows.
    `create index target_saved on target (state, checks, saved_bytes)`,
    `drop index target_checks`,
    `drop index target_key_state`,
    `drop index file_target_result`,
    `drop index result_saved`,
  ],
  "0004-decisions": [
    `alter table campaign add column decided_by text`,
    `alter table file add column decision text`,
    `alter table target add column approval text`,
    // One pass over it says how far each wave is; one range of it is whose turn it is.
    `create index target_waves on target (kind, state, approval, wave, checks)`,
    `create index target_unplaced on target (approval, head, "key") where wave is null`,
  ],
};

/** Names of the versions, oldest first. */
export const versions: readonly string[] = Object.keys(steps);

/** @param last The version to stop at, so that a test gets a store of that version. */
export function migrationsFor(
  kind: StoreKind,
  last = versions.at(-1),
): Record<string, Migration> {
  const wanted = versions.filter((version) => last === undefined || version <= last);
  return Object.fromEntries(
    wanted.map((version) => [
      version,
      { up: (db: Kysely<unknown>) => run(db, kind, steps[version] ?? []) },
    ]),
  );
}

async function run(
  db: Kysely<unknown>,
  kind: StoreKind,
  statements: readonly string[],
): Promise<void> {
  for (const statement of statements) {
    await sql.raw(inDialect(statement, kind)).execute(db);
  }
}

function inDialect(statement: string, kind: StoreKind): string {
  return kind === "sqlite"
    ? statement.replace(" bigserial", " integer primary key autoincrement")
    : statement
        .replaceAll(/ text\b/g, ' text collate "C"')
        .replace(" bigserial", " bigint generated by default as identity primary key");
}
