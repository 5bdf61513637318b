import { describe, expect, test } from "vitest";
import { readDecisions } from "../../src/batch/groups/decisions.ts";
import { workspace } from "../cli/workspace.ts";
import { addPlanned, aptRepositories, plannedStore } from "./planned-store.ts";
import { openedStore } from "./store/filled-store.ts";
import {
  events,
  groupOf,
  groupsIn,
  mixed,
  only,
  planned,
  storeFile,
} from "./planned-workspace.ts";

describe("batch groups", () => {
  test("lists the rare groups first, with what they save", async () => {
    const space = await planned(mixed);
    const { code, stdout, stderr } = await space.run(["batch", "groups"]);
    expect(code).toBe(0);
    const [head, first, second, ...rest] = stdout.trimEnd().split("\n");
    expect(head).toMatch(/^group\s+files\s+hunks\s+saves\s+bar\s+state\s+change$/);
    expect(first).toMatch(/^[0-9a-f]{10}:[0-9a-f]{6}\s+1 .*waiting\s+merge-runs: − RUN$/);
    expect(second).toMatch(/\s3\s+3\s.*MB.*█.*clean-package-cache: \+ rm -rf/);
    expect(rest).toEqual([]);
    expect(stderr).toMatch(
      /^2 groups, 4 files of 4 repositories, .* saved; 4 files to decide/,
    );
  });

  test("without a store, and without a plan, it says so", async () => {
    const space = workspace();
    const missing = await space.run(["batch", "groups"]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/^error: /);
    await plannedStore(space.path(storeFile), {});
    const empty = await space.run(["batch", "groups"]);
    expect(empty).toMatchObject({ code: 0, stdout: "" });
    expect(empty.stderr).toContain("nothing to review");
  });
});

