import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CompiledQuery,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  SelectQueryNode,
  type DatabaseConnection,
  type Dialect,
} from "kysely";
import type Libsql from "libsql";
import type { Outcome } from "../target-state.ts";
import { codeOf, failureOfStore, storeFailureOf } from "./failure.ts";
import { migrate, noStore, tablesProblem, versionProblem } from "./schema.ts";
import type { Store, StoreMode } from "./store.ts";
import type { Tables } from "./tables.ts";

/** `dslm` in ASCII: tells a store from the databases of other programs. */
const applicationId = 0x64736c6d;

/** SQLite's own waiting holds up everything else in this process, so it is short. */
const busyMilliseconds = 100;
const patienceMilliseconds = 60_000;

/** The smallest page of SQLite; it takes a shorter file for a new database. */
const smallestFile = 512;

export async function openSqlite(path: string, mode: StoreMode): Promise<Outcome<Store>> {
  const problem = await fileProblem(path, mode);
  if (problem !== undefined) return problem;
  let database: Libsql.Database | undefined;
  try {
    const { default: Database } = await import("libsql");
    database = new Database(resolve(path));
    const opened = await opensAsStore(database, path, mode);
    if ("failure" in opened) database.close();
    return opened;
  } catch (error) {
    database?.close();
    const failure = failureOfStore(error, path);
    if (failure !== undefined) return { failure };
    throw error;
  }
}

/** What can be told without opening the file, which would already create it. */
async function fileProblem(
  path: string,
  mode: StoreMode,
): Promise<ReturnType<typeof storeFailureOf> | undefined> {
  try {
    const found = await stat(path).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    });
    if (found === undefined) {
      if (mode === "existing") return noStore(path);
      await access(dirname(resolve(path)), constants.W_OK);
      return undefined;
    }
    if (found.isDirectory()) {
      return storeFailureOf(
        "invalid",
        `${path} is a folder`,
        "name a file, such as dockerslim-batch.sqlite in it",
      );
    }
    if (!found.isFile()) return storeFailureOf("invalid", `${path} is no file`);
    const walSize = await stat(`${path}-wal`).then(
      ({ size }) => size,
      () => 0,
    );
    if (found.size < smallestFile && (found.size > 0 || walSize > 0)) {
      return storeFailureOf(
        "invalid",
        `${path} is no store, or has been cut off: it has ${found.size} bytes`,
        "bring back a copy, or name another file by --store",
      );
    }
    await access(path, constants.R_OK | constants.W_OK);
    // SQLite keeps its log beside the file.
    await access(dirname(resolve(path)), constants.W_OK);
    return undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return storeFailureOf("not-found", `the folder of ${path} doesn't exist`);
    }
    const failure = failureOfStore(error, path);
    if (failure !== undefined) return { failure };
    throw error;
  }
}

async function opensAsStore(
  database: Libsql.Database,
  path: string,
  mode: StoreMode,
): Promise<Outcome<Store>> {
  database.pragma(`busy_timeout = ${busyMilliseconds}`);
  // Whatever isn't a store must be refused before anything is written.
  const db = new Kysely<Tables>({ dialect: dialectFor(database) });
  const { rows: tables } = await db.executeQuery<{ name: string }>(
    CompiledQuery.raw("select name from sqlite_schema where type = 'table'"),
  );
  // libsql ignores the option that gives the mere value.
  const [row] = database.pragma("application_id") as { application_id: number }[];
  const id = row?.application_id;
  if (id === applicationId) {
    const newer =
      tables.some(({ name }) => name === "kysely_migration") &&
      (await versionProblem(db, path));
    if (newer) return { failure: newer };
  } else if (id === 0 && tables.length === 0) {
    if (mode === "existing") return noStore(path);
    await retryWhileBusy(() => database.exec(`pragma application_id = ${applicationId}`));
  } else {
    return storeFailureOf(
      "invalid",
      `${path} is a database of another program`,
      "name another file by --store",
    );
  }
  await retryWhileBusy(() => database.exec("pragma journal_mode = wal"));
  // What has been approved or sent to a forge must outlive a power failure, too.
  database.exec("pragma synchronous = full");
  await migrate(db, "sqlite");
  const damage = await tablesProblem(db, path);
  if (damage !== undefined) return { failure: damage };
  return {
    value: {
      kind: "sqlite",
      address: path,
      db,
      transaction: (work) => db.transaction().execute(work),
      close: () => db.destroy(),
    },
  };
}

/**
 * Kysely's, but with a driver that waits for other processes, and with migrations in
 * transactions. What waits goes through `exec`: libsql doesn't reset a prepared statement
 * that found the database busy, and then no transaction can be committed.
 */
function dialectFor(database: Libsql.Database): Dialect {
  const dialect = new SqliteDialect({ database });
  const begin = () => retryWhileBusy(() => void database.exec("begin immediate"));
  const beginReading = () => retryWhileBusy(() => void database.exec("begin"));
  const commit = () => {
    database.exec("commit");
    return Promise.resolve();
  };
  const rollback = () => {
    // A full disk has SQLite roll back by itself.
    if (database.inTransaction) database.exec("rollback");
    return Promise.resolve();
  };
  const executorOf = (connection: DatabaseConnection): DatabaseConnection => ({
    executeQuery: async (query) => {
      if (database.inTransaction) return connection.executeQuery(query);
      if (SelectQueryNode.is(query.query)) {
        return retryWhileBusy(() => connection.executeQuery(query));
      }
      await begin();
      try {
        const result = await connection.executeQuery<never>(query);
        await commit();
        return result;
      } catch (error) {
        await rollback();
        throw error;
      }
    },
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
  });
  return {
    createAdapter: () => new TransactionalAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => {
      const driver = new SqliteDriver({ database });
      return {
        init: () => driver.init(),
        acquireConnection: async () => executorOf(await driver.acquireConnection()),
        releaseConnection: () => driver.releaseConnection(),
        // One that reads first could find, when it comes to write, that another has written.
        beginTransaction: (_connection, { accessMode }) =>
          accessMode === "read only" ? beginReading() : begin(),
        commitTransaction: commit,
        rollbackTransaction: rollback,
        destroy: () => {
          closeDatabase(database);
          return Promise.resolve();
        },
      };
    },
  };
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Leaves everything in the one file, where no other process uses it. */
function closeDatabase(database: Libsql.Database): void {
  try {
    database.exec("pragma wal_checkpoint(truncate)");
  } catch {
    // Another process is writing, and will do it; or the database is broken anyway.
  }
  database.close();
}

async function retryWhileBusy<T>(work: () => T | Promise<T>): Promise<T> {
  const end = performance.now() + patienceMilliseconds;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) !== "SQLITE_BUSY" || performance.now() > end) throw error;
      await sleep(Math.random() * 50);
    }
  }
}
