import { describe, expect, test } from "vitest";
import { aptRepositories, twoRuns } from "./planned-store.ts";
import {
  groupOf,
  groupsIn,
  mixed,
  only,
  planned,
  storeFile,
} from "./planned-workspace.ts";
import { openedStore } from "./store/filled-store.ts";

describe("batch split", () => {
  test("makes hunks groups of their own, and puts them back", async () => {
    const space = await planned(
      aptRepositories(3, (index) => (index === 1 ? "odd" : "p")),
    );
    const group = only(await groupsIn(space));
    const rare = group.hunks[0]?.hunk ?? "";
    expect(group.hunks.map(({ files }) => files)).toEqual([1, 2]);
    const dry = await space.run([
      "batch",
      "split",
      group.id,
      rare.slice(0, 8),
      "--dry-run",
    ]);
    expect(dry.stderr).toContain("would become 2 groups");
    expect((await groupsIn(space)).length).toBe(1);

    const split = await space.run(["batch", "split", group.id, rare.slice(0, 8)]);
    expect(split.code).toBe(0);
    const [first, second] = await groupsIn(space);
    expect(split.stdout.trim().split("\n").sort()).toEqual(
      [first?.id, second?.id].sort(),
    );
    expect([first?.files, second?.files]).toEqual([1, 2]);
    expect(second?.id).toBe(group.id);
    expect(second?.digest).not.toBe(group.digest);

    await space.run(["batch", "approve", first?.id ?? ""]);
    const back = await space.run(["batch", "split", first?.id ?? "", "--back"]);
    expect(back.code).toBe(0);
    const again = only(await groupsIn(space));
    expect(again.digest).toBe(group.digest);
    expect(again.state).toBe("partly");
  });

  test("refuses where there is nothing to split", async () => {
    const space = await planned({ "team/merges": { Dockerfile: twoRuns } });
    const { id } = only(await groupsIn(space));
    const one = await space.run(["batch", "split", id]);
    expect(one).toMatchObject({ code: 2 });
    expect(one.stderr).toContain("nothing to split");
    expect((await space.run(["batch", "split", id, "--back"])).code).toBe(2);
    expect((await space.run(["batch", "split", id, "abcdef"])).stderr).toContain(
      "has no hunk abcdef",
    );
  });
});

describe("batch show", () => {
  test("shows a repository's diff, decision and history", async () => {
    const space = await planned(mixed);
    const { id } = await groupOf(space, /merge-runs/);
    await space.run(["batch", "approve", id]);
    const { stdout, code } = await space.run(["batch", "show", "team/merges"]);
    expect(code).toBe(0);
    expect(stdout).toContain("git.example/team/merges  planned");
    expect(stdout).toContain(`group ${id}`);
    expect(stdout).toContain("approved");
    expect(stdout).toContain("-RUN echo two\n");
    expect(stdout).not.toContain("\u001b[");
    const coloured = await space.run(["batch", "show", "merges"], {
      env: { ...process.env, FORCE_COLOR: "1" },
    });
    expect(coloured.stdout).toContain("\u001b[31m-RUN echo two\u001b[39m");
    const json = await space.run(["batch", "show", "merges", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      target: { key: "git.example/team/merges", state: "planned" },
      files: [{ path: "Dockerfile", group: id, decision: "approve" }],
    });
  });

  test("shows a group's exemplar and its hunks", async () => {
    const space = await planned(mixed);
    const { id, hunks } = await groupOf(space, /clean-package-cache/);
    const { stdout } = await space.run(["batch", "show", id]);
    expect(stdout).toContain(`group ${id}  waiting`);
    expect(stdout).toContain("exemplar");
    for (const { hunk } of hunks) expect(stdout).toContain(`hunk ${hunk.slice(0, 10)}`);
  });

  test("says what it doesn't know, and what could be meant", async () => {
    const space = await planned({
      "one/app": { Dockerfile: twoRuns },
      "two/app": { Dockerfile: twoRuns },
    });
    expect((await space.run(["batch", "show", "nobody"])).stderr).toContain(
      "no repository nobody",
    );
    const { code, stderr } = await space.run(["batch", "show", "app"]);
    expect(code).toBe(2);
    expect(stderr).toContain("git.example/one/app, git.example/two/app");
  });

  test("text of strangers doesn't command the terminal", async () => {
    const space = await planned({
      "team/evil\u001b[31m": {
        "dir\nwith\u0007bell/Dockerfile": "FROM debian:12\nRUN echo \u001b]0;x\nRUN b\n",
      },
    });
    const store = await openedStore(space.path(storeFile), "existing");
    await store.db
      .updateTable("target")
      .set({ failure: JSON.stringify({ message: "bad \u001b[2J", hint: "" }) })
      .execute();
    await store.close();
    const [group] = await groupsIn(space);
    const words = [
      ["groups"],
      ["show", group?.id ?? ""],
      ["show", "team/evil\u001b[31m"],
    ];
    for (const rest of [...words, ["approve", "--all"]]) {
      const { code, stdout, stderr } = await space.run(["batch", ...rest]);
      expect(code).toBe(0);
      // eslint-disable-next-line no-control-regex -- a terminal obeys them
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    }
  });
});
