import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forgeKinds } from "../../../src/batch/forges/forge.ts";
import { columns, tableNames } from "../../../src/batch/store/columns.ts";
import { exportStore } from "../../../src/batch/store/export.ts";
import { importStore } from "../../../src/batch/store/import.ts";
import { hasWork, workThrough } from "../../../src/batch/store/queue.ts";
import type { Store } from "../../../src/batch/store/store.ts";
import { targetStates } from "../../../src/batch/target-state.ts";
import { workspace } from "../../cli/workspace.ts";
import {
  startPostgres,
  withoutPostgres,
  type PostgresServer,
} from "../postgres-server.ts";
import { openedStore } from "./filled-store.ts";

/** Everything that a line, a string or a database could stumble over. */
const oddTexts = [
  "",
  "FROM alpine:3.20\nRUN a\r\nRUN b\u2028\u2029\u0085c\n",
  `quotes " ' \` and \\ backslash`,
  "Größe 漢字 🐳 \u202e",
  '{"end": 0}',
  "x".repeat(70_000),
];

const choices: Readonly<Record<string, readonly string[]>> = {
  "target.kind": ["forge", "clone"],
  "target.forge": forgeKinds,
  "target.state": targetStates,
  "target.checks": ["none", "green"],
  "result.status": ["changed", "unchanged"],
  "approval.decision": ["approve", "reject"],
  "file.decision": ["approve", "void"],
  "target.approval": ["approved", "rejected"],
};

/** More rows of each table than are read at once, with each column null now and then. */
async function fill(store: Store, count: number): Promise<void> {
  for (const table of tableNames) {
    const rows = Array.from({ length: table === "campaign" ? 1 : count }, (_, index) =>
      Object.fromEntries(
        Object.entries(columns[table]).map(([name, type], column): [string, unknown] => {
          const turn = index + column;
          const chosen = choices[`${table}.${name}`];
          if (chosen !== undefined) return [name, chosen[turn % chosen.length] ?? ""];
          if (type.endsWith("?") && turn % 3 === 0) return [name, null];
          if (type.startsWith("integer")) return [name, (index * 7919) % 1_000_003];
          const text =
            turn % 50 === 0 ? (oddTexts[(turn / 50) % oddTexts.length] ?? "") : "";
          return [name, `${index} ${text}`];
        }),
      ),
    );
    for (let start = 0; start < rows.length; start += 200) {
      await store.db
        .insertInto(table)
        .values(rows.slice(start, start + 200))
        .execute();
    }
  }
}

async function exported(store: Store): Promise<string> {
  const parts: string[] = [];
  await exportStore(store, (lines) => {
    parts.push(lines);
    return Promise.resolve();
  });
  return parts.join("");
}

/** In pieces that end anywhere. */
async function* pieces(text: string): AsyncGenerator<string> {
  await Promise.resolve();
  for (let start = 0; start < text.length; start += 10_007) {
    yield text.slice(start, start + 10_007);
  }
}

describe.skipIf(withoutPostgres)("a campaign moved to PostgreSQL and back", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    await server.stop();
  });

  test("is the same", async () => {
    const space = workspace();
    const laptop = await openedStore(space.path("laptop.sqlite"));
    await fill(laptop, 1200);
    const text = await exported(laptop);
    const cluster = await openedStore(`${server.address}?schema=moved`);
    const moved = await importStore(cluster, pieces(text));
    expect(moved).toMatchObject({ value: { campaign: 1, target: 1200, event: 1200 } });
    expect(await exported(cluster)).toBe(text);
    const back = await openedStore(space.path("back.sqlite"));
    await importStore(back, pieces(await exported(cluster)));
    expect(await exported(back)).toBe(text);
    for (const store of [cluster, back]) {
      // What is added gets a number of its own.
      await store.db
        .insertInto("event")
        .values({ at: 1, target: null, kind: "later", detail: "{}" })
        .execute();
    }
    await Promise.all([laptop, cluster, back].map((store) => store.close()));
  });

  test("goes on where it was", async () => {
    const space = workspace();
    const laptop = await openedStore(space.path("laptop.sqlite"));
    await fill(laptop, 20);
    await laptop.db
      .updateTable("target")
      .set({ state: "planned", due_at: 5, claimed_by: null, claimed_until: null })
      .execute();
    const cluster = await openedStore(`${server.address}?schema=goes_on`);
    await importStore(cluster, pieces(await exported(laptop)));
    let calls = 0;
    await workThrough(cluster, {
      states: ["planned"],
      concurrency: 2,
      signal: new AbortController().signal,
      handler: () => {
        calls += 1;
        return Promise.resolve(undefined);
      },
    });
    expect(calls).toBe(20);
    expect(await hasWork(cluster.db, ["planned"])).toBe(false);
    await Promise.all([laptop, cluster].map((store) => store.close()));
  });
});

