-- What the first version of the schema made of an empty file, with a campaign in it.
pragma application_id = 1685285997;
CREATE TABLE "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);
CREATE TABLE "kysely_migration_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null);
CREATE TABLE campaign (
  id text primary key, name text not null, branch text not null,
  settings text not null, created_at bigint not null);
CREATE TABLE target (
  "key" text primary key, kind text not null, forge text, host text not null,
  owner text not null, name text not null, url text not null,
  default_branch text not null, head text not null, state text not null,
  failure_class text, failure text, attempts integer not null, wave integer,
  branch_head text, request_number integer, request_url text, checks text not null,
  done integer, claimed_by text, claimed_until bigint, updated_at bigint not null);
CREATE INDEX target_state on target (state, wave);
CREATE INDEX target_owner on target (host, owner, state);
CREATE TABLE file (
  target text not null, path text not null, mode text not null, blob text not null,
  result text not null, primary key (target, path));
CREATE INDEX file_result on file (result);
CREATE TABLE result (
  digest text primary key, status text not null, output text, hunks text,
  changes text not null, problems text not null, shape text not null,
  shape_label text not null, hunk text not null, rules text not null,
  saved_bytes bigint not null, runs_before integer not null,
  runs_after integer not null);
CREATE INDEX result_shape on result (shape, hunk);
CREATE TABLE hunk_group (
  shape text not null, hunk text not null, primary key (shape, hunk));
CREATE TABLE approval (
  id text primary key, group_id text not null, group_digest text not null,
  decision text not null, rules text not null, tool_version text not null,
  who text not null, opened text not null, note text not null, at bigint not null);
CREATE INDEX approval_group on approval (group_id, at);
CREATE TABLE approved_file (
  approval text not null, target text not null, path text not null,
  hunk text not null, primary key (target, path, approval));
CREATE INDEX approved_file_approval on approved_file (approval);
CREATE TABLE slot (
  token text primary key, host text not null, identity text not null,
  at bigint not null);
CREATE INDEX slot_at on slot (host, identity, at);
CREATE TABLE event (
  id integer primary key autoincrement, at bigint not null, target text, kind text not null,
  detail text not null);
CREATE INDEX event_target on event (target);
CREATE INDEX event_kind on event (kind, at);
insert into kysely_migration values ('0001-campaign', '2026-11-21T12:00:00.000Z');
insert into kysely_migration_lock values ('migration_lock', 0);
insert into campaign values ('0123456789ab', 'First version', 'dockerslim/first', '{}', 1763750000000);
insert into target ("key", kind, forge, host, owner, name, url, default_branch, head, state, attempts, wave, checks, updated_at)
values ('github.com/acme/web', 'forge', 'github', 'github.com', 'acme', 'web', 'https://github.com/acme/web.git', 'main', '', 'planned', 0, 3, 'none', 1763750000000);
