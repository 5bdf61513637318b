import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  estimateEnd,
  reserveSlot,
  returnSlot,
  type Limits,
} from "../../../src/batch/store/budget.ts";
import { earliestCall, lastCallOf } from "../../../src/batch/store/sliding-window.ts";
import type { Store } from "../../../src/batch/store/store.ts";
import {
  startPostgres,
  withoutPostgres,
  type PostgresServer,
} from "../postgres-server.ts";
import { openedStore } from "./filled-store.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** The largest number of times in any span of that length, counted for each by itself. */
function mostIn(times: readonly number[], span: number): number {
  const counts = times.map(
    (start) => times.filter((at) => at >= start && at < start + span).length,
  );
  return Math.max(0, ...counts);
}

function kept(times: readonly number[], { perMinute, perHour }: Limits): boolean {
  return (
    mostIn(times, minute) <= (perMinute ?? Infinity) &&
    mostIn(times, hour) <= (perHour ?? Infinity)
  );
}

const limits = fc.record({
  perMinute: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  perHour: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
});
const steps = fc.array(
  fc.record({
    /** Seconds until it happens. */
    wait: fc.oneof(
      fc.constant(0),
      fc.integer({ max: 90, min: 0 }),
      fc.integer({ min: 0, max: 4000 }),
    ),
    /** The slot that is given back before, counted from the oldest. */
    back: fc.option(fc.nat(30), { nil: undefined }),
  }),
  { maxLength: 60 },
);

test("no minute and no hour ever has more calls than its limit, and none waits in vain", () => {
  fc.assert(
    fc.property(limits, steps, (limits, steps) => {
      let now = 1_763_750_000_000;
      const taken: number[] = [];
      for (const { wait, back } of steps) {
        now += wait * second;
        if (back !== undefined && back < taken.length) taken.splice(back, 1);
        const at = earliestCall(taken, limits, now);
        expect(at).toBeGreaterThanOrEqual(now);
        // Whatever ends a wait is a call that leaves a minute or an hour.
        const earlier = [
          now,
          ...taken.flatMap((time) => [time + minute, time + hour]),
        ].filter((time) => time >= now && time < at);
        for (const time of earlier) expect(kept([...taken, time], limits)).toBe(false);
        taken.push(at);
        taken.sort((a, b) => a - b);
        expect(kept(taken, limits)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test("the end is that of reserving one slot after the other", () => {
  fc.assert(
    fc.property(limits, fc.integer({ min: 0, max: 80 }), (limits, calls) => {
      const now = 1_763_750_000_000;
      const taken: number[] = [];
      for (let call = 0; call < calls; call += 1)
        taken.push(earliestCall(taken, limits, now));
      expect(lastCallOf(calls, [], limits, now)).toBe(taken.at(-1) ?? now);
    }),
  );
  const github = { perMinute: 80, perHour: 500 };
  expect(lastCallOf(500, [], github, 0)).toBe(6 * minute);
  expect(lastCallOf(1000, [], github, 0)).toBe(hour + 6 * minute);
  expect(lastCallOf(1_000_000, [], github, 0) / (24 * hour)).toBeCloseTo(83.3, 1);
});

let folder: string;
let server: PostgresServer | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dockerslim-budget-"));
  if (withoutPostgres === false) server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function sharedBy(stores: readonly Store[]): Promise<void> {
  const [first] = stores;
  if (first === undefined) throw new Error("no store");
  const budget = {
    host: "github.com",
    identity: "robot",
    limits: { perMinute: 5, perHour: 30 },
  };
  const now = 1_763_750_000_000;
  const slots = await Promise.all(
    Array.from({ length: 40 }, (_, call) => {
      const store = stores[call % stores.length] ?? first;
      return reserveSlot(store, budget, now + call);
    }),
  );
  const times = slots.map(({ at }) => at);
  expect(kept(times, budget.limits)).toBe(true);
  expect(Math.max(...times)).toBeLessThan(now + hour + 2 * minute);
  // Somebody else's budget is untouched by it.
  const other = await reserveSlot(first, { ...budget, identity: "app/7" }, now);
  expect(other.at).toBe(now);

  const latest = slots.sort((a, b) => b.at - a.at)[0];
  if (latest === undefined) throw new Error("no slot");
  await returnSlot(first, latest);
  expect((await reserveSlot(first, budget, now + 50)).at).toBe(latest.at);
  const end = await estimateEnd(first, budget, 30, now + 50);
  expect(end).toBeGreaterThan(Math.max(...times));
  expect(await estimateEnd(first, { ...budget, limits: {} }, 30, end)).toBe(end);
  await Promise.all(stores.map((store) => store.close()));
}

test("a budget is shared by all who have the same file", async () => {
  const path = join(folder, "budget.sqlite");
  await sharedBy(await Promise.all([1, 2, 3, 4].map(() => openedStore(path))));
});

test.skipIf(withoutPostgres)("a budget is shared by all on PostgreSQL", async () => {
  const { address = "" } = server ?? {};
  await sharedBy(await Promise.all([1, 2, 3, 4].map(() => openedStore(address))));
});
