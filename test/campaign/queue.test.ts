import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  dequeue,
  enqueue,
  hasWork,
  workThrough,
  type Handler,
  type Work,
} from "../../src/batch/store/queue.ts";
import type { Store } from "../../src/batch/store/store.ts";
import {
  startPostgres,
  withoutPostgres,
  type PostgresServer,
} from "../batch/postgres-server.ts";
import { addTarget, openedStore, targetRow } from "../batch/store/filled-store.ts";

let folder: string;
let server: PostgresServer | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dockerslim-queue-"));
  if (withoutPostgres === false) server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const kinds = [
  {
    kind: "SQLite",
    skip: false,
    addressOf: (name: string) => join(folder, `${name}.sqlite`),
  },
  {
    kind: "PostgreSQL",
    skip: withoutPostgres !== false,
    addressOf: (name: string) => `${server?.address ?? ""}?schema=${name}`,
  },
];

describe.each(kinds)("the queue on $kind", ({ skip, addressOf }) => {
  async function filled(name: string, count: number): Promise<Store> {
    const store = await openedStore(addressOf(name));
    const keys = Array.from(
      { length: count },
      (_, index) => `github.com/acme/app-${index}`,
    );
    await store.transaction(async (transaction) => {
      await transaction.insertInto("target").values(keys.map(targetRow)).execute();
      await enqueue(store, transaction, keys);
    });
    return store;
  }
  const work = (store: Store, handler: Handler, more: Partial<Work> = {}) =>
    workThrough(store, {
      states: ["planned"],
      handler,
      concurrency: 4,
      signal: new AbortController().signal,
      ...more,
    });
  const setState = (store: Store, key: string, state: "pushed" | "merged") =>
    store.db.updateTable("target").set({ state }).where("key", "=", key).execute();

  test.skipIf(skip)("hands each target out once, and only those in a state", async () => {
    const store = await filled("once", 30);
    await addTarget(store, "github.com/acme/unqueued");
    await setState(store, "github.com/acme/app-7", "pushed");
    const seen: string[] = [];
    let together = 0;
    let most = 0;
    await work(store, async ({ key, claimed_until }) => {
      expect(claimed_until).toBeGreaterThan(Date.now());
      together += 1;
      most = Math.max(most, together);
      seen.push(key);
      await sleep(5);
      together -= 1;
      await setState(store, key, "merged");
      return undefined;
    });
    expect(seen.sort()).toEqual(
      Array.from({ length: 30 }, (_, index) => `github.com/acme/app-${index}`)
        .filter((key) => !key.endsWith("-7"))
        .sort(),
    );
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(await hasWork(store.db, ["planned"])).toBe(false);
    expect(await hasWork(store.db, ["pushed"])).toBe(true);
    await store.close();
  });

  test.skipIf(skip)("goes on when the handler says so, and not before", async () => {
    const store = await filled("again", 2);
    const times: number[] = [];
    let due = 0;
    await work(store, ({ key }) => {
      if (key.endsWith("-0")) times.push(Date.now());
      if (!key.endsWith("-0") || times.length === 3) return Promise.resolve(undefined);
      due = Date.now() + 400;
      return Promise.resolve({ again: due });
    });
    expect(times).toHaveLength(3);
    expect(times[2]).toBeGreaterThanOrEqual(due);
    await store.close();
  });

  test.skipIf(skip)("works once more on what became due meanwhile", async () => {
    const store = await filled("meanwhile", 1);
    let calls = 0;
    await work(store, async ({ key }) => {
      calls += 1;
      if (calls === 1) await enqueue(store, store.db, [key]);
      return undefined;
    });
    expect(calls).toBe(2);
    await store.close();
  });

  test.skipIf(skip)("forgets what was taken out", async () => {
    const store = await filled("dequeued", 3);
    await dequeue(store.db, ["github.com/acme/app-1"]);
    const seen: string[] = [];
    await work(store, ({ key }) => {
      seen.push(key);
      return Promise.resolve(undefined);
    });
    expect(seen.sort()).toEqual(["github.com/acme/app-0", "github.com/acme/app-2"]);
    await store.close();
  });

  test.skipIf(skip)("records a handler that throws, and goes on", async () => {
    const store = await filled("throwing", 4);
    await work(store, ({ key }) =>
      key.endsWith("-2")
        ? Promise.reject(new Error("unforeseen"))
        : Promise.resolve(undefined),
    );
    const failed = await store.db
      .selectFrom("target")
      .select(["key", "failure_class", "failure", "attempts"])
      .where("state", "=", "failed")
      .execute();
    expect(failed).toMatchObject([
      { key: "github.com/acme/app-2", failure_class: "internal-error", attempts: 1 },
    ]);
    expect(failed[0]?.failure).toContain("unforeseen");
    const events = await store.db
      .selectFrom("event")
      .select(["target", "kind"])
      .execute();
    expect(events).toEqual([{ target: "github.com/acme/app-2", kind: "failed" }]);
    await store.close();
  });

  test.skipIf(skip)("ends when told to, and the next run goes on", async () => {
    const store = await filled("ended", 20);
    const ended = new AbortController();
    let begun = 0;
    await work(
      store,
      async (_target, signal) => {
        begun += 1;
        if (begun === 6) ended.abort();
        await sleep(20, undefined, { signal });
        return undefined;
      },
      { signal: ended.signal },
    );
    expect(await hasWork(store.db, ["planned"])).toBe(true);
    let rest = 0;
    await work(store, () => {
      rest += 1;
      return Promise.resolve(undefined);
    });
    expect(rest).toBeGreaterThanOrEqual(14);
    expect(await hasWork(store.db, ["planned"])).toBe(false);
    await store.close();
  });

  test.skipIf(skip)(
    "is shared by four processes, of which one is killed",
    async () => {
      const count = 240;
      const store = await filled("processes", count);
      const processes = Array.from({ length: 4 }, () => claimer(addressOf("processes")));
      const [victim] = processes;
      for (;;) {
        const { begun } = await store.db
          .selectFrom("event")
          .select((e) => e.fn.countAll<number>().as("begun"))
          .where("kind", "=", "begun")
          .where("detail", "=", JSON.stringify({ pid: victim?.child.pid }))
          .executeTakeFirstOrThrow();
        if (begun >= 10) break;
        await sleep(5);
      }
      victim?.child.kill("SIGKILL");
      expect(await Promise.all(processes.map(({ end }) => end))).toEqual([
        "SIGKILL",
        0,
        0,
        0,
      ]);
      const events = await store.db
        .selectFrom("event")
        .select(["target", "kind", "detail"])
        .orderBy("id")
        .execute();
      const byTarget = new Map<string | null, typeof events>();
      for (const event of events) {
        byTarget.set(event.target, [...(byTarget.get(event.target) ?? []), event]);
      }
      expect(byTarget.size).toBe(count);
      const unfinished = [...byTarget.values()].filter((list) => list.length !== 2);
      expect(unfinished.length).toBeLessThanOrEqual(3);
      for (const list of byTarget.values()) {
        const kinds = list.map(({ kind }) => kind);
        if (list.length === 2) expect(kinds).toEqual(["begun", "done"]);
        else {
          expect(kinds).toEqual(["begun", "begun", "done"]);
          expect(list[0]?.detail).toBe(JSON.stringify({ pid: victim?.child.pid }));
        }
      }
      const left = await store.db
        .selectFrom("target")
        .select("key")
        .where("state", "!=", "merged")
        .execute();
      expect(left).toEqual([]);
      await store.close();
    },
    60_000,
  );
});

function claimer(address: string): {
  readonly child: ChildProcess;
  readonly end: Promise<number | string | null>;
} {
  const program = fileURLToPath(
    new URL("../batch/store/claiming-process.ts", import.meta.url),
  );
  const child = spawn(process.execPath, ["--import", "tsx", program, address], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const end = new Promise<number | string | null>((resolve) => {
    child.once("exit", (code, signal) => {
      resolve(code ?? signal);
    });
  });
  return { child, end };
}
