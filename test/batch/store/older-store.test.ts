import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { sql } from "kysely";
import Database from "libsql";
import { expect, test } from "vitest";
import { enqueue, workThrough } from "../../../src/batch/store/queue.ts";
import { workspace } from "../../cli/workspace.ts";
import { addCampaign, addTarget, openedStore } from "./filled-store.ts";

/** A store as the first version made it, with one campaign and one repository. */
const firstVersion = new URL("version-1.sql", import.meta.url);

test("a store of the first version is migrated, and keeps what it has", async () => {
  const path = workspace().path("first.sqlite");
  const database = new Database(path);
  database.exec(readFileSync(firstVersion, "utf8"));
  database.close();
  const store = await openedStore(path, "existing");
  const campaign = await store.db.selectFrom("campaign").select("name").execute();
  expect(campaign).toEqual([{ name: "First version" }]);
  const key = "github.com/acme/web";
  const target = await store.db.selectFrom("target").selectAll().execute();
  expect(target).toMatchObject([{ key, state: "planned", wave: 3, due_at: null }]);
  await enqueue(store, store.db, [key]);
  const seen: string[] = [];
  await workThrough(store, {
    states: ["planned"],
    concurrency: 1,
    signal: new AbortController().signal,
    handler: (target) => {
      seen.push(target.key);
      return Promise.resolve(undefined);
    },
  });
  expect(seen).toEqual([key]);
  await store.close();
  // The second time there is nothing to migrate.
  await (await openedStore(path, "existing")).close();
});

test("a store or folder that may not be written is said to be so", async () => {
  const space = workspace();
  const store = await openedStore(space.path("mine.sqlite"));
  await addCampaign(store);
  await store.close();
  chmodSync(space.path("mine.sqlite"), 0o444);
  const before = readFileSync(space.path("mine.sqlite"));
  const readOnly = await space.run(["batch", "export", "-", "--store", "mine.sqlite"], {
    unprivileged: true,
  });
  expect(readOnly.code).toBe(2);
  expect(readOnly.stderr).toMatch(/mine\.sqlite: the store may not be read or written/);
  expect(readFileSync(space.path("mine.sqlite")).equals(before)).toBe(true);

  chmodSync(space.root, 0o555);
  const noFolder = await space.run(["batch", "import", "-", "--store", "new.sqlite"], {
    unprivileged: true,
  });
  chmodSync(space.root, 0o777);
  expect(noFolder.code).toBe(2);
  expect(noFolder.stderr).toMatch(/new\.sqlite: the store may not be read or written/);
  expect(existsSync(space.path("new.sqlite"))).toBe(false);
});

test("a full store undoes what doesn't fit, and goes on with what does", async () => {
  const path = workspace().path("full.sqlite");
  const store = await openedStore(path);
  await addTarget(store, "github.com/acme/web");
  const pages = Math.ceil(statSync(path).size / 4096) + 60;
  // As SQLite says it when the disk is full.
  await sql`pragma max_page_count = ${sql.lit(pages)}`.execute(store.db);
  const large = "x".repeat(1_000_000);
  const failing = store.transaction(async (transaction) => {
    await addTarget({ db: transaction }, "github.com/acme/first");
    await addTarget({ db: transaction }, "github.com/acme/large", { url: large });
  });
  await expect(failing).rejects.toMatchObject({ code: "SQLITE_FULL" });
  await addTarget(store, "github.com/acme/small");
  const rows = await store.db.selectFrom("target").select("key").orderBy("key").execute();
  expect(rows.map(({ key }) => key)).toEqual([
    "github.com/acme/small",
    "github.com/acme/web",
  ]);
  await store.close();
});