describe("batch export and batch import", () => {
  async function exportedSpace() {
    const space = workspace();
    const store = await openedStore(space.path("dockerslim-batch.sqlite"));
    await fill(store, 3);
    await store.close();
    const { code, stderr } = await space.run(["batch", "export", "campaign.jsonl"]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "Exported 3 repositories, 3 files, 3 decisions and 3 events to campaign.jsonl\n",
    });
    return space;
  }

  test("move a campaign from one file to another", async () => {
    const space = await exportedSpace();
    const imported = await space.run([
      "batch",
      "import",
      "campaign.jsonl",
      "--store",
      "b.sqlite",
    ]);
    expect(imported).toMatchObject({
      code: 0,
      stderr: "Imported 3 repositories, 3 files, 3 decisions and 3 events\n",
    });
    const again = await space.run(["batch", "export", "-", "--store", "b.sqlite"]);
    expect(again.stdout).toBe(readFileSync(space.path("campaign.jsonl"), "utf8"));
    const piped = await space.run(
      ["batch", "import", "-", "--json", "--store", "c.sqlite"],
      {
        input: again.stdout,
      },
    );
    expect(JSON.parse(piped.stdout)).toMatchObject({ version: 1, rows: { target: 3 } });
  });

  test("replace no file and no campaign, and try everything first", async () => {
    const space = await exportedSpace();
    const before = readFileSync(space.path("dockerslim-batch.sqlite"));
    const onto = await space.run(["batch", "export", "dockerslim-batch.sqlite"]);
    expect(onto.code).toBe(2);
    expect(onto.stderr).toContain("exists already");
    const full = await space.run(["batch", "import", "campaign.jsonl"]);
    expect(full.code).toBe(2);
    expect(full.stderr).toContain("has a campaign already");
    expect(readFileSync(space.path("dockerslim-batch.sqlite")).equals(before)).toBe(true);
    const dry = [
      "batch",
      "import",
      "campaign.jsonl",
      "--dry-run",
      "--store",
      "new.sqlite",
    ];
    expect(await space.run(dry)).toMatchObject({
      code: 0,
      stderr: "Would import 3 repositories, 3 files, 3 decisions and 3 events\n",
    });
    expect(existsSync(space.path("new.sqlite"))).toBe(false);
    const dryExport = ["batch", "export", "new.jsonl", "--dry-run"];
    expect(await space.run(dryExport)).toMatchObject({
      code: 0,
      stderr:
        "Would export 3 repositories, 3 files, 3 decisions and 3 events to new.jsonl\n",
    });
    expect(existsSync(space.path("new.jsonl"))).toBe(false);
    for (const path of ["dockerslim-batch.sqlite", "no/campaign.jsonl"]) {
      const refused = await space.run(["batch", "export", path, "--dry-run"]);
      expect(refused.code).toBe(2);
    }
    const nowhere = await space.run(["batch", "export", "no/campaign.jsonl"]);
    expect(nowhere).toMatchObject({ code: 2 });
    expect(nowhere.stderr).toContain("no/campaign.jsonl can't be written");
    const absent = await space.run(["batch", "import", "absent", "--store", "d.sqlite"]);
    expect(absent.stderr).toContain("absent can't be read");
  });

  test("refuse a damaged export as a whole", async () => {
    const space = await exportedSpace();
    const text = readFileSync(space.path("campaign.jsonl"), "utf8");
    const lines = text.trimEnd().split("\n");
    const damaged: readonly (readonly [string, RegExp])[] = [
      ["", /the export is empty/],
      ["FROM alpine\n", /no export of a campaign/],
      ["{}\n", /no export of a campaign/],
      [lines.slice(0, -1).join("\n"), /cut off/],
      [text.slice(0, -400), /can't be read|cut off/],
      [[...lines.slice(0, 3), ...lines.slice(4)].join("\n"), /rows, but says/],
      [text.replace("0004-decisions", "0999-later"), /newer version/],
      [
        text.replace('"table":"target"', '"table":"users"'),
        /line 3: there is no table users/,
      ],
      [text.replace('"attempts":', '"attempt":'), /line 3: target has no column attempt/],
      [
        text.replace(/"attempts":\d+/, '"attempts":"1"'),
        /line 3: target.attempts isn't integer/,
      ],
      [text.replace('"name":"', '"name":"\\u0000'), /line 2: campaign.name isn't text/],
      [text.replace('"state":"', '"state":"un'), /line 3: target.state isn't one of/],
      [`${text}{"end":5}\n`, /after the end/],
    ];
    const fresh = await openedStore(space.path("fresh.sqlite"));
    for (const [content, message] of damaged) {
      const outcome = await importStore(fresh, pieces(content));
      if ("value" in outcome) throw new Error(`imported in spite of ${String(message)}`);
      expect(outcome.failure.message).toMatch(message);
    }
    await fresh.close();
    writeFileSync(space.path("damaged.jsonl"), damaged[1]?.[0] ?? "");
    const store = ["--store", "fresh.sqlite"];
    const refused = await space.run(["batch", "import", "damaged.jsonl", ...store]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("damaged.jsonl: that is no export of a campaign");
    const whole = ["batch", "import", "campaign.jsonl", "--store", "fresh.sqlite"];
    expect((await space.run(whole)).code).toBe(0);
  });
});
