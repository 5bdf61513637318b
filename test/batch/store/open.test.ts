import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../../src/batch/store/store.ts";
import {
  startPostgres,
  withoutPostgres,
  type PostgresServer,
} from "../postgres-server.ts";
import { addCampaign, addTarget, openedStore } from "./filled-store.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dockerslim-store-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function refusal(address: string, mode: "create" | "existing" = "existing") {
  const outcome = await openStore(address, { mode });
  if ("value" in outcome) {
    await outcome.value.close();
    throw new Error(`${address} was opened`);
  }
  return outcome.failure;
}

describe("a store in a file", () => {
  test("keeps what was written", async () => {
    const path = join(folder, "kept.sqlite");
    const first = await openedStore(path);
    await addCampaign(first);
    await addTarget(first, "github.com/acme/web");
    await first.close();
    const second = await openedStore(path, "existing");
    expect(await second.db.selectFrom("target").select("key").execute()).toEqual([
      { key: "github.com/acme/web" },
    ]);
    await second.close();
    expect(existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0).toBe(false);
  });

  test("isn't made where one is looked for", async () => {
    const path = join(folder, "missing.sqlite");
    expect(await refusal(path)).toMatchObject({
      class: "not-found",
      hint: expect.stringContaining("batch plan") as string,
    });
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, "");
    expect(await refusal(path)).toMatchObject({ class: "not-found" });
  });

  test("is made by several at once", async () => {
    const path = join(folder, "together.sqlite");
    const stores = await Promise.all(Array.from({ length: 8 }, () => openedStore(path)));
    await Promise.all(
      stores.map((store, index) => addTarget(store, `github.com/acme/app-${index}`)),
    );
    const [store] = stores;
    const counted = await store?.db
      .selectFrom("target")
      .select((e) => e.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    expect(counted?.count).toBe(8);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("undoes a transaction that fails, and waits for those of others", async () => {
    const path = join(folder, "transactions.sqlite");
    const [one, two] = [await openedStore(path), await openedStore(path)];
    await expect(
      one.transaction(async (transaction) => {
        await addTarget({ db: transaction }, "github.com/acme/undone");
        throw new Error("broken off");
      }),
    ).rejects.toThrow("broken off");
    await addTarget(one, "github.com/acme/counter");
    const increment = (store: Store) =>
      store.transaction(async (transaction) => {
        const { attempts } = await transaction
          .selectFrom("target")
          .select("attempts")
          .executeTakeFirstOrThrow();
        await new Promise((resolve) => setTimeout(resolve, 5));
        await transaction
          .updateTable("target")
          .set({ attempts: attempts + 1 })
          .execute();
      });
    await Promise.all(
      [one, two, one, two, one, two, one, two].map((store) => increment(store)),
    );
    expect(
      await one.db.selectFrom("target").select(["key", "attempts"]).execute(),
    ).toEqual([{ key: "github.com/acme/counter", attempts: 8 }]);
    await one.close();
    await two.close();
  });

  test("takes what needs a folder, a text, another database or half a store for no store", async () => {
    mkdirSync(join(folder, "a-folder"));
    expect((await refusal(join(folder, "a-folder"), "create")).message).toMatch(
      /is a folder/,
    );
    expect((await refusal(join(folder, "no", "x.sqlite"), "create")).message).toMatch(
      /folder of .* doesn't exist/,
    );

    const foreign = new Database(join(folder, "foreign.sqlite"));
    foreign.exec("create table notes (text); insert into notes values ('keep me')");
    foreign.close();
    const marked = new Database(join(folder, "marked.sqlite"));
    marked.exec("pragma application_id = 77");
    marked.close();
    writeFileSync(join(folder, "text.sqlite"), "FROM alpine:3.20\nRUN true\n".repeat(40));
    writeFileSync(join(folder, "short.sqlite"), "SQLite format 3\0");
    const whole = await openedStore(join(folder, "cut.sqlite"));
    for (let index = 0; index < 200; index += 1)
      await addTarget(whole, `host/acme/${index}`);
    await whole.close();
    truncateSync(join(folder, "cut.sqlite"), 20_000);

    const expected: Record<string, RegExp> = {
      "foreign.sqlite": /database of another program/,
      "marked.sqlite": /database of another program/,
      "text.sqlite": /damaged|no store/,
      "short.sqlite": /no store/,
      "cut.sqlite": /damaged/,
    };
    for (const [name, message] of Object.entries(expected)) {
      const path = join(folder, name);
      const before = readFileSync(path);
      for (const mode of ["existing", "create"] as const) {
        const failure = await refusal(path, mode);
        expect(failure).toMatchObject({ class: "invalid", step: "store" });
        expect(failure.message).toMatch(message);
      }
      expect(readFileSync(path).equals(before)).toBe(true);
    }
  });

  test("of a newer version, or without one of its tables, stays as it is", async () => {
    const path = join(folder, "newer.sqlite");
    const store = await openedStore(path);
    await store.close();
    const change = (statement: string) => {
      const database = new Database(path);
      database.exec(statement);
      database.pragma("wal_checkpoint(truncate)");
      database.close();
    };
    change(
      "insert into kysely_migration values ('9999-later', '2099-01-01T00:00:00.000Z')",
    );
    const before = readFileSync(path);
    expect((await refusal(path)).message).toMatch(
      /newer version of dockerslim.*9999-later/,
    );
    expect(readFileSync(path).equals(before)).toBe(true);
    change("delete from kysely_migration where name = '9999-later'; drop table approval");
    expect((await refusal(path)).message).toMatch(/damaged: table approval is missing/);
  });
});

describe.skipIf(withoutPostgres)("a store on PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    await server.stop();
  });
  const inSchema = (schema: string) => `${server.address}?schema=${schema}`;

  test("keeps what was written, by schemas", async () => {
    const first = await openedStore(inSchema("kept"));
    await addCampaign(first);
    await addTarget(first, "github.com/acme/web");
    await first.close();
    const second = await openedStore(inSchema("kept"), "existing");
    const row = await second.db
      .selectFrom("campaign")
      .select(["branch", "created_at"])
      .executeTakeFirst();
    expect(row).toEqual({
      branch: "dockerslim/smaller-images",
      created_at: 1_763_750_000_000,
    });
    await second.close();
    expect((await refusal(inSchema("other"))).class).toBe("not-found");
  });

  test("is made by several at once, who wait for each other", async () => {
    const stores = await Promise.all(
      Array.from({ length: 6 }, () => openedStore(inSchema("together"))),
    );
    const [one] = stores;
    if (one === undefined) throw new Error("no store");
    await addTarget(one, "github.com/acme/counter");
    await Promise.all(
      [...stores, ...stores].map((store) =>
        store.transaction(async (transaction) => {
          const { attempts } = await transaction
            .selectFrom("target")
            .select("attempts")
            .executeTakeFirstOrThrow();
          await transaction
            .updateTable("target")
            .set({ attempts: attempts + 1 })
            .execute();
        }),
      ),
    );
    expect(await one.db.selectFrom("target").select("attempts").execute()).toEqual([
      { attempts: 12 },
    ]);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("refuses what isn't its own, and never shows a password", async () => {
    const store = await openedStore(inSchema("mine"));
    await sql`create schema theirs`.execute(store.db);
    await sql`create table theirs.notes (text text)`.execute(store.db);
    expect((await refusal(inSchema("theirs"), "create")).message).toMatch(
      /belongs to another program/,
    );
    await sql`insert into kysely_migration values ('9999-later', '2099')`.execute(
      store.db,
    );
    expect((await refusal(inSchema("mine"))).message).toMatch(/newer version/);
    await sql`delete from kysely_migration where name = '9999-later'`.execute(store.db);
    await sql`alter table approval drop column who`.execute(store.db);
    expect((await refusal(inSchema("mine"))).message).toMatch(
      /column approval.who is missing/,
    );
    await store.close();

    const missing = new URL(inSchema("mine"));
    missing.pathname = "/nothing";
    missing.password = "secret-password";
    const absent = await refusal(missing.href);
    expect(absent).toMatchObject({ class: "not-found" });
    expect(absent.message).toMatch(/no such database/);
    missing.port = "1";
    const unreachable = await refusal(missing.href);
    expect(unreachable.message).toMatch(/can't be reached/);
    expect(JSON.stringify([absent, unreachable])).not.toContain("secret-password");
    expect((await refusal("postgres://[")).message).toMatch(/can't be read/);
  });
});
