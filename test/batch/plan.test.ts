import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { improvable, workspace, type Workspace } from "../cli/workspace.ts";
import { git, gitServer } from "./git-server.ts";

interface PlanJson {
  readonly planned: number;
  readonly same: number;
  readonly failed: number;
  readonly sourceFailures: readonly { readonly where: string; readonly class: string }[];
  readonly figures: {
    readonly byState: Readonly<Record<string, number>>;
    readonly files: number;
    readonly groups: number;
    readonly savedBytes: number;
    readonly reasons: readonly {
      readonly class: string | null;
      readonly message: string;
    }[];
  };
}

async function plan(space: Workspace, ...words: string[]) {
  const env = { XDG_CACHE_HOME: space.path("cache") };
  const result = await space.run(["batch", "plan", "--json", ...words], { env });
  const report =
    result.stdout === "" ? undefined : (JSON.parse(result.stdout) as PlanJson);
  return { ...result, report };
}

function rows(space: Workspace, query: string): unknown[] {
  const database = new Database(space.path("dockerslim-batch.sqlite"));
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}

test("a plan fetches Dockerfiles alone, and only where the head has moved", async () => {
  const server = await gitServer();
  await server.create("acme/one", {
    "services/api/Dockerfile": improvable,
    "Dockerfile.prod": { text: improvable, mode: "100755" },
    "src/large.txt": "x".repeat(200_000),
  });
  await server.create("acme/two", { Dockerfile: "FROM alpine:3.20\n" });
  const space = workspace({
    "list.txt": `# all\n${server.url("acme/one")}\n\n${server.url("acme/two")} # fine\n`,
  });
  const first = await plan(space, "--from", "list.txt", "--check");
  expect(first.report).toMatchObject({
    planned: 2,
    figures: { byState: { planned: 1, unchanged: 1 }, files: 2, groups: 1 },
  });
  expect(first.code).toBe(1);
  // The same text under the same rules is one result, whatever its name and mode.
  expect(rows(space, "select status from result where status = 'changed'")).toHaveLength(
    1,
  );
  expect(rows(space, "select path, mode from file order by path")).toEqual([
    { path: "Dockerfile", mode: "100644" },
    { path: "Dockerfile.prod", mode: "100755" },
    { path: "services/api/Dockerfile", mode: "100644" },
  ]);
  const large = (
    await git(server.folder("acme/one"), "rev-parse", "main:src/large.txt")
  ).trim();
  const mirrors = readdirSync(space.path("cache"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".git"))
    .map((path) => join(space.path("cache"), path));
  expect(mirrors).toHaveLength(2);
  for (const mirror of mirrors) {
    const environment = { ...process.env, GIT_DIR: mirror, GIT_NO_LAZY_FETCH: "1" };
    expect(() =>
      execFileSync("git", ["cat-file", "-e", large], {
        env: environment,
        stdio: "ignore",
      }),
    ).toThrow();
  }

  await server.commit("acme/two", { Dockerfile: improvable });
  server.requests.length = 0;
  const second = await plan(space);
  expect(second.report).toMatchObject({ planned: 1, same: 1, figures: { files: 3 } });
  const fetched = server.requests.filter((path) => path.endsWith("/git-upload-pack"));
  expect(fetched.filter((path) => path.startsWith("/acme/one/"))).toHaveLength(1);
});

test("a server without filters serves whole commits", async () => {
  const server = await gitServer();
  await server.create("acme/old", { Dockerfile: improvable, "other.txt": "x" });
  await git(server.folder("acme/old"), "config", "uploadpack.allowFilter", "false");
  const space = workspace({ list: server.url("acme/old") });
  const { report } = await plan(space, "--from", "list");
  expect(report).toMatchObject({ failed: 0, figures: { files: 1 } });
  // One to look for the head, one for the commit; the blobs are there already.
  expect(server.requests.filter((path) => path.includes("info/refs"))).toHaveLength(2);
});

