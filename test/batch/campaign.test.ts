import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { improvable, improved } from "../cli/workspace.ts";
import { git } from "../forge/bare-git.ts";
import {
  branchHead,
  closeRequest,
  commit,
  fileOn,
  type TestRepository,
} from "../forge/repositories.ts";
import { startTestForge, type TestForge } from "../forge/test-forge.ts";
import { campaignOver, planned, states } from "./campaign-workspace.ts";

const branch = "dockerslim/smaller";

let forge: TestForge;
beforeEach(async () => {
  forge = await startTestForge("github");
});
afterEach(async () => {
  expect(forge.problems).toEqual([]);
  await forge.close();
});

async function repositories(count: number): Promise<TestRepository[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      forge.addRepository(`acme/app-${index}`, {
        files: { Dockerfile: improvable, "README.md": `Application ${index}\n` },
      }),
    ),
  );
}

const campaign = (settings: object = {}) => campaignOver(forge, settings);

describe("a campaign", () => {
  test("goes from the plan to merged requests, one for each repository", async () => {
    const targets = await repositories(4);
    const clean = await forge.addRepository("acme/clean", {
      files: { Dockerfile: improved },
    });
    const { batch } = campaign();
    await planned(batch);
    expect(await states(batch)).toEqual({ planned: 4, unchanged: 1 });
    const early = await batch("apply");
    expect(early.code).toBe(1);
    expect(early.stderr).toContain("4 planned but not approved");

    expect((await batch("approve", "--all")).code).toBe(0);
    const apply = await batch("apply");
    expect(apply, apply.stderr).toMatchObject({ code: 0 });
    for (const target of targets) {
      expect(target.requests.map(({ state }) => state)).toEqual(["open"]);
      expect(await fileOn(target, branch, "Dockerfile")).toBe(improved);
      expect(await fileOn(target, branch, "README.md")).toContain("Application");
      target.checks = "green";
    }
    expect(clean.requests).toEqual([]);

    // Once more: nothing happens.
    const calls = forge.calls.filter(({ method }) => method === "POST").length;
    expect((await batch("apply")).code).toBe(0);
    expect(forge.calls.filter(({ method }) => method === "POST").length).toBe(calls);

    expect((await batch("merge")).code).toBe(0);
    expect(await states(batch)).toEqual({ merged: 4, unchanged: 1 });
    for (const target of targets) {
      expect(await fileOn(target, target.defaultBranch, "Dockerfile")).toBe(improved);
    }
    const rescanned = await batch("status", "--rescan");
    expect(rescanned.stdout).toContain("5 of 5 have nothing left to change");
    const report = await batch("report");
    expect(report.stdout).toContain("| merged |");
  });

  test("never opens again what a person has closed", async () => {
    const [target] = await repositories(1);
    if (target === undefined) throw new Error("no repository");
    const { batch } = campaign({ stop: { closed: 1 } });
    await planned(batch);
    await batch("approve", "--all");
    await batch("apply");
    const [request] = target.requests;
    if (request === undefined) throw new Error("no request");
    await closeRequest(target, request);
    await batch("update");
    expect(await states(batch)).toEqual({ closed: 1 });
    await planned(batch);
    await batch("apply");
    expect(target.requests).toHaveLength(1);
  });

  test("is signed off by whoever commits, also where the author is another one", async () => {
    const [target] = await repositories(1);
    if (target === undefined) throw new Error("no repository");
    const author = { name: "Bot", email: "bot@example.org" };
    const { batch } = campaign({ commit: { message: "Slim", author, signOff: true } });
    await planned(batch);
    await batch("approve", "--all");
    expect((await batch("apply")).code).toBe(0);
    const log = await git(target.folder, "log", "-1", "--format=%an %cn%n%B", branch);
    expect(log.trim()).toBe("Bot Test\nSlim\n\nSigned-off-by: Test <test@example.org>");
  });

  test("leaves other people's commits on its branch alone", async () => {
    const [target] = await repositories(1);
    if (target === undefined) throw new Error("no repository");
    const theirs = await commit(target, { "notes.txt": "mine\n" }, branch);
    const { batch } = campaign();
    await planned(batch);
    await batch("approve", "--all");
    const apply = await batch("apply");
    expect(apply.code).toBe(2);
    expect(await states(batch)).toEqual({ conflicted: 1 });
    expect(await branchHead(target, branch)).toBe(theirs);
    expect(target.requests).toEqual([]);
    for (const words of [["status"], ["show", "app-0"], ["report"]]) {
      const { stdout } = await batch(...words);
      expect(stdout).toContain(`the branch ${branch} has commits that aren't`);
      expect(stdout).toContain("retry --class conflicted");
    }

    await git(target.folder, "update-ref", "-d", `refs/heads/${branch}`);
    expect((await batch("retry", "--class", "conflicted")).code).toBe(0);
    await planned(batch);
    expect((await batch("apply")).code).toBe(0);
    expect(await states(batch)).toEqual({ open: 1 });
    expect((await batch("show", "app-0")).stdout).not.toContain(
      "aren't the campaign's\n",
    );
  });

  test("applies what was reviewed where only other files have moved on", async () => {
    const [target] = await repositories(1);
    if (target === undefined) throw new Error("no repository");
    const { batch } = campaign();
    await planned(batch);
    await batch("approve", "--all");
    await commit(target, { "README.md": "newer\n" });
    expect((await batch("apply")).code).toBe(0);
    expect(await fileOn(target, branch, "README.md")).toBe("newer\n");
    expect(await fileOn(target, branch, "Dockerfile")).toBe(improved);
  });

  test("asks again where the Dockerfile has moved on to another change", async () => {
    const [target] = await repositories(1);
    if (target === undefined) throw new Error("no repository");
    const { batch } = campaign();
    await planned(batch);
    await batch("approve", "--all");
    await commit(target, { Dockerfile: `${improvable}RUN echo three\n` });
    expect((await batch("apply")).code).toBe(1);
    expect(target.requests).toEqual([]);
    expect(await states(batch)).toEqual({ planned: 1 });
  });

  test("waits in waves, and stops where checks are red", async () => {
    const targets = await repositories(5);
    const { batch } = campaign({ waves: [2] });
    await planned(batch);
    await batch("approve", "--all");
    for (const target of targets) target.checks = "pending";
    const first = await batch("apply");
    expect(first.code).toBe(1);
    expect(first.stderr).toContain("waits for the checks of 2 requests");
    expect(await states(batch)).toEqual({ open: 2, planned: 3 });

    for (const target of targets) target.checks = "red";
    const stopped = await batch("apply");
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain("has stopped: checks are red in 2 of 2 requests");
    expect(await states(batch)).toEqual({ open: 2, planned: 3 });

    expect((await batch("apply", "--resume")).code).toBe(0);
    expect(await states(batch)).toEqual({ open: 5 });
  });

  test("says when its budget lets the last request be opened", async () => {
    await repositories(3);
    const hosts = {
      [forge.host]: {
        forge: "github",
        api: forge.api,
        limits: { perMinute: 100, perHour: 2 },
      },
    };
    const space = campaign({ hosts });
    await planned(space.batch);
    await space.batch("approve", "--all");
    const apply = space.startBatch(["apply"], "pipe");
    let said = "";
    await new Promise<void>((resolve) => {
      apply.stderr?.on("data", (piece: Buffer) => {
        said += piece.toString();
        if (/allow the last of these requests at \d{4}-/.test(said)) resolve();
      });
    });
    apply.kill("SIGINT");
    expect(await new Promise((resolve) => apply.on("close", resolve))).toBe(130);
  });

  test.each([
    "after-bad-gateway",
    "bad-gateway",
    "after-cut",
    "secondary-limit",
  ] as const)("opens one request in spite of %s", async (kind) => {
    const [target] = await repositories(1);
    if (target === undefined) throw new Error("no repository");
    const { batch } = campaign();
    await planned(batch);
    await batch("approve", "--all");
    forge.spoil({ call: "create", kind });
    const apply = await batch("apply");
    expect(apply, apply.stderr).toMatchObject({ code: 0 });
    expect(target.requests).toHaveLength(1);
  });

  test("puts open requests on the newest commit", async () => {
    const [target] = await repositories(1);
    if (target === undefined) throw new Error("no repository");
    const { batch } = campaign();
    await planned(batch);
    await batch("approve", "--all");
    await batch("apply");
    await commit(target, { "README.md": "newer\n" });
    expect((await batch("update")).code).toBe(0);
    expect(await fileOn(target, branch, "README.md")).toBe("newer\n");
    expect(target.requests.map(({ state }) => state)).toEqual(["open"]);
  });
});
