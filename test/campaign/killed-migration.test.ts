import { spawn } from "node:child_process";
import { copyFileSync } from "node:fs";
import { Kysely, Migrator, PostgresDialect, SqliteDialect, sql } from "kysely";
import Database from "libsql";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrationsFor, type StoreKind } from "../../src/batch/store/migrations.ts";
import { cliPath, environment, workspace } from "../cli/workspace.ts";
import {
  startPostgres,
  withoutPostgres,
  type PostgresServer,
} from "../batch/postgres-server.ts";
import { openedStore } from "../batch/store/filled-store.ts";

const targets = 10_000;
const savedBytes = 12;

/** A store as the first version had it, large enough that its migration takes a while. */
async function fillOld(db: Kysely<unknown>, kind: StoreKind, schema?: string) {
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: () => Promise.resolve(migrationsFor(kind, "0001-campaign")),
    },
    ...(schema !== undefined && { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error as Error;
  const series =
    kind === "postgres"
      ? sql`generate_series(1, ${sql.lit(targets)}) as series (i)`
      : sql`(with recursive series (i) as (
          select 1 union all select i + 1 from series where i < ${sql.lit(targets)})
          select i from series) as series`;
  const statements = [
    sql`insert into campaign values ('0123456789ab', 'Old', 'dockerslim/old', '{}', 0)`,
    sql`insert into target ("key", kind, forge, host, owner, name, url, default_branch,
        head, state, attempts, wave, checks, updated_at)
      select 'h/o/' || i, 'forge', 'github', 'h', 'o', 'r' || i, 'https://h/o/' || i,
        'main', 'abc', 'planned', 0, i, 'none', i from ${series}`,
    sql`insert into file select "key", 'Dockerfile', '100644', 'blob', 'result' from target`,
    sql`insert into result values ('result', 'changed', 'FROM scratch', '@@', '[]', '[]',
        'shape', 'label', 'hunk', 'rules', ${sql.lit(savedBytes)}, 2, 1)`,
    sql`insert into approval values ('1', 'g', 'd', 'approve', 'rules', '0', 'me', '[]', '', 1)`,
    sql`insert into approved_file select '1', target, path, 'hunk' from file`,
  ];
  for (const statement of statements) await statement.execute(db);
  await db.destroy();
}

/** When a process is killed; undefined: never. Milliseconds, or as soon as this is so. */
type Moment = number | (() => Promise<boolean>) | undefined;

/** Runs `batch status` and kills it. @returns how long it lived, in milliseconds */
async function killed(address: string, moment: Moment): Promise<number> {
  const start = performance.now();
  const words = [cliPath, "batch", "status", "--store", address];
  const child = spawn(process.execPath, words, { env: environment(), stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (typeof moment === "number") {
    const timer = setTimeout(() => child.kill("SIGKILL"), moment);
    await ended;
    clearTimeout(timer);
  } else if (moment !== undefined) {
    while (child.exitCode === null && child.signalCode === null) {
      if (await moment()) child.kill("SIGKILL");
    }
  }
  await ended;
  return performance.now() - start;
}

/** Whatever there was is there, and the store is of this version. */
async function expectWhole(address: string): Promise<void> {
  const space = workspace();
  const status = await space.run(["batch", "status", "--json", "--store", address]);
  expect(status, status.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(status.stdout)).toMatchObject({
    total: targets,
    states: { planned: targets },
    saved: { planned: targets * savedBytes },
  });
  const store = await openedStore(address, "existing");
  const { db } = store;
  const counts = await Promise.all(
    (["file", "approved_file", "approval", "campaign"] as const).map(async (table) => {
      const { rows } = await sql<{ n: number }>`
        select count(*) as n from ${sql.table(table)}`.execute(db);
      return rows[0]?.n;
    }),
  );
  expect(counts).toEqual([targets, targets, 1, 1]);
  const { places } = await db
    .selectFrom("target")
    .select(({ fn }) => fn.sum<number>("wave").as("places"))
    .executeTakeFirstOrThrow();
  expect(places).toBe((targets * (targets + 1)) / 2);
  // A decision of another version of the tool doesn't count for this one.
  const decided = await db.selectFrom("file").select("decision").distinct().execute();
  expect(decided).toEqual([{ decision: "void" }]);
  await store.close();
}

/** Shares of the time that it takes when it is left alone. */
const moments = [0.3, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];

describe("a migration that is killed", () => {
  test("leaves a store of SQLite whole", async () => {
    const space = workspace();
    const database = new Database(space.path("old.sqlite"));
    database.pragma("application_id = 1685285997");
    await fillOld(new Kysely({ dialect: new SqliteDialect({ database }) }), "sqlite");
    const copy = (name: string) => {
      copyFileSync(space.path("old.sqlite"), space.path(name));
      return space.path(name);
    };
    const whole = await killed(copy("whole.sqlite"), undefined);
    const versions = new Set<string>();
    for (const [index, share] of moments.entries()) {
      const address = copy(`${index}.sqlite`);
      await killed(address, share * whole);
      const found = new Database(address);
      const rows = found.prepare("select name from kysely_migration order by name").all();
      versions.add((rows as { name: string }[]).at(-1)?.name ?? "");
      found.close();
      await expectWhole(address);
    }
    // All steps or none, and both have been met.
    expect([...versions].sort()).toEqual(["0001-campaign", "0004-decisions"]);
  }, 180_000);

  describe.skipIf(withoutPostgres)("on PostgreSQL", () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    }, 60_000);
    afterAll(async () => {
      await server.stop();
    }, 60_000);

    test("leaves a store whole", async () => {
      const admin = new pg.Client({ connectionString: server.address });
      await admin.connect();
      const addressOf = (name: string) => server.address.replace(/postgres$/, name);
      await admin.query("create database old");
      const pool = new pg.Pool({
        connectionString: addressOf("old"),
        options: "-c search_path=dockerslim",
      });
      await pool.query("create schema dockerslim");
      const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
      await fillOld(db, "postgres", "dockerslim");
      const copy = async (name: string) => {
        await admin.query(`create database ${name} template old`);
        return addressOf(name);
      };
      const whole = await killed(await copy("whole"), undefined);
      const versions = new Set<string>();
      const during = (statement: string) => async () => {
        const { rows } = await admin.query(
          "select from pg_stat_activity where application_name = 'dockerslim' and query like $1",
          [`%${statement}%`],
        );
        return rows.length > 0;
      };
      const all: Moment[] = [
        ...["set saved_bytes", "index target_waves"].map(during),
        0.8 * whole,
      ];
      for (const [index, moment] of all.entries()) {
        const address = await copy(`copy${index}`);
        await killed(address, moment);
        const client = new pg.Client({ connectionString: address });
        await client.connect();
        const { rows } = await client.query<{ name: string }>(
          "select name from dockerslim.kysely_migration order by name",
        );
        versions.add(rows.at(-1)?.name ?? "");
        await client.end();
        await expectWhole(address);
      }
      await admin.end();
      expect([...versions].sort()).toEqual(["0001-campaign", "0004-decisions"]);
    }, 180_000);
  });
});