test("one broken repository never stops the others", async () => {
  const server = await gitServer();
  await server.create("acme/fine", { Dockerfile: improvable });
  const space = workspace({
    list: [
      server.url("acme/none"),
      "https://me:s3cret@example.org/acme/private",
      "ftp://example.org/acme/app",
      "http://10.0.0.1/acme/app",
      "https://-oProxyCommand=x/acme/app",
      "./nowhere",
      server.url("acme/fine"),
    ].join("\n"),
  });
  const { code, report, stdout, stderr } = await plan(space, "--from", "list");
  expect(code).toBe(2);
  expect(report).toMatchObject({
    failed: 1,
    figures: {
      byState: { failed: 1, planned: 1 },
      reasons: [{ class: "not-found" }],
    },
  });
  expect(report?.sourceFailures.map(({ where }) => where)).toEqual([
    "list:2",
    "list:3",
    "list:4",
    "list:5",
    "list:6",
  ]);
  expect(stdout + stderr).not.toContain("s3cret");
  expect(stderr).toContain(`${server.host}/acme/none: fetch: `);
  const files = readdirSync(space.root).filter((name) => name.includes("sqlite"));
  for (const name of files) {
    expect(readFileSync(space.path(name), "latin1")).not.toContain("s3cret");
  }
});

test("a redirect is refused, and its target not asked", async () => {
  const [server, inner] = [await gitServer(), await gitServer()];
  await server.create("acme/app", { Dockerfile: improvable });
  await inner.create("secret/app", { Dockerfile: improvable });
  server.redirect("acme/app", inner.url("secret/app"));
  const space = workspace({ list: server.url("acme/app") });
  const { code, report } = await plan(space, "--from", "list");
  expect(code).toBe(2);
  expect(report?.figures.reasons).toMatchObject([{ class: "moved" }]);
  expect(inner.requests).toEqual([]);
});

test("a repository's own config can only tighten, and opts out", async () => {
  const server = await gitServer();
  const recommends = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n";
  await server.create("acme/tight", {
    Dockerfile: improvable,
    ".dockerslim.json": '{ "skip": ["merge-runs"], "unsafe": true }',
    "free/Dockerfile": improvable,
    "free/.dockerslim.json": "{}",
    "unsafe/Dockerfile": recommends,
    "unsafe/.dockerslim.json": '{ "only": ["no-recommends"] }',
  });
  await server.create("acme/out", {
    "app/Dockerfile": improvable,
    ".dockerslim.json": '{ "batch": false }',
    "app/.dockerslim.json": "{}",
  });
  await server.create("acme/broken", {
    Dockerfile: improvable,
    ".dockerslim.json": '{\n  "skipp": []\n}',
  });
  await server.create("acme/deep", {
    Dockerfile: improvable,
    ".dockerslim.json": "[".repeat(200_000),
  });
  const names = ["tight", "out", "broken", "deep"];
  const space = workspace({
    list: names.map((name) => server.url(`acme/${name}`)).join("\n"),
  });
  const { code, report } = await plan(space, "--from", "list");
  expect(code).toBe(0);
  expect(report?.figures.byState).toEqual({ planned: 1, skipped: 3 });
  const changed = `select path from file join result on digest = result
    where status = 'changed' order by path`;
  expect(rows(space, changed)).toEqual([{ path: "free/Dockerfile" }]);
  const messages = report?.figures.reasons.map(({ message }) => message).sort();
  expect(messages?.[0]).toContain("batch: false");
  expect(messages?.[2]).toContain('.dockerslim.json:2:3: "skipp" is not a known key');
});

test("other rules plan everything again; the same rules nothing", async () => {
  const server = await gitServer();
  await server.create("acme/app", { Dockerfile: improvable });
  const space = workspace({ list: server.url("acme/app") });
  await plan(space, "--from", "list");
  const other = await plan(space, "--skip", "merge-runs");
  expect(other.report).toMatchObject({ planned: 1, figures: { files: 0 } });
  const again = await plan(space);
  expect(again.report).toMatchObject({ same: 1, figures: { files: 0 } });
});

