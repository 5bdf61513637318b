import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type {
  ChangeRequest,
  Forge,
  ForgeKind,
  NewChangeRequest,
} from "../../src/batch/forges/forge.ts";
import { openForge } from "../../src/batch/forges/open-forge.ts";
import type { Outcome, StepFailure } from "../../src/batch/target-state.ts";
import type { FaultKind } from "../forge/faults.ts";
import { branchHead, closeRequest, commit, fileOn } from "../forge/repositories.ts";
import type { TestRepository } from "../forge/repositories.ts";
import { startTestForge, type TestForge } from "../forge/test-forge.ts";

/** Faults that end by a time-out only. */
const endless = new Set<FaultKind>(["hang", "after-hang", "slow-body"]);
const kinds: readonly ForgeKind[] = ["github", "gitlab", "gitea"];
const branch = "dockerslim/slim";

function valueOf<T>(outcome: Outcome<T>): T {
  if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}

function failureOf(outcome: Outcome<unknown>): StepFailure {
  if ("failure" in outcome) return outcome.failure;
  throw new Error(`It went well: ${JSON.stringify(outcome.value)}`);
}

describe.each(kinds)("%s", (kind) => {
  let server: TestForge;
  let forge: Forge;
  /** Doesn't wait long, for calls that get no answer. */
  let impatient: Forge;
  let count = 0;

  beforeAll(async () => {
    server = await startTestForge(kind);
    forge = await opened(20_000);
    impatient = await opened(1000);
  });
  afterEach(() => {
    expect(server.problems).toEqual([]);
  });
  afterAll(async () => {
    await server.close();
  });

  const opened = async (timeout: number) => {
    const settings = { api: server.api, env: server.env, timeout, pause: 5 };
    return valueOf(await openForge(kind, server.host, settings));
  };

  /** A repository of its own for a test, with a change on the campaign's branch. */
  const changed = async (owner = "acme"): Promise<TestRepository> => {
    count += 1;
    const repository = await server.addRepository(`${owner}/app-${count}`, {
      files: { Dockerfile: "FROM alpine\n" },
    });
    await commit(repository, { Dockerfile: "FROM alpine:3\n" }, branch);
    return repository;
  };

  const wanted: NewChangeRequest = {
    branch,
    base: "main",
    title: "Smaller images",
    body: "With *less* in them.",
    draft: false,
  };

  const requested = async (): Promise<[TestRepository, ChangeRequest]> => {
    const repository = await changed();
    return [repository, valueOf(await forge.createRequest(repository, wanted))];
  };

  test("says who calls", async () => {
    expect(await forge.identity()).toEqual({ value: "bot" });
  });

  test("lists an owner's repositories, page after page, by topic too", async () => {
    const names = ["one", "two", "three", "four", "five"];
    for (const name of names) {
      await server.addRepository(`listed/${name}`, {
        archived: name === "two",
        fork: name === "three",
        language: "Go",
        topics: name === "four" ? ["images", "go"] : [],
      });
    }
    server.state.pageLimit = 2;
    const list = async (topic?: string) => {
      const found = [];
      for await (const one of forge.repositories("listed", topic))
        found.push(valueOf(one));
      return found;
    };
    const found = await list();
    server.state.pageLimit = 100;
    expect(found.map(({ name }) => name)).toEqual(names);
    expect(found[1]).toMatchObject({ archived: true, fork: false });
    expect(found[2]).toMatchObject({ archived: false, fork: true });
    expect(found[0]).toMatchObject({
      owner: "listed",
      cloneUrl: `http://${server.host}/listed/one.git`,
      defaultBranch: "main",
    });
    expect((await list("Images")).map(({ name }) => name)).toEqual(["four"]);
  });

  test("lists what a person has", async () => {
    await server.addRepository("bot/mine", { private: true });
    const found = [];
    for await (const one of forge.repositories("bot", undefined))
      found.push(valueOf(one));
    expect(found.map(({ name }) => name)).toEqual(["mine"]);
  });

  test("says that an owner can't be listed", async () => {
    server.spoil({ call: "list", kind: "forbidden" });
    const found = [];
    for await (const one of forge.repositories("listed", undefined)) found.push(one);
    expect(found.map(failureOf)).toMatchObject([{ class: "unauthorized", step: "list" }]);
  });

  test("knows a repository that has another name now", async () => {
    const repository = await changed();
    const old = { owner: repository.owner, name: repository.name };
    server.rename(repository, "acme/renamed");
    const failure = failureOf(await forge.repository(old));
    expect(failure).toMatchObject({ class: "moved", step: "repository" });
    expect(failure.message).toContain("acme/renamed");
    expect(failureOf(await forge.createRequest(old, wanted)).class).toBe("moved");
    expect(valueOf(await forge.repository({ owner: "acme", name: "renamed" })).name).toBe(
      "renamed",
    );
  });

  test("doesn't find what isn't there", async () => {
    const failure = failureOf(await forge.repository({ owner: "acme", name: "none" }));
    expect(failure).toMatchObject({ class: "not-found", step: "repository" });
  });

  test.each([
    "http://169.254.169.254/latest/meta-data",
    "file:///etc",
    "ssh://inner/x",
    "ext::sh -c id",
  ])("refuses a repository whose address is %s", async (cloneUrl) => {
    const repository = await changed();
    repository.cloneUrl = cloneUrl;
    expect(failureOf(await forge.repository(repository)).class).toBe("hostile");
  });

  test("goes to no other host, wherever it is sent", async () => {
    const repository = await changed();
    server.spoil({ call: "repository", kind: "redirect-away" });
    expect(failureOf(await forge.repository(repository)).class).toBe("hostile");
    server.spoil({ call: "create", kind: "redirect-away" });
    expect(failureOf(await forge.createRequest(repository, wanted)).class).toBe("moved");
  });

  test("opens a request, finds it again, and changes its texts", async () => {
    const repository = await changed();
    expect(await forge.requestsOf(repository, branch)).toEqual({ value: [] });
    const made = valueOf(await forge.createRequest(repository, wanted));
    expect(made).toMatchObject({
      number: 1,
      state: "open",
      title: wanted.title,
      body: wanted.body,
      draft: false,
      head: await branchHead(repository, branch),
    });
    expect(await forge.requestsOf(repository, branch)).toEqual({ value: [made] });
    expect(await forge.requestsOf(repository, "other")).toEqual({ value: [] });
    const texts = { title: "Even smaller images", body: "" };
    const updated = valueOf(await forge.updateRequest(repository, 1, texts));
    expect(updated).toEqual({ ...made, ...texts });
  });

  test("opens a draft", async () => {
    const repository = await changed();
    const made = valueOf(
      await forge.createRequest(repository, { ...wanted, draft: true }),
    );
    expect(made).toMatchObject({ draft: true, title: wanted.title });
    expect(repository.requests[0]).toMatchObject({ draft: true });
  });

  test("adds labels and reviewers, and doesn't mind to do it again", async () => {
    const [repository, { number }] = await requested();
    const teams = kind === "gitlab" ? [] : ["ops"];
    const extras = {
      labels: ["docker", "size & speed"],
      reviewers: ["ann", ...teams.map((name) => `team:${name}`)],
    };
    for (let round = 0; round < 2; round += 1) {
      expect(await forge.addToRequest(repository, number, extras)).toEqual({
        value: undefined,
      });
    }
    expect([...(repository.requests[0]?.labels ?? [])]).toEqual(extras.labels);
    expect([...(repository.requests[0]?.reviewers ?? [])]).toEqual(["ann"]);
    expect([...(repository.requests[0]?.teams ?? [])]).toEqual(teams);
  });

  test("doesn't open a second request", async () => {
    const [repository] = await requested();
    const failure = failureOf(await forge.createRequest(repository, wanted));
    expect(failure).toMatchObject({ class: "invalid", step: "request" });
    expect(failure.message).toMatch(/already exists/);
    expect(repository.requests).toHaveLength(1);
  });

  test("says that a branch is missing or has nothing new", async () => {
    const repository = await changed();
    const none = { ...wanted, branch: "none" };
    const missing = failureOf(await forge.createRequest(repository, none));
    expect(missing.class).toBe(kind === "gitea" ? "not-found" : "invalid");
    const same = { ...wanted, branch: "main" };
    expect(failureOf(await forge.createRequest(repository, same)).class).toBe("invalid");
  });

  test("closes a request once, with one comment", async () => {
    const [repository, { number }] = await requested();
    for (let round = 0; round < 2; round += 1) {
      const closed = valueOf(await forge.closeRequest(repository, number, "Not needed."));
      expect(closed.state).toBe("closed");
    }
    expect(repository.requests[0]?.comments).toEqual(["Not needed."]);
  });

  test("sees that a person has closed a request", async () => {
    const [repository] = await requested();
    for (const request of repository.requests) await closeRequest(repository, request);
    const [found] = valueOf(await forge.requestsOf(repository, branch));
    expect(found?.state).toBe("closed");
  });

  test.each(["merge", "squash", "rebase"] as const)("merges by %s", async (method) => {
    const [repository, { number, head }] = await requested();
    await commit(repository, { "README.md": "Read me\n" });
    const merged = valueOf(await forge.mergeRequest(repository, number, head, method));
    expect(merged.state).toBe("merged");
    expect(await fileOn(repository, "main", "Dockerfile")).toBe("FROM alpine:3\n");
    expect(await fileOn(repository, "main", "README.md")).toBe("Read me\n");
    const [found] = valueOf(await forge.requestsOf(repository, branch));
    expect(found?.state).toBe("merged");
  });

  test("merges only the commit that was checked", async () => {
    const [repository, { number, head }] = await requested();
    await commit(repository, { Dockerfile: "FROM evil\n" }, branch);
    const failure = failureOf(
      await forge.mergeRequest(repository, number, head, "squash"),
    );
    expect(failure).toMatchObject({ class: "invalid", step: "merge" });
    expect(await fileOn(repository, "main", "Dockerfile")).toBe("FROM alpine\n");
  });

  test.each(["none", "pending", "green", "red"] as const)(
    "sees %s checks",
    async (checks) => {
      const [repository, { head }] = await requested();
      repository.checks = checks;
      for (const by of ["run", "status"] as const) {
        repository.checksBy = by;
        expect(await forge.checksOf(repository, head)).toEqual({ value: checks });
      }
    },
  );

  test("doesn't write into an archived repository", async () => {
    const repository = await changed();
    repository.archived = true;
    expect(valueOf(await forge.repository(repository)).archived).toBe(true);
    expect(failureOf(await forge.createRequest(repository, wanted)).class).toBe(
      "archived",
    );
  });

  type Judged = readonly [FaultKind, StepFailure["class"], number | undefined];
  const judged: readonly Judged[] = [
    ["secondary-limit", "rate-limited", 7000],
    ["secondary-limit-bare", "rate-limited", 60_000],
    ["spent", "rate-limited", 59_000],
    ["too-many", "rate-limited", 3000],
    ["unauthorized", "unauthorized", undefined],
    ["forbidden", "unauthorized", undefined],
    ["not-found", "not-found", undefined],
    ["gone", "archived", undefined],
    ["conflict", "invalid", undefined],
    ["unprocessable", "invalid", undefined],
    ["bad-gateway", "unavailable", undefined],
    ["after-bad-gateway", "unavailable", undefined],
    ["cut", "unavailable", undefined],
    ["after-cut", "unavailable", undefined],
    ["hang", "unavailable", undefined],
    ["after-hang", "unavailable", undefined],
    ["slow-body", "unavailable", undefined],
    ["not-json", "unavailable", undefined],
    ["huge", "unavailable", undefined],
    ["redirect-away", "moved", undefined],
    ["redirect-same", "moved", undefined],
  ];

  test.each(judged)(
    "takes %s for %s and doesn't repeat it",
    async (fault, name, wait) => {
      const repository = await changed();
      const before = server.calls.length;
      server.spoil({ call: "create", kind: fault });
      const caller = endless.has(fault) ? impatient : forge;
      const failure = failureOf(await caller.createRequest(repository, wanted));
      expect(failure).toMatchObject({ class: name, step: "request" });
      expect(failure.message).toContain(server.host);
      if (wait === undefined) expect(failure.retryAfter).toBeUndefined();
      else expect(Math.abs((failure.retryAfter ?? 0) - wait)).toBeLessThanOrEqual(1500);
      const calls = server.calls.slice(before).filter((call) => call.name === "create");
      expect(calls).toHaveLength(1);
      const made = fault.startsWith("after-") ? 1 : 0;
      await vi.waitFor(() => {
        expect(repository.requests).toHaveLength(made);
      });
    },
  );

  test.each(["bad-gateway", "cut", "hang"] as const)(
    "asks again after %s",
    async (fault) => {
      const [repository, made] = await requested();
      const caller = endless.has(fault) ? impatient : forge;
      server.spoil({ call: "requests", kind: fault });
      expect(await caller.requestsOf(repository, branch)).toEqual({ value: [made] });
      server.spoil({ call: "requests", kind: fault, times: 3 });
      const failure = failureOf(await caller.requestsOf(repository, branch));
      expect(failure.class).toBe("unavailable");
    },
  );

  test("leaves rate limits to those who keep the budget", async () => {
    const [repository] = await requested();
    const before = server.calls.length;
    server.spoil({ call: "requests", kind: "too-many" });
    expect(failureOf(await forge.requestsOf(repository, branch)).class).toBe(
      "rate-limited",
    );
    expect(server.calls.length - before).toBe(1);
  });

  test("shows no token, whatever the forge says", async () => {
    const repository = await changed();
    const said: unknown[] = [];
    for (const fault of ["echo", "unauthorized", "not-json", "cut", "hang"] as const) {
      server.spoil({ call: "create", kind: fault });
      const caller = endless.has(fault) ? impatient : forge;
      said.push(await caller.createRequest(repository, wanted));
      server.spoil({
        call: "repository",
        kind: fault,
        times: endless.has(fault) ? 1 : 3,
      });
      said.push(await caller.repository(repository));
    }
    expect(JSON.stringify(said)).toContain("[token]");
    expect(JSON.stringify(said)).not.toContain(server.token);
    expect(server.calls.map(({ path }) => path).join()).not.toContain(server.token);
  });

  test("says what to do without a token", async () => {
    const env = { PATH: "/nonexistent" };
    const failure = failureOf(
      await openForge(kind, server.host, { api: server.api, env }),
    );
    expect(failure).toMatchObject({ class: "unauthorized", step: "open" });
    expect(failure.hint).toMatch(/TOKEN/);
  });

  test("sends no token by plain HTTP to another machine", async () => {
    const settings = { api: "http://forge.example.com/api", env: server.env };
    const failure = failureOf(await openForge(kind, server.host, settings));
    expect(failure).toMatchObject({ class: "invalid", step: "open" });
  });
});
