import { setTimeout as sleep } from "node:timers/promises";
import { Kysely, PostgresDialect, sql } from "kysely";
import type * as Pg from "pg";
import type { CustomTypesConfig, PoolConfig } from "pg";
import type { Outcome } from "../target-state.ts";
import { codeOf, failureOfStore, storeFailureOf } from "./failure.ts";
import {
  migrate,
  migrationTable,
  noStore,
  tablesProblem,
  versionProblem,
} from "./schema.ts";
import type { PostgresStore, Store, StoreMode } from "./store.ts";
import type { Tables } from "./tables.ts";

const defaultSchema = "dockerslim";
const maximalAttempts = 50;

/** Serialisation failure and deadlock: the same again is right. */
const retryable = new Set(["40001", "40P01"]);

export async function openPostgres(
  address: string,
  mode: StoreMode,
): Promise<Outcome<Store>> {
  const parsed = parseAddress(address);
  if ("failure" in parsed) return parsed;
  const { shown, schema, connection } = parsed.value;
  const modules = await loadModules();
  if (modules === undefined) {
    return storeFailureOf(
      "invalid",
      "a store on PostgreSQL needs two packages that aren't installed",
      "npm install pg graphile-worker",
    );
  }
  const { pg, worker } = modules;
  const pool = new pg.Pool({ ...connection, types: numberTypes(pg.types) });
  // One that fails while it is idle is replaced; without a listener the process would end.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    client.query(`set search_path to "${schema}"`).catch(() => undefined);
  });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const jobsSchema = `${schema}_jobs`;
  try {
    const problem = await schemaProblem(db, { schema, shown, mode });
    if (problem !== undefined) {
      await db.destroy();
      return problem;
    }
    await migrate(db, "postgres", schema);
    const damage = await tablesProblem(db, shown, schema);
    if (damage !== undefined) {
      await db.destroy();
      return { failure: damage };
    }
    await worker.runMigrations({
      pgPool: pool,
      schema: jobsSchema,
      logger: new worker.Logger(() => () => undefined),
    });
  } catch (error) {
    await db.destroy();
    const failure = failureOfStore(error, shown);
    if (failure !== undefined) return { failure };
    throw error;
  }
  const store: PostgresStore = {
    kind: "postgres",
    address: shown,
    db,
    pool,
    connection,
    jobsSchema,
    transaction: (work) =>
      retried(() => db.transaction().setIsolationLevel("serializable").execute(work)),
    close: () => db.destroy(),
  };
  return { value: store };
}

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!retryable.has(codeOf(error)) || attempt === maximalAttempts) throw error;
      await sleep(Math.random() * Math.min(500, 10 * attempt));
    }
  }
}

/** Both are installed by those who use them only. */
async function loadModules() {
  try {
    const [{ default: pg }, worker] = await Promise.all([
      import("pg"),
      import("graphile-worker"),
    ]);
    return { pg, worker };
  } catch (error) {
    if (codeOf(error) === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

function parseAddress(address: string): Outcome<{
  readonly shown: string;
  readonly schema: string;
  readonly connection: PoolConfig;
}> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) {
    return storeFailureOf(
      "invalid",
      "the address of the database can't be read",
      "it has to be like postgres://user@host:5432/database; in a password, write % codes",
    );
  }
  const schema = url.searchParams.get("schema") ?? defaultSchema;
  url.searchParams.delete("schema");
  if (!/^[a-z][a-z0-9_]{0,50}$/.test(schema)) {
    return storeFailureOf("invalid", "a schema's name is like team_one, in lower case");
  }
  const connectionString = url.href;
  for (const name of ["password", "sslpassword"]) url.searchParams.delete(name);
  url.password = "";
  return {
    value: {
      shown: url.href,
      schema,
      connection: {
        connectionString,
        application_name: "dockerslim",
        connectionTimeoutMillis: 10_000,
        keepAlive: true,
      },
    },
  };
}

/** Refuses what isn't ours before anything is written. */
async function schemaProblem(
  db: Kysely<Tables>,
  {
    schema,
    shown,
    mode,
  }: { readonly schema: string; readonly shown: string; readonly mode: StoreMode },
): Promise<ReturnType<typeof noStore> | undefined> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_catalog.pg_tables
    where schemaname = ${schema}`.execute(db);
  if (rows.length === 0) return mode === "existing" ? noStore(shown) : undefined;
  if (!rows.some(({ name }) => name === migrationTable)) {
    return storeFailureOf(
      "invalid",
      `the schema ${schema} of ${shown} belongs to another program`,
      "add ?schema=<another name> to the address",
    );
  }
  const newer = await versionProblem(db, shown);
  return newer === undefined ? undefined : { failure: newer };
}

/** 64-bit integers and sums of them as numbers: all of ours are below 2^53. */
function numberTypes(types: typeof Pg.types): CustomTypesConfig {
  const numeric = [types.builtins.INT8, types.builtins.NUMERIC];
  return {
    getTypeParser: (...[id, format]: TypeParserRequest): Parser =>
      numeric.includes(id) && format !== "binary"
        ? Number
        : (types.getTypeParser(id, format) as Parser),
  };
}

type TypeParserRequest = Parameters<CustomTypesConfig["getTypeParser"]>;
type Parser = (value: string) => unknown;