describe("batch approve and reject", () => {
  test("record who decided about what, and the groups tell it", async () => {
    const space = await planned(mixed);
    const merges = await groupOf(space, /merge-runs/);
    const apt = await groupOf(space, /clean-package-cache/);
    const approved = await space.run(["batch", "approve", merges.id, "--note", "fine"]);
    expect(approved.stderr).toMatch(/^Decisions about 1 file recorded, by /);
    expect(approved.code).toBe(0);
    const rejected = await space.run(["batch", "reject", apt.id.slice(0, 6)]);
    expect(rejected.stdout).toContain("rejected  3 files");
    expect((await groupOf(space, /merge-runs/)).state).toBe("approved");
    expect((await groupOf(space, /clean-package-cache/)).state).toBe("rejected");
    expect(await events(space)).toEqual(["approved", "rejected"]);

    const store = await openedStore(space.path(storeFile), "existing");
    const rows = await store.db.selectFrom("approval").selectAll().execute();
    const decisions = await readDecisions(store.db, ["git.example/team/merges"]);
    const file = await store.db
      .selectFrom("approved_file")
      .innerJoin("approval", "approval.id", "approved_file.approval")
      .where("target", "=", "git.example/team/merges")
      .selectAll()
      .executeTakeFirstOrThrow();
    await store.close();
    expect(rows[0]).toMatchObject({
      group_id: merges.id,
      group_digest: merges.digest,
      decision: "approve",
      note: "fine",
      opened: "[]",
    });
    expect(rows[0]?.who).not.toBe("");
    expect(decisions.of(file)).toBe("approve");
    expect(decisions.of({ ...file, rules: "others" })).toBeUndefined();
    expect(decisions.of({ ...file, hunk: "another" })).toBeUndefined();
  });

  test("the latest decision counts, also for single repositories", async () => {
    const space = await planned(aptRepositories(3));
    const { id } = only(await groupsIn(space));
    await space.run(["batch", "approve", id, "--except", "team/app0001"]);
    expect(only(await groupsIn(space)).state).toBe("partly");
    await space.run(["batch", "reject", id, "--only", "app0001"]);
    const group = only(await groupsIn(space));
    expect(group.state).toBe("decided");
    const decisions = group.hunks
      .flatMap(({ members }) => members)
      .map(({ target, decision }) => `${target.slice(-4)} ${String(decision)}`)
      .sort();
    expect(decisions).toEqual(["0000 approve", "0001 reject", "0002 approve"]);
  });

  test("--all approves without opening anything, and records that", async () => {
    const space = await planned({ ...mixed, ...aptRepositories(30) });
    const { code } = await space.run([
      ...["batch", "approve", "--all", "--except", "team/app0007", "merges"],
    ]);
    expect(code).toBe(0);
    expect((await groupOf(space, /merge-runs/)).state).toBe("waiting");
    const apt = await groupOf(space, /clean-package-cache/);
    expect(apt.state).toBe("partly");
    const store = await openedStore(space.path(storeFile), "existing");
    const rows = await store.db.selectFrom("approval").select("opened").execute();
    const files = await store.db.selectFrom("approved_file").selectAll().execute();
    await store.close();
    expect(rows).toEqual([{ opened: "[]" }]);
    expect(files.length).toBe(29);
  });

  test("a large group asks for some of its files to be opened first", async () => {
    const space = await planned(aptRepositories(21));
    const { id, toOpen } = only(await groupsIn(space));
    expect(toOpen.length).toBe(4);
    const refused = await space.run(["batch", "approve", id]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("4 files of it should be looked at first");
    expect(only(await groupsIn(space)).state).toBe("waiting");

    const one = toOpen[0]?.target ?? "";
    await space.run(["batch", "show", one]);
    const again = await space.run(["batch", "approve", id]);
    expect(again.stderr).toContain("3 files of it should be looked at first");

    const shown = await space.run(["batch", "show", id]);
    for (const { target } of toOpen) expect(shown.stdout).toContain(target);
    const approved = await space.run(["batch", "approve", id]);
    expect(approved.code).toBe(0);
    const store = await openedStore(space.path(storeFile), "existing");
    const { opened } = await store.db
      .selectFrom("approval")
      .select("opened")
      .executeTakeFirstOrThrow();
    await store.close();
    expect((JSON.parse(opened) as string[]).sort()).toEqual(
      toOpen.map(({ target }) => `${target}:Dockerfile`).sort(),
    );
  });

  test("--yes goes without", async () => {
    const space = await planned(aptRepositories(21));
    const { id } = only(await groupsIn(space));
    expect((await space.run(["batch", "approve", id, "--yes"])).code).toBe(0);
    expect(only(await groupsIn(space)).state).toBe("approved");
  });

  test("a changed plan voids the approval of what changed", async () => {
    const space = await planned(aptRepositories(3));
    const before = only(await groupsIn(space));
    await space.run(["batch", "approve", before.id]);
    const store = await openedStore(space.path(storeFile), "existing");
    await addPlanned(
      store,
      aptRepositories(1, () => "another"),
    );
    await store.close();
    const after = only(await groupsIn(space));
    expect(after.id).toBe(before.id);
    expect(after.digest).not.toBe(before.digest);
    expect(after.state).toBe("changed");
    const stale = await space.run([
      ...["batch", "approve", `${before.id}:${before.digest.slice(0, 8)}`],
    ]);
    expect(stale.code).toBe(2);
    expect(stale.stderr).toContain("the plan has changed");
    const current = `${after.id}:${after.digest.slice(0, 8)}`;
    expect((await space.run(["batch", "approve", current])).code).toBe(0);
    expect(only(await groupsIn(space)).state).toBe("approved");
  });

  test("wrong words change nothing", async () => {
    const space = await planned(mixed);
    const { id } = await groupOf(space, /clean-package-cache/);
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [["approve"], /name groups, or --all/],
      [["approve", id, "--all"], /name groups, or --all/],
      [["approve", "ffffffffff"], /there is no group ffffffffff/],
      [["approve", id, "--except", "nobody"], /no repository nobody/],
      [["approve", id, "--only", "merges"], /no file of those that were named/],
      [["approve", id, "ffffffffff"], /there is no group/],
      [["reject"], /missing required argument/],
      [["approve", "--decisions", "missing.json"], /can't be read/],
    ];
    for (const [words, message] of wrong) {
      const { code, stderr } = await space.run(["batch", ...words]);
      expect(stderr, words.join(" ")).toMatch(message);
      expect(code, words.join(" ")).toBe(2);
    }
    expect(await events(space)).toEqual([]);
  });

  test("--dry-run records nothing", async () => {
    const space = await planned(mixed);
    const { stdout, stderr } = await space.run([
      "batch",
      "approve",
      "--all",
      "--dry-run",
    ]);
    expect(stdout.trimEnd().split("\n").length).toBe(2);
    expect(stderr).toContain("would be recorded");
    expect((await groupsIn(space)).map(({ state }) => state)).toEqual([
      "waiting",
      "waiting",
    ]);
    expect(await events(space)).toEqual([]);
  });

  test("a file of decisions is recorded as a whole, or not at all", async () => {
    const space = await planned(mixed);
    const merges = await groupOf(space, /merge-runs/);
    const apt = await groupOf(space, /clean-package-cache/);
    const file = (digest: string) =>
      JSON.stringify({
        version: 1,
        campaign: "0123456789ab",
        decisions: [
          { group: merges.id, digest: merges.digest, decision: "reject" },
          {
            group: apt.id,
            digest,
            decision: "approve",
            hunks: [apt.hunks[0]?.hunk],
            opened: [`${apt.hunks[0]?.members[0]?.target ?? ""}:Dockerfile`],
          },
        ],
        splits: [{ group: apt.id, digest, hunks: [apt.hunks[1]?.hunk] }],
      });
    space.write("decisions.json", file("0".repeat(64)));
    const stale = await space.run(["batch", "approve", "--decisions", "decisions.json"]);
    expect(stale.code).toBe(2);
    expect(await events(space)).toEqual([]);

    space.write("decisions.json", file(apt.digest));
    const done = await space.run(["batch", "approve", "--decisions", "decisions.json"]);
    expect(done.stderr).toContain("Decisions about 2 files recorded");
    const states = (await groupsIn(space)).map(({ state, files }) => `${state} ${files}`);
    expect(states.sort()).toEqual(["partly 2", "rejected 1", "waiting 1"]);

    space.write("decisions.json", '{"version":2}');
    const broken = await space.run(["batch", "approve", "--decisions", "decisions.json"]);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain("holds no decisions: version");
  });
});
