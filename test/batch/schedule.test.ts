import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { schedule } from "../../src/batch/apply/schedule.ts";
import { decide } from "../../src/batch/groups/decide.ts";
import { readGroups } from "../../src/batch/groups/read-groups.ts";
import type { CampaignSettings } from "../../src/batch/campaign/settings.ts";
import type { Store } from "../../src/batch/store/store.ts";
import { workspace } from "../cli/workspace.ts";
import { addPlanned, twoRuns } from "./planned-store.ts";
import {
  startPostgres,
  withoutPostgres,
  type PostgresServer,
} from "./postgres-server.ts";
import { addCampaign, openedStore } from "./store/filled-store.ts";

let server: PostgresServer | undefined;
beforeAll(async () => {
  if (withoutPostgres === false) server = await startPostgres();
}, 60_000);
afterAll(async () => {
  await server?.stop();
});

const owners = ["a", "b", "c"];

/** Twelve repositories of three owners, a Dockerfile each. */
async function filled(address: string): Promise<Store> {
  const store = await openedStore(address);
  await addCampaign(store);
  const names = Array.from({ length: 12 }, (_, index) => `${owners[index % 3]}/${index}`);
  await addPlanned(
    store,
    Object.fromEntries(names.map((name) => [name, { Dockerfile: twoRuns }])),
  );
  return store;
}

async function decideAll(
  store: Store,
  decision: "approve" | "reject",
  only?: readonly string[],
): Promise<void> {
  const requests = (await readGroups(store.db)).map(({ id }) => ({
    ...{ group: id, digest: undefined, decision, note: "" },
    ...{ only, except: [], opened: [] },
  }));
  const options = { who: "Test", mustOpen: false, dryRun: false };
  expect(await decide(store, requests, options)).toHaveProperty("recorded");
}

function scheduled(
  store: Store,
  settings: Partial<CampaignSettings> = {},
  enqueues = false,
) {
  const campaign = {
    settings: {
      ...{ waves: [2], stop: { red: 1, closed: 1 }, windows: [] },
      ...settings,
    } as unknown as CampaignSettings,
  };
  return schedule(store, campaign, { now: Date.now(), ignoreStop: false, enqueues });
}

describe.each(["sqlite", "postgres"])("what is scheduled, on %s", (kind) => {
  const inStore = async (name: string, work: (store: Store) => Promise<void>) => {
    const address =
      kind === "sqlite"
        ? workspace().path("store.sqlite")
        : `${server?.address ?? ""}?schema=${name}`;
    const store = await filled(address);
    try {
      await work(store);
    } finally {
      await store.close();
    }
  };
  const unlessMissing = test.skipIf(kind === "postgres" && withoutPostgres !== false);

  unlessMissing("is the wave, each repository once, as it was approved", () =>
    inStore("waves", async (store) => {
      expect(await scheduled(store)).toMatchObject({
        decision: { kind: "done" },
        undecided: 12,
      });
      await decideAll(store, "approve", ["git.example/a/0", "git.example/b/1"]);
      await decideAll(store, "reject", ["git.example/c/2"]);
      const first = await scheduled(store, {}, true);
      expect([...first.queued].sort()).toEqual(["git.example/a/0", "git.example/b/1"]);
      expect(first.hosts).toEqual([{ host: "git.example", targets: 2 }]);
      expect(first.undecided).toBe(9);
      expect((await scheduled(store)).queued).toEqual([]);

      await decideAll(store, "approve");
      await store.db
        .updateTable("target")
        .where("key", "in", first.queued)
        .set({ state: "open", checks: "green", due_at: null })
        .execute();
      const next = await scheduled(store);
      expect(next.decision).toMatchObject({ kind: "go", wave: { number: 2 } });
      expect(next.queued).toHaveLength(10);
      const places = await store.db.selectFrom("target").select("wave").execute();
      expect(
        places.map(({ wave }) => wave).sort((a, b) => Number(a) - Number(b)),
      ).toEqual(Array.from({ length: 12 }, (_, index) => index));
    }),
  );

  unlessMissing("leaves out what its owner has too many of", () =>
    inStore("owners", async (store) => {
      await decideAll(store, "approve");
      await scheduled(store);
      await store.db
        .updateTable("target")
        .where("key", "=", "git.example/a/0")
        .set({ state: "open" })
        .execute();
      await store.db
        .updateTable("target")
        .where("key", "in", ["git.example/b/1", "git.example/b/4"])
        .set({ state: "pushed" })
        .execute();
      const limited = await scheduled(store, { waves: [], maxOpenPerOwner: 2 });
      const ofOwner = (owner: string) =>
        limited.queued.filter((key) => key.includes(`/${owner}/`)).length;
      // One of a's is open; b's have their branches; none of c's is there yet.
      expect(owners.map(ofOwner)).toEqual([1, 2, 2]);
      expect(limited.heldBack).toBe(11 - 5);
    }),
  );

  unlessMissing("is void when the plan changes, or the tool", () =>
    inStore("void", async (store) => {
      await decideAll(store, "approve");
      await addPlanned(store, { "a/0": { Dockerfile: `${twoRuns}RUN echo three\n` } });
      const one = await scheduled(store, { waves: [] });
      expect(one.queued).toHaveLength(11);
      expect(one.undecided).toBe(1);
      const groups = await readGroups(store.db);
      const voided = groups.flatMap(({ members }) =>
        members.filter(({ isVoid }) => isVoid).map(({ target }) => target),
      );
      expect(voided).toEqual(["git.example/a/0"]);

      await store.db.updateTable("approval").set({ tool_version: "0.0.0" }).execute();
      await store.db.updateTable("campaign").set({ decided_by: "0.0.0" }).execute();
      expect(await scheduled(store)).toMatchObject({ queued: [], undecided: 12 });
    }),
  );
});
