import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { campaignOver, planned, states } from "../batch/campaign-workspace.ts";
import { startPostgres, withoutPostgres } from "../batch/postgres-server.ts";
import { startTestForge, type TestForge } from "../forge/test-forge.ts";
import { expectOneRequest, manyRepositories } from "./many-repositories.ts";

const branch = "dockerslim/smaller";
const noLimits = { perMinute: 100_000, perHour: 1_000_000 };

let forge: TestForge;
beforeEach(async () => {
  forge = await startTestForge("github");
});
afterEach(async () => {
  expect(forge.problems).toEqual([]);
  await forge.close();
});

test("300 repositories, from the plan to the merge", async () => {
  const made = await manyRepositories(forge, 300);
  for (const { repository } of made) repository.checks = "green";
  const { batch } = campaignOver(forge, {}, noLimits);
  await planned(batch);
  expect((await batch("approve", "--all")).code).toBe(0);
  const apply = await batch("apply", "--jobs", "8");
  expect(apply, apply.stderr).toMatchObject({ code: 0 });
  let changed = 0;
  for (const one of made) changed += (await expectOneRequest(one, branch)) ? 1 : 0;
  expect(changed).toBeGreaterThan(150);
  expect(await states(batch)).toEqual({
    open: changed,
    unchanged: made.length - changed,
  });

  const merge = await batch("merge");
  expect(merge, merge.stderr).toMatchObject({ code: 0 });
  expect(await states(batch)).toMatchObject({ merged: changed });
  for (const one of made) await expectOneRequest(one, one.repository.defaultBranch);
  const rescanned = await batch("status", "--rescan");
  expect(rescanned.stdout).toContain("300 of 300 have nothing left to change");
});

describe("killed at 50 moments", () => {
  test("with one store of SQLite and two workers at once", async () => {
    await survivesKills(2, []);
  });

  test.skipIf(withoutPostgres).each([2, 8])(
    "on PostgreSQL with %i workers at once",
    async (workers) => {
      const server = await startPostgres();
      try {
        await survivesKills(workers, ["--store", server.address]);
      } finally {
        await server.stop();
      }
    },
  );
});

/** Starts so many workers again and again, and kills one of them each time. */
async function survivesKills(workers: number, store: readonly string[]): Promise<void> {
  const made = await manyRepositories(forge, 60);
  const budget = { perMinute: 1200, perHour: 100_000 };
  const { batch, startBatch } = campaignOver(forge, { waves: [] }, budget);
  await planned(batch, ...store);
  expect((await batch("approve", "--all", ...store)).code).toBe(0);
  const start = () => startBatch(["worker", "--jobs", "2", ...store]);
  const running = Array.from({ length: workers }, start);
  for (let kill = 0; kill < 50; kill += 1) {
    // Long enough to get somewhere, short enough to be in the middle of it.
    await sleep(300 + 37 * ((kill * 29) % 31));
    const index = kill % workers;
    running[index]?.kill("SIGKILL");
    running[index] = start();
  }
  for (const worker of running) worker.kill("SIGKILL");
  // What the dead had claimed is free again after their leases.
  const last = await batch("apply", ...store);
  expect(last, last.stderr).toMatchObject({ code: 0 });
  for (const one of made) await expectOneRequest(one, branch);
  expect(await states(batch, ...store)).not.toHaveProperty("planned");
  expect(await states(batch, ...store)).not.toHaveProperty("pushed");
  expectWithinBudget(budget.perMinute);
}

/** In no minute more requests were created than the budget of all processes allows. */
function expectWithinBudget(perMinute: number): void {
  const times = forge.calls
    .filter(({ name }) => name === "create")
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  for (const [index, time] of times.entries()) {
    const before = times[index - perMinute];
    if (before !== undefined) expect(time - before).toBeGreaterThan(60_000);
  }
}