test("filters leave repositories and files out, and let them in again", async () => {
  const server = await gitServer();
  await server.create("acme/app", {
    Dockerfile: improvable,
    "old/Dockerfile": improvable,
  });
  await server.create("acme/legacy", { Dockerfile: improvable });
  const space = workspace({
    list: `${server.url("acme/app")}\n${server.url("acme/legacy")}\n`,
    "campaign.json": `{
      // Comments are fine.
      "name": "Smaller images",
      "filters": { "exclude": ["/legacy$"], "ignore": ["old/"] },
    }`,
  });
  const words = ["--from", "list", "--campaign", "campaign.json"];
  const first = await plan(space, ...words);
  expect(first.report?.figures).toMatchObject({
    byState: { planned: 1, skipped: 1 },
    files: 1,
  });
  expect(rows(space, "select branch from campaign")).toEqual([
    { branch: "dockerslim/smaller-images" },
  ]);
  const second = await plan(space, ...words, "--exclude", "/app$");
  expect(second.report?.figures.byState).toEqual({ planned: 1, skipped: 1 });
  expect(rows(space, "select name from target where state = 'planned'")).toEqual([
    { name: "legacy" },
  ]);
});

test.each([
  ['{ "waves": "5" }', 'campaign.json:1:12: "waves" is "5"; expected a list'],
  ['{\n  "wavs": [5]\n}', 'campaign.json:2:3: "wavs" is not a known key'],
  ['{ "branch": "a..b" }', '"branch" is "a..b"; expected the name of a branch'],
  ['{ "rules": { "only": ["merge-run"] } }', 'Did you mean "merge-runs"?'],
  ['{ "filters": { "include": ["("] } }', '"filters.include" has an expression'],
  ['{ "windows": [{ "days": ["mon"], "from": "9", "to": "17:00" }] }', "a time of day"],
  ['{ "rules": [] }', '"rules" is a list; expected an object'],
])("a mistake in a campaign is shown where it is: %s", async (text, message) => {
  const space = workspace({ "campaign.json": text, list: "" });
  const { code, stderr } = await plan(
    space,
    ...["--from", "list", "--campaign", "campaign.json"],
  );
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test("a dry run stores nothing", async () => {
  const server = await gitServer();
  await server.create("acme/app", { Dockerfile: improvable });
  const space = workspace({ list: server.url("acme/app") });
  const dry = await plan(space, "--from", "list", "--dry-run");
  expect(dry.report?.figures.files).toBe(1);
  expect(existsSync(space.path("dockerslim-batch.sqlite"))).toBe(false);
  await plan(space, "--from", "list");
  const before = rows(space, "select * from event");
  await server.commit("acme/app", { Dockerfile: "FROM alpine\n" });
  const again = await plan(space, "--dry-run");
  expect(again.stderr).toBe("");
  expect(again.report?.figures).toMatchObject({ files: 0, byState: { unchanged: 1 } });
  expect(rows(space, "select * from event")).toEqual(before);
});

test("a repository with SHA-256 objects is planned like any other", async () => {
  const server = await gitServer();
  const folder = server.folder("acme/modern");
  execFileSync("git", [
    "init",
    "-q",
    "--bare",
    "--object-format=sha256",
    "-b",
    "main",
    folder,
  ]);
  execFileSync("git", ["-C", folder, "config", "uploadpack.allowFilter", "true"]);
  await server.commit("acme/modern", { Dockerfile: improvable });
  const space = workspace({ list: server.url("acme/modern") });
  const { report } = await plan(space, "--from", "list");
  expect(report).toMatchObject({ failed: 0, figures: { files: 1 } });
});

test("the text for people says what to do next", async () => {
  const server = await gitServer();
  await server.create("acme/app", {
    Dockerfile: improvable,
    [join("b", "Dockerfile")]: "RUN\n",
  });
  const space = workspace({ list: server.url("acme/app") });
  const { stdout, code } = await space.run(
    ["batch", "plan", "--from", "list", "--cache", "mirrors"],
    {},
  );
  expect(code).toBe(0);
  expect(stdout).toBe(
    `1 repository: 1 would change.
1 looked at, 0 not moved since the last plan.
1 file in 1 group.
1 file left alone: Docker can't read them either.
Next: \`dockerslim batch groups\`, or \`batch review\`.
`,
  );
  expect(existsSync(space.path("mirrors/mirrors"))).toBe(true);
});
