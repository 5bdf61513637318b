import { Migrator, sql, type Kysely } from "kysely";
import type { StepFailure } from "../target-state.ts";
import { columns, tableNames } from "./columns.ts";
import { storeFailureOf } from "./failure.ts";
import { migrationsFor, versions, type StoreKind } from "./migrations.ts";

/** The table in which Kysely keeps the names of the migrations. */
export const migrationTable = "kysely_migration";

/**
 * Brings a store to the newest version, all steps in one transaction.
 *
 * @param schema PostgreSQL's; it is created where it is missing.
 */
export async function migrate<T>(
  db: Kysely<T>,
  kind: StoreKind,
  schema?: string,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrationsFor(kind)) },
    ...(schema !== undefined && { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error as Error;
}

/** Why a store of these versions isn't one that this program can use. */
export async function versionProblem<T>(
  db: Kysely<T>,
  address: string,
): Promise<StepFailure | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(migrationTable)} order by name`.execute(db);
  const newer = rows.find(({ name }) => !versions.includes(name));
  if (newer === undefined) return undefined;
  return storeFailureOf(
    "invalid",
    `${address} was written by a newer version of dockerslim (schema ${newer.name}, here ${versions.at(-1) ?? ""})`,
    "update dockerslim; the store was left as it is",
  ).failure;
}

/** Why the tables of a store of the newest version aren't what they should be. */
export async function tablesProblem<T>(
  db: Kysely<T>,
  address: string,
  schema?: string,
): Promise<StepFailure | undefined> {
  const found = new Map<string, Set<string>>();
  for (const table of await db.introspection.getTables()) {
    if (schema !== undefined && table.schema !== schema) continue;
    found.set(table.name, new Set(table.columns.map(({ name }) => name)));
  }
  const missing = tableNames.flatMap((table) => {
    const names = found.get(table);
    if (names === undefined) return [`table ${table}`];
    return Object.keys(columns[table])
      .filter((column) => !names.has(column))
      .map((column) => `column ${table}.${column}`);
  });
  if (missing.length === 0) return undefined;
  return storeFailureOf(
    "invalid",
    `${address} is damaged: ${missing.slice(0, 3).join(", ")} ${missing.length === 1 ? "is" : "are"} missing`,
    "bring back a copy, or import an export of it into a new store",
  ).failure;
}

/** There is no campaign where one was looked for. */
export function noStore(address: string): { readonly failure: StepFailure } {
  return storeFailureOf(
    "not-found",
    `there is no campaign in ${address}`,
    "run `dockerslim batch plan` first, or name its store by --store",
  );
}
