import { setTimeout as sleep } from "node:timers/promises";
import { recordEvent } from "../../../src/batch/store/events.ts";
import { workThrough } from "../../../src/batch/store/queue.ts";
import { openedStore } from "./filled-store.ts";

/** Takes planned targets to merged, and says in events when it begins and ends with each. */
const [address = ""] = process.argv.slice(2);
const store = await openedStore(address, "existing");
await workThrough(store, {
  states: ["planned"],
  concurrency: 3,
  // Long enough for a process that is starved by others.
  lease: 8000,
  signal: new AbortController().signal,
  handler: async ({ key }) => {
    const detail = { pid: process.pid };
    await recordEvent(store.db, { target: key, kind: "begun", detail });
    await sleep(5 + Math.random() * 20);
    await store.transaction(async (transaction) => {
      await transaction
        .updateTable("target")
        .set({ state: "merged" })
        .where("key", "=", key)
        .execute();
      await recordEvent(transaction, { target: key, kind: "done", detail });
    });
    return undefined;
  },
});
await store.close();
