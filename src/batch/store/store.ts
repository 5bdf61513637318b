import type { Kysely, Transaction } from "kysely";
import type { Pool, PoolConfig } from "pg";
import type { Outcome } from "../target-state.ts";
import type { Tables } from "./tables.ts";

interface CommonStore {
  /** As people may see it: without a password. */
  readonly address: string;
  /**
   * For single statements and for reading. On SQLite there is one connection: whoever uses
   * this inside of `transaction`, or while a stream of it is read, waits for ever.
   */
  readonly db: Kysely<Tables>;
  /**
   * Runs all statements of `work` or none, as if no other process wrote meanwhile. `work`
   * runs once more where another process was in the way, so that it must have no effect
   * outside of the store.
   */
  readonly transaction: <T>(
    work: (transaction: Transaction<Tables>) => Promise<T>,
  ) => Promise<T>;
  readonly close: () => Promise<void>;
}

export interface SqliteStore extends CommonStore {
  readonly kind: "sqlite";
}

export interface PostgresStore extends CommonStore {
  readonly kind: "postgres";
  readonly pool: Pool;
  /** For connections beside the pool, such as those of the queue. */
  readonly connection: PoolConfig;
  /** Schema of the queue's own tables. */
  readonly jobsSchema: string;
}

/** Where a campaign is kept. */
export type Store = SqliteStore | PostgresStore;

/** Whether a store is made where there is none. */
export type StoreMode = "create" | "existing";

export const defaultAddress = "dockerslim-batch.sqlite";

/**
 * Opens a store and brings its tables up to date. What is no store, is broken or was written
 * by a newer version is refused and stays as it is.
 *
 * @param address A file, or postgres://user:password@host/database, where `schema=name` in
 *   the query chooses another schema than dockerslim, so that a database can hold several.
 */
export async function openStore(
  address: string,
  { mode }: { readonly mode: StoreMode },
): Promise<Outcome<Store>> {
  if (/^postgres(ql)?:\/\//.test(address)) {
    const { openPostgres } = await import("./postgres.ts");
    return openPostgres(address, mode);
  }
  const { openSqlite } = await import("./sqlite.ts");
  return openSqlite(address, mode);
}
