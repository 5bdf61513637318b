import { sql } from "kysely";
import { version } from "../../version.ts";
import { columns, tableNames, type TableName } from "./columns.ts";
import { versions } from "./migrations.ts";
import type { Store } from "./store.ts";

/** Version of the lines' form; the columns follow the store's schema. */
export const exportVersion = 1;

/** Rows of each table. */
export type RowCounts = Record<TableName, number>;

export function noRows(): RowCounts {
  return Object.fromEntries(tableNames.map((table) => [table, 0])) as RowCounts;
}

/** What tells the rows of a table apart; they are exported in this order. */
const keys: Readonly<Record<TableName, readonly string[]>> = {
  campaign: ["id"],
  target: ["key"],
  file: ["target", "path"],
  result: ["digest"],
  hunk_group: ["shape", "hunk"],
  approval: ["id"],
  approved_file: ["target", "path", "approval"],
  slot: ["token"],
  event: ["id"],
};

const rowsAtOnce = 500;

/**
 * Writes all rows as lines of JSON: a head with the versions, `{"table", "row"}` for each
 * row, and an end with their number, which tells a whole export from one that was cut off.
 * It is the store at one moment, whatever others write meanwhile, and no one has to wait.
 *
 * @param write Gets whole lines.
 */
export async function exportStore(
  store: Store,
  write: (lines: string) => Promise<void>,
): Promise<RowCounts> {
  const counts = noRows();
  await store.db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (transaction) => {
      const head = {
        dockerslimBatch: exportVersion,
        schema: versions.at(-1),
        tool: version,
      };
      await write(`${JSON.stringify(head)}\n`);
      for (const table of tableNames) {
        const names = Object.keys(columns[table]);
        const key = sql.join(keys[table].map((name) => sql.ref(name)));
        let after = sql``;
        for (;;) {
          const { rows } = await sql<Record<string, string | number | null>>`
            select ${sql.join(names.map((name) => sql.ref(name)))} from ${sql.table(table)}
            ${after} order by ${key} limit ${sql.lit(rowsAtOnce)}`.execute(transaction);
          const lines = rows.map((row) => `${JSON.stringify({ table, row })}\n`);
          await write(lines.join(""));
          counts[table] += rows.length;
          const last = rows.at(-1);
          if (last === undefined || rows.length < rowsAtOnce) break;
          const place = sql.join(keys[table].map((name) => last[name]));
          after = sql`where (${key}) > (${place})`;
        }
      }
      const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
      await write(`${JSON.stringify({ end: rows })}\n`);
    });
  return counts;
}
