import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Forge } from "../../src/batch/forges/forge.ts";
import { openForge } from "../../src/batch/forges/open-forge.ts";
import { branchHead } from "../forge/repositories.ts";
import { startTestForge, type TestForge } from "../forge/test-forge.ts";

const run = promisify(execFile);
let server: TestForge;
let folder: string;

beforeAll(async () => {
  server = await startTestForge("github");
  folder = mkdtempSync(join(tmpdir(), "dockerslim-github-"));
});
afterEach(() => {
  expect(server.problems).toEqual([]);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function opened(env: NodeJS.ProcessEnv, host = server.host): Promise<Forge> {
  const outcome = await openForge("github", host, { api: server.api, env });
  if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}

const place = { owner: "acme", name: "app" };

async function passwordFor(env: NodeJS.ProcessEnv, host?: string): Promise<string> {
  const outcome = await (await opened(env, host)).gitCredentials(place);
  return "value" in outcome ? outcome.value.password : outcome.failure.message;
}

test("takes the variables in the order in which gh takes them", async () => {
  const env = {
    GH_TOKEN: "first",
    GITHUB_TOKEN: "second",
    GH_ENTERPRISE_TOKEN: "third",
    GITHUB_ENTERPRISE_TOKEN: "fourth",
  };
  expect(await passwordFor(env, "github.com")).toBe("first");
  expect(await passwordFor({ ...env, GH_TOKEN: " " }, "github.com")).toBe("second");
  expect(await passwordFor(env, "acme.ghe.com")).toBe("first");
  expect(await passwordFor(env)).toBe("third");
  expect(await passwordFor({ ...env, GH_ENTERPRISE_TOKEN: "" })).toBe("fourth");
});

test("never gives the token for github.com to another host", async () => {
  const env = { GH_TOKEN: "first", GITHUB_TOKEN: "second", PATH: "/nonexistent" };
  const outcome = await openForge("github", server.host, { api: server.api, env });
  expect(outcome).toMatchObject({ failure: { class: "unauthorized" } });
});

test("asks gh for the host's token", async () => {
  const program = join(folder, "bin", "gh");
  mkdirSync(join(folder, "bin"));
  writeFileSync(
    program,
    '#!/bin/sh\n[ "$*" = "auth token --hostname $HOST" ] && echo "$TOKEN"\n',
  );
  chmodSync(program, 0o755);
  const env = {
    PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
    HOST: server.host,
    TOKEN: server.token,
  };
  const forge = await opened(env);
  expect(await forge.identity()).toEqual({ value: "bot" });
});

test("works as an App, with a token for each owner", async () => {
  await server.addRepository("acme/app", { files: { Dockerfile: "FROM alpine\n" } });
  await server.addRepository("ann/tool", { files: { Dockerfile: "FROM alpine\n" } });
  await server.addRepository("other/thing");
  server.state.people.add("ann");
  const forge = await opened(server.addApp(["acme", "ann"]));
  expect(await forge.identity()).toEqual({ value: "app/1000" });
  for (const owner of ["acme", "ann"]) {
    const names = [];
    for await (const one of forge.repositories(owner, undefined)) {
      names.push("value" in one ? one.value.owner : one.failure.message);
    }
    expect(names).toEqual([owner]);
  }
  const all = await Promise.all([1, 2, 3].map(() => forge.repository(place)));
  expect(all).toMatchObject(all.map(() => ({ value: place })));
  const tokens = server.calls.filter(({ name }) => name === "token");
  expect(tokens).toHaveLength(2);
  const foreign = await forge.repository({ owner: "other", name: "thing" });
  expect(foreign).toMatchObject({ failure: { class: "not-found" } });
});

test("renews an App's token before it ends, and when it isn't accepted any more", async () => {
  const minute = 60_000;
  const made = () => server.calls.filter(({ name }) => name === "token").length;
  const short = await opened(server.addApp(["acme"], 5 * minute));
  const before = made();
  const first = await short.gitCredentials(place);
  const second = await short.gitCredentials(place);
  expect(second).not.toEqual(first);
  expect(made() - before).toBe(2);

  const forge = await opened(server.addApp(["acme"], 60 * minute));
  expect(await forge.repository(place)).toMatchObject({ value: place });
  const present = made();
  server.expireTokens();
  const all = await Promise.all([1, 2, 3].map(() => forge.repository(place)));
  expect(all).toMatchObject(all.map(() => ({ value: place })));
  expect(made() - present).toBe(1);
  server.state.tokens.set(server.token, { login: "bot", expiresAt: Infinity });
});

test("says what is wrong with an App's key, and shows nothing of it", async () => {
  const key = "-----BEGIN RSA PRIVATE KEY-----\\ncanary\\n-----END RSA PRIVATE KEY-----";
  const wrong = [
    { GITHUB_APP_ID: "1" },
    { GITHUB_APP_ID: "1", GITHUB_APP_PRIVATE_KEY_FILE: join(folder, "none.pem") },
    { GITHUB_APP_ID: "1", GITHUB_APP_PRIVATE_KEY: key },
  ];
  for (const env of wrong) {
    const outcome = await openForge("github", server.host, { api: server.api, env });
    const failed = "value" in outcome ? await outcome.value.repository(place) : outcome;
    expect(failed).toMatchObject({ failure: { class: "unauthorized" } });
    expect(JSON.stringify(failed)).toContain("GITHUB_APP_PRIVATE_KEY");
    expect(JSON.stringify(failed)).not.toContain("canary");
  }
});

test("reads an App's key from a file", async () => {
  const { GITHUB_APP_PRIVATE_KEY: key = "", ...env } = server.addApp(["acme"]);
  const file = join(folder, "app.pem");
  writeFileSync(file, key);
  const forge = await opened({ ...env, GITHUB_APP_PRIVATE_KEY_FILE: file });
  expect(await forge.repository(place)).toMatchObject({ value: place });
});

test("gives git what it needs to clone and to push", async () => {
  const repository = await server.addRepository("acme/cloned", {
    files: {
      Dockerfile: "FROM alpine\n",
      "bin/run.sh": { text: "true\n", mode: "100755" },
    },
  });
  const forge = await opened(server.env);
  const found = await forge.repository(repository);
  const credentials = await forge.gitCredentials(repository);
  if (!("value" in found && "value" in credentials))
    throw new Error("There is no access.");
  const { username, password } = credentials.value;
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  const environment = {
    ...process.env,
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
  const git = (...words: string[]) => run("git", words, { env: environment });
  const clone = join(folder, "clone");
  const { cloneUrl } = found.value;
  await git(
    "clone",
    "--quiet",
    "--bare",
    "--depth=1",
    "--filter=blob:none",
    cloneUrl,
    clone,
  );
  const { stdout } = await git("-C", clone, "rev-parse", "HEAD");
  const lease = "--force-with-lease=refs/heads/slim:";
  await git(
    "-C",
    clone,
    "push",
    "--quiet",
    lease,
    cloneUrl,
    `${stdout.trim()}:refs/heads/slim`,
  );
  expect(await branchHead(repository, "slim")).toBe(stdout.trim());
  const again = ["-C", clone, "push", lease, cloneUrl, "HEAD:refs/heads/slim"];
  await expect(git(...again, "--force")).resolves.toBeDefined();
  environment.GIT_CONFIG_VALUE_0 = "Authorization: Basic eDp5";
  await expect(git("ls-remote", cloneUrl)).rejects.toThrow(
    /Authentication failed|could not read/,
  );
  server.spoil({ call: "fetch", kind: "bad-gateway" });
  await expect(git("ls-remote", cloneUrl)).rejects.toThrow(/502/);
});
