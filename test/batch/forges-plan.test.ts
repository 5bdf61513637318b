import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestForge, type TestForge } from "../forge/test-forge.ts";

const cli = join(import.meta.dirname, "../../dist/cli.js");
let folder: string;
let server: TestForge;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dockerslim-forges-"));
});
afterEach(async () => {
  expect(server.problems).toEqual([]);
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Finished {
  readonly code: number;
  readonly output: string;
}

function plan(words: readonly string[]): Promise<Finished> {
  const hosts = { [server.host]: { forge: server.kind, api: server.api } };
  writeFileSync(join(folder, "campaign.json"), JSON.stringify({ hosts }));
  const command = [cli, "batch", "plan", "--campaign", "campaign.json", ...words];
  const env = { ...server.env, HOME: folder, XDG_CACHE_HOME: join(folder, "cache") };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: folder, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, output: stdout + stderr });
    });
  });
}

/** Everything that a run has left behind. */
function written(): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}

const fat = "FROM alpine\nRUN apk add curl\nRUN apk add jq\n";

describe.each(["github", "gitlab", "gitea"] as const)("%s", (kind) => {
  test("plans what an owner has, and leaves the token nowhere", async () => {
    server = await startTestForge(kind);
    await server.addRepository("acme/fat", { files: { Dockerfile: fat } });
    await server.addRepository("acme/old", {
      files: { Dockerfile: fat },
      archived: true,
    });
    await server.addRepository("acme/lean", { files: { "README.md": "Read me\n" } });
    const { code, output } = await plan(["--from", `${kind}:acme`, "--json"]);
    expect(output).not.toContain(server.token);
    expect(written()).not.toContain(server.token);
    expect(written()).toContain(`${server.host}/acme/fat`);
    expect(code, output).toBe(0);
    const fetched = server.calls.filter(({ name }) => name === "fetch");
    expect(fetched.some(({ path }) => path.startsWith("/acme/fat"))).toBe(true);
    expect(fetched.some(({ path }) => path.startsWith("/acme/old"))).toBe(false);
  });
});

test("says what is wrong with the token, without showing it", async () => {
  server = await startTestForge("github");
  await server.addRepository("acme/fat", { files: { Dockerfile: fat } });
  server.expireTokens();
  const { code, output } = await plan(["--from", "github:acme"]);
  expect(code).toBe(2);
  expect(output).toContain("401");
  expect(output).toContain("GH_ENTERPRISE_TOKEN");
  expect(output).not.toContain(server.token);
  expect(written()).not.toContain(server.token);
});
