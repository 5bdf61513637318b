import { sql, type Kysely } from "kysely";
import { readStatus } from "../../src/batch/follow/status.ts";
import { claimTarget } from "../../src/batch/store/sqlite-queue.ts";
import { taskOf, workThrough } from "../../src/batch/store/queue.ts";
import {
  openStore,
  type PostgresStore,
  type Store,
} from "../../src/batch/store/store.ts";
import type { Tables } from "../../src/batch/store/tables.ts";

/** Milliseconds and bytes; of several runs the fastest, as the machine has other work. */
export interface StoreFigures {
  readonly status: number;
  readonly claim: number;
  /** `select 1`, right after the claims: what the machine makes of a statement now. */
  readonly statement: number;
  readonly bytes: number;
}

const runs = 5;
const claims = 200;

/** A campaign of that many planned repositories, each with one changed Dockerfile. */
export async function measureStoreAt(
  address: string,
  targets: number,
): Promise<StoreFigures> {
  const opened = await openStore(address, { mode: "create" });
  if ("failure" in opened) throw new Error(opened.failure.message);
  const store = opened.value;
  try {
    await fill(store, targets);
    const status: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const start = performance.now();
      await readStatus(store.db);
      status.push(performance.now() - start);
    }
    return {
      status: Math.min(...status),
      claim:
        store.kind === "postgres"
          ? await claimOnPostgres(store)
          : await claimOnSqlite(store.db),
      statement: await emptyStatement(store.db),
      bytes: await sizeOf(store),
    };
  } finally {
    await store.close();
  }
}

async function fill(store: Store, targets: number): Promise<void> {
  const { db } = store;
  const series =
    store.kind === "postgres"
      ? sql`generate_series(1, ${sql.lit(targets)}) as series (i)`
      : sql`(with recursive series (i) as (
          select 1 union all select i + 1 from series where i < ${sql.lit(targets)})
          select i from series) as series`;
  await sql`
    insert into campaign (id, name, branch, settings, created_at)
    values ('0123456789ab', 'Bench', 'dockerslim/bench', '{}', 0)`.execute(db);
  await sql`
    insert into target ("key", kind, forge, host, owner, name, url, default_branch, head,
      state, attempts, wave, checks, saved_bytes, updated_at, due_at)
    select 'github.com/team-' || (i % 997) || '/service-' || i, 'forge', 'github',
      'github.com', 'team-' || (i % 997), 'service-' || i,
      'https://github.com/team-' || (i % 997) || '/service-' || i || '.git', 'main',
      '0123456789012345678901234567890123456789',
      case i % 10 when 0 then 'merged' when 1 then 'open' else 'planned' end,
      0, i, 'none', 1000000, 0, 1
    from ${series}`.execute(db);
  await sql`
    insert into file (target, path, mode, blob, result)
    select "key", 'Dockerfile', '100644', '0123456789012345678901234567890123456789',
      'result-' || (wave % 20000)
    from target`.execute(db);
  await sql`
    insert into result
    select distinct result, 'changed', 'FROM alpine:3.20', '@@ -1 +1 @@', '[]', '[]',
      'shape', 'merge-runs', result, 'rules', 1000000, 3, 1
    from file`.execute(db);
  if (store.kind === "postgres") {
    // The queue's own function is called for each, which takes minutes for a million.
    const jobs = (table: string) => sql.id(store.jobsSchema, table);
    await sql`
      insert into ${jobs("_private_tasks")} (identifier) values (${taskOf("planned")})`.execute(
      db,
    );
    await sql`
      insert into ${jobs("_private_jobs")} (task_id, payload, key, max_attempts)
      select task.id, json_build_object('key', target."key"), target."key", 1000
      from target, ${jobs("_private_tasks")} as task where state = 'planned'`.execute(db);
    await sql`vacuum analyze`.execute(db);
  }
}

/** From one handler to the next: a job got, its target claimed, given back, the job done. */
async function claimOnPostgres(store: PostgresStore): Promise<number> {
  const ended = new AbortController();
  const times: number[] = [];
  await workThrough(store, {
    states: ["planned"],
    concurrency: 1,
    signal: ended.signal,
    handler: () => {
      times.push(performance.now());
      if (times.length === claims) ended.abort();
      return Promise.resolve(undefined);
    },
  });
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  return median(steps);
}

async function claimOnSqlite(db: Kysely<Tables>): Promise<number> {
  const steps: number[] = [];
  for (let claim = 0; claim < claims; claim += 1) {
    const start = performance.now();
    await claimTarget(db, { states: ["planned"], lease: 60_000 });
    steps.push(performance.now() - start);
  }
  return median(steps);
}

async function emptyStatement(db: Kysely<Tables>): Promise<number> {
  const steps: number[] = [];
  for (let run = 0; run < claims; run += 1) {
    const start = performance.now();
    await sql`select 1`.execute(db);
    steps.push(performance.now() - start);
  }
  return median(steps);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function sizeOf({ kind, db }: Store): Promise<number> {
  const { rows } = await (
    kind === "postgres"
      ? sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`
      : sql<{ bytes: number }>`
          select page_count * page_size as bytes
          from pragma_page_count(), pragma_page_size()`
  ).execute(db);
  return rows[0]?.bytes ?? 0;
}
