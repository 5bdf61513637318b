/** Schedules once what is in a store, and prints what that took; see schedule.ts. */
import { schedule } from "../../src/batch/apply/schedule.ts";
import { openStore } from "../../src/batch/store/store.ts";

const [address = "", what] = process.argv.slice(2);
const opened = await openStore(address, { mode: "existing" });
if ("failure" in opened) throw new Error(opened.failure.message);
const store = opened.value;
const settings = {
  waves: [5, 50, 500],
  stop: { red: 1, closed: 1 },
  windows: [],
} as unknown as Parameters<typeof schedule>[1]["settings"];
const start = performance.now();
if (what === "schedule") {
  const options = { now: Date.now(), ignoreStop: true, enqueues: false };
  await schedule(store, { settings }, options);
}
const time = performance.now() - start;
await store.close();
const memory = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ time, memory }));
