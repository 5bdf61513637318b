import { spawn, spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  cliPath,
  environment,
  improvable,
  workspace,
  type Workspace,
} from "../cli/workspace.ts";
import { gitServer, type GitServer } from "../batch/git-server.ts";

const names = Array.from({ length: 12 }, (_, index) => `acme/app-${index}`);

async function listed(): Promise<{ server: GitServer; space: Workspace }> {
  const server = await gitServer();
  for (const name of names) await server.create(name, { Dockerfile: improvable });
  const list = names.map((name) => `${server.url(name)}\n`).join("");
  return { server, space: workspace({ "list.txt": list }) };
}

const planWords = ["batch", "plan", "--from", "list.txt", "--cache", "cache", "--json"];

test("several plans at once on one cache wait for each other", async () => {
  const { server, space } = await listed();
  const stores = ["a.sqlite", "b.sqlite", "c.sqlite"];
  for (let round = 0; round < 3; round += 1) {
    const results = await Promise.all(
      stores.map((store) => space.run([...planWords, "--store", store])),
    );
    for (const result of results) {
      expect(result, result.stderr).toMatchObject({ code: 0, stderr: "" });
      expect(JSON.parse(result.stdout)).toMatchObject({
        planned: names.length,
        failed: 0,
        figures: { byState: { planned: names.length } },
      });
    }
    for (const name of names) {
      await server.commit(name, { Dockerfile: `${improvable}RUN echo ${round}\n` });
    }
  }
}, 60_000);

test("locks that a killed git has left keep nobody from planning", async () => {
  const { server, space } = await listed();
  expect((await space.run(planWords)).code).toBe(0);
  const mirrors = readdirSync(space.path("cache/mirrors"), { recursive: true }).filter(
    (name) => String(name).endsWith(".git"),
  );
  expect(mirrors).toHaveLength(names.length);
  const [first = ""] = mirrors;
  const folder = join(space.path("cache/mirrors"), String(first));
  writeFileSync(join(folder, "shallow.lock"), "");
  writeFileSync(join(folder, "refs/dockerslim/head.lock"), "");
  for (const name of names) {
    await server.commit(name, { Dockerfile: `${improvable}RUN echo three\n` });
  }
  const again = await space.run(planWords);
  expect(again, again.stderr).toMatchObject({ code: 0 });
}, 60_000);

const hasTerminal = spawnSync("script", ["--version"]).status === 0;

test.skipIf(!hasTerminal)("on a terminal, a plan says when it will be done", async () => {
  const { space } = await listed();
  const words = [process.execPath, cliPath, ...planWords, "--jobs", "1"];
  const child = spawn("script", ["-qec", words.join(" "), "/dev/null"], {
    cwd: space.root,
    env: environment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let shown = "";
  child.stdout.on("data", (piece: Buffer) => (shown += piece.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(0);
  expect(shown).toMatch(/\d+ of 12 repositories, done at about \d\d:\d\d:\d\d/);
});
