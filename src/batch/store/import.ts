import { sql, type Kysely } from "kysely";
import { forgeKinds } from "../forges/forge.ts";
import { targetStates, type Outcome } from "../target-state.ts";
import { columns, tableNames, type TableName } from "./columns.ts";
import { exportVersion, noRows, type RowCounts } from "./export.ts";
import { storeFailureOf } from "./failure.ts";
import { versions } from "./migrations.ts";
import { addJobs, chunks } from "./queue.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";

type Row = Record<string, string | number | null>;

/** Few enough for the parameters of one statement. */
const rowsAtOnce = 500;

/**
 * Fills an empty store from the lines of an export: all of them or, where one is wrong,
 * none. What is in the queue gets there again.
 *
 * @param chunks The export's text, cut anywhere.
 * @param dryRun Read and check everything, and write nothing.
 */
export async function importStore(
  store: Store,
  chunks: AsyncIterable<string>,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Outcome<RowCounts>> {
  try {
    const value = await store.db.transaction().execute(async (transaction) => {
      await refuseUnlessEmpty(transaction, store.address);
      const counts = noRows();
      for await (const { table, rows } of tablesOf(rowsOf(chunks))) {
        counts[table] += rows.length;
        if (!dryRun) await transaction.insertInto(table).values(rows).execute();
      }
      if (store.kind === "postgres" && !dryRun) {
        await addDueJobs(transaction, store.jobsSchema);
        await sql`
          select setval(pg_get_serial_sequence('event', 'id'), max(id)) from event`.execute(
          transaction,
        );
      }
      return counts;
    });
    return { value };
  } catch (error) {
    if (error instanceof Refusal) {
      return storeFailureOf("invalid", error.message, error.hint);
    }
    throw error;
  }
}

/** Ends the transaction; nothing else does. */
class Refusal extends Error {
  readonly hint: string;
  constructor(message: string, hint = "export the campaign again") {
    super(message);
    this.hint = hint;
  }
}

async function refuseUnlessEmpty(
  transaction: Kysely<Tables>,
  address: string,
): Promise<void> {
  for (const table of tableNames) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(
      transaction,
    );
    if (rows.length > 0) {
      throw new Refusal(
        `${address} has a campaign already`,
        "name a new store by --store; nothing was changed",
      );
    }
  }
}

async function addDueJobs(
  transaction: Kysely<Tables>,
  jobsSchema: string,
): Promise<void> {
  const due = await transaction
    .selectFrom("target")
    .select("key")
    .where("due_at", "is not", null)
    .execute();
  for (const some of chunks(due.map(({ key }) => key))) {
    await addJobs(transaction, jobsSchema, some);
  }
}

/** Rows of the same table together. */
async function* tablesOf(
  rows: AsyncIterable<{ readonly table: TableName; readonly row: Row }>,
): AsyncGenerator<{ readonly table: TableName; readonly rows: readonly Row[] }> {
  let current: { table: TableName; rows: Row[] } | undefined;
  for await (const { table, row } of rows) {
    if (current?.table === table && current.rows.length < rowsAtOnce) {
      current.rows.push(row);
      continue;
    }
    if (current !== undefined) yield current;
    current = { table, rows: [row] };
  }
  if (current !== undefined) yield current;
}

async function* rowsOf(
  chunks: AsyncIterable<string>,
): AsyncGenerator<{ readonly table: TableName; readonly row: Row }> {
  let number = 0;
  let rows = 0;
  let end: number | undefined;
  for await (const line of linesOf(chunks)) {
    number += 1;
    const where = `line ${number}`;
    if (end !== undefined) throw new Refusal(`${where}: something comes after the end`);
    const value = parsed(line, where);
    if (number === 1) {
      checkHead(value);
    } else if ("end" in value) {
      end = Number(value["end"]);
    } else {
      rows += 1;
      yield checkedRow(value, where);
    }
  }
  if (number === 0) throw new Refusal("the export is empty");
  if (end === undefined)
    throw new Refusal("the export has been cut off: its end is missing");
  if (end !== rows) {
    throw new Refusal(`the export has ${rows} rows, but says that it has ${end}`);
  }
}

function parsed(line: string, where: string): Record<string, unknown> {
  try {
    const value = JSON.parse(line) as unknown;
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new Refusal(
    where === "line 1" ? "that is no export of a campaign" : `${where} can't be read`,
  );
}

function checkHead(head: Record<string, unknown>): void {
  const { dockerslimBatch, schema } = head;
  if (typeof dockerslimBatch !== "number" || typeof schema !== "string") {
    throw new Refusal(
      "that is no export of a campaign",
      "make one by `dockerslim batch export`",
    );
  }
  if (dockerslimBatch > exportVersion || !versions.includes(schema)) {
    throw new Refusal(
      `the export was written by a newer version of dockerslim (schema ${schema})`,
      "update dockerslim",
    );
  }
}

function checkedRow(
  { table, row }: Record<string, unknown>,
  where: string,
): { readonly table: TableName; readonly row: Row } {
  const name = tableNames.find((known) => known === table);
  if (name === undefined || !isObject(row)) {
    throw new Refusal(`${where}: there is no table ${String(table)}`);
  }
  const types: Readonly<Record<string, string>> = columns[name];
  const unknown = Object.keys(row).find((column) => types[column] === undefined);
  if (unknown !== undefined) {
    throw new Refusal(`${where}: ${name} has no column ${unknown}`);
  }
  const values = Object.entries(types).map(([column, type]) => {
    const value = row[column] ?? null;
    if (!fits(value, type)) {
      throw new Refusal(`${where}: ${name}.${column} isn't ${type.replace("?", "")}`);
    }
    const allowed = choices[`${name}.${column}`];
    if (allowed !== undefined && value !== null && !allowed.includes(String(value))) {
      throw new Refusal(`${where}: ${name}.${column} isn't one of ${allowed.join(", ")}`);
    }
    return [column, value] as const;
  });
  return { table: name, row: Object.fromEntries(values) };
}

const choices: Readonly<Record<string, readonly string[]>> = {
  "target.kind": ["forge", "clone"],
  "target.forge": forgeKinds,
  "target.state": targetStates,
  "target.checks": ["none", "pending", "green", "red"],
  "result.status": ["unchanged", "changed", "error"],
  "approval.decision": ["approve", "reject"],
  "file.decision": ["approve", "reject", "void"],
  "target.approval": ["approved", "rejected"],
};

function fits(value: unknown, type: string): value is string | number | null {
  if (value === null) return type.endsWith("?");
  return type.startsWith("text")
    ? typeof value === "string" && !value.includes("\0")
    : Number.isSafeInteger(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Ends at line feeds only: others that Node's readline knows may stand in a text. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
