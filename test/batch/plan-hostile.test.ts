import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import Database from "libsql";
import { expect, test } from "vitest";
import { environment, improvable, improved, workspace } from "../cli/workspace.ts";
import { git as bareGit, gitServer } from "./git-server.ts";

const branch = "dockerslim/dockerslim";

function git(
  folder: string,
  words: readonly string[],
  input: string | Buffer = "",
): string {
  return execFileSync("git", ["-C", folder, ...words], {
    env: environment(),
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  }).trim();
}

function commitAll(folder: string): void {
  git(folder, ["init", "-q", "-b", "main"]);
  git(folder, ["add", "-A"]);
  git(folder, ["commit", "-q", "-m", "Begin"]);
}

/** Ways in which a repository's own settings have programs run; `touch` is such a program. */
const settings: Readonly<Record<string, (touch: string, folder: string) => string>> = {
  "hooks in its own folder": (touch, folder) => {
    hooks(join(folder, ".git/hooks"), touch);
    return "";
  },
  "hooks elsewhere": (touch, folder) => {
    hooks(join(folder, "hooks"), touch);
    return `[core]\n\thooksPath = ${join(folder, "hooks")}\n`;
  },
  fsmonitor: (touch) => `[core]\n\tfsmonitor = ${touch}\n`,
  filters: (touch, folder) => {
    mkdirSync(join(folder, ".git/info"), { recursive: true });
    writeFileSync(join(folder, ".git/info/attributes"), "* filter=evil diff=evil\n");
    return [
      `[filter "evil"]\n\tclean = ${touch}\n\tsmudge = ${touch}\n\tprocess = ${touch}`,
      `\trequired = true\n[diff "evil"]\n\ttextconv = ${touch}\n\tcommand = ${touch}\n`,
    ].join("\n");
  },
  "an included file": (touch, folder) => {
    const path = join(folder, ".git/more");
    writeFileSync(path, `[core]\n\tfsmonitor = ${touch}\n\tpager = ${touch}\n`);
    return `[includeIf "gitdir:/"]\n\tpath = ${path}\n`;
  },
  "pager, editor and askpass": (touch) =>
    `[core]\n\tpager = ${touch}\n\teditor = ${touch}\n\taskPass = ${touch}\n\talternateRefsCommand = ${touch}\n[pager]\n\trev-parse = ${touch}\n\tls-tree = ${touch}\n`,
  signing: (touch) =>
    `[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = ${touch}\n[gpg "ssh"]\n\tprogram = ${touch}\n\tdefaultKeyCommand = ${touch}\n`,
  "a promisor": (touch) =>
    `[extensions]\n\tpartialClone = origin\n[core]\n\tsshCommand = ${touch}\n\tgitProxy = ${touch}\n[remote "origin"]\n\turl = ext::${touch}\n\tpromisor = true\n\tuploadpack = ${touch}\n\tvcs = evil\n[credential]\n\thelper = !${touch}\n[protocol "ext"]\n\tallow = always\n[uploadpack]\n\tpackObjectsHook = ${touch}\n`,
  aliases: (touch) =>
    `[alias]\n\trev-parse = !${touch}\n\tls-tree = !${touch}\n\tworktree = !${touch}\n[trace2]\n\teventTarget = ${touch}\n`,
};

function hooks(folder: string, touch: string): void {
  mkdirSync(folder, { recursive: true });
  const names = [
    "reference-transaction",
    "post-commit",
    "pre-commit",
    "post-index-change",
  ];
  for (const name of names) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${touch}\n`);
    chmodSync(join(folder, name), 0o755);
  }
}

test("nothing that a clone's own settings name is run", async () => {
  const names = Object.keys(settings);
  const folderOf = (name: string) => `clones/${name.replaceAll(" ", "-")}`;
  const space = workspace(
    Object.fromEntries(
      names.flatMap((name) => [
        [`${folderOf(name)}/Dockerfile`, improvable],
        [`${folderOf(name)}/other.txt`, "other\n"],
      ]),
    ),
  );
  for (const name of names) {
    const folder = space.path(folderOf(name));
    commitAll(folder);
    const touch = join(folder, ".git/touch");
    writeFileSync(touch, `#!/bin/sh\n: > '${folder}/pwned'\n`);
    chmodSync(touch, 0o755);
    const more = settings[name]?.(touch, folder) ?? "";
    // A blob that isn't here would be fetched by a promisor.
    const other = git(folder, ["rev-parse", "HEAD:other.txt"]);
    rmSync(join(folder, ".git/objects", other.slice(0, 2), other.slice(2)));
    writeFileSync(join(folder, ".git/config"), `[core]\n\tbare = false\n${more}`);
  }
  const planned = await space.run(["batch", "plan", "--from", "clones"]);
  expect(planned.stdout).toContain(`${names.length} files in 1 group`);
  expect((await space.run(["batch", "approve", "--all", "--yes"])).code).toBe(0);
  const applied = await space.run(["batch", "apply", "--local"]);
  expect(applied.stderr).toBe("");
  expect(applied.code).toBe(0);
  const pwned = names.filter((name) => existsSync(space.path(`${folderOf(name)}/pwned`)));
  expect(pwned).toEqual([]);
  for (const name of names) {
    const folder = space.path(folderOf(name));
    writeFileSync(join(folder, ".git/config"), "");
    rmSync(join(folder, ".git/hooks"), { recursive: true, force: true });
    expect(git(folder, ["show", `${branch}:Dockerfile`])).toBe(improved.trim());
  }
});

test("odd names are rewritten where they are; links, submodules and others aren't", async () => {
  const odd = [
    "a\nb/Dockerfile",
    '"quoted"/Dockerfile',
    "-x/Dockerfile",
    "tab\there/Dockerfile.dev",
    "ünïcode/*?[x]/Dockerfile",
    " /Dockerfile",
  ];
  const space = workspace(
    Object.fromEntries(odd.map((path) => [`clones/app/${path}`, improvable])),
  );
  const folder = space.path("clones/app");
  mkdirSync(join(folder, "link"), { recursive: true });
  symlinkSync("/etc/passwd", join(folder, "link/Dockerfile"));
  mkdirSync(join(folder, "node_modules/x"), { recursive: true });
  writeFileSync(join(folder, "node_modules/x/Dockerfile"), improvable);
  mkdirSync(join(folder, "large"));
  writeFileSync(
    join(folder, "large/Dockerfile"),
    `FROM alpine\n${"# x\n".repeat(400_000)}`,
  );
  mkdirSync(join(folder, "latin1"));
  writeFileSync(
    join(folder, "latin1/Dockerfile"),
    Buffer.from("FROM alpine\n# \xe9\nRUN a\nRUN b\n", "latin1"),
  );
  mkdirSync(Buffer.from(`${folder}/bytes\xff`, "latin1"));
  writeFileSync(Buffer.from(`${folder}/bytes\xff/Dockerfile`, "latin1"), improvable);
  commitAll(folder);
  const head = git(folder, ["rev-parse", "HEAD"]);
  git(folder, [
    ...["update-index", "--add", "--cacheinfo"],
    `160000,${head},module/Dockerfile`,
  ]);
  git(folder, ["commit", "-q", "-m", "Submodule"]);

  const planned = await space.run(["batch", "plan", "--from", "clones"]);
  expect(planned.stdout).toContain("6 files in 1 group");
  const database = new Database(space.path("dockerslim-batch.sqlite"));
  const event = database
    .prepare("select detail from event where kind = 'planned'")
    .get() as { detail: string };
  database.close();
  const { reasons } = JSON.parse(event.detail) as {
    reasons: readonly { path: string; reason: string }[];
  };
  expect(reasons.map(({ path, reason }) => `${dirname(path)}: ${reason}`).sort()).toEqual(
    [
      "bytes\uFFFD: its name isn't UTF-8",
      "large: it has 1600012 bytes, which no Dockerfile has",
      "latin1: the file is not valid UTF-8",
      "link: it is a symbolic link",
      "module: it is a submodule",
    ],
  );
  await space.run(["batch", "approve", "--all"]);
  expect((await space.run(["batch", "apply", "--local"])).code).toBe(0);
  const changed = git(folder, ["diff", "--name-status", "-z", "main", branch]);
  expect(
    changed
      .split("\0")
      .filter((part) => part.length > 1)
      .sort(),
  ).toEqual([...odd].sort());
});

test("a tree that leads out of the repository, or has a file twice, is refused", async () => {
  const space = workspace({ "clones/app/Dockerfile": improvable });
  const folder = space.path("clones/app");
  commitAll(folder);
  const blob = git(folder, ["rev-parse", "HEAD:Dockerfile"]);
  const entry = (mode: string, name: string, id: string) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]);
  const tree = (...entries: readonly Buffer[]) =>
    git(
      folder,
      ["hash-object", "-t", "tree", "-w", "--literally", "--stdin"],
      Buffer.concat(entries),
    );
  const commit = (name: string, id: string) => {
    const made = git(folder, ["commit-tree", id, "-m", "x"]);
    git(folder, ["update-ref", `refs/heads/${name}`, made]);
  };
  const file = entry("100644", "Dockerfile", blob);
  const inner = tree(file);
  commit("main", tree(entry("40000", "..", inner), entry("40000", ".git", inner), file));
  const planned = await space.run(["batch", "plan", "--from", "clones"]);
  expect(planned.stdout).toContain("1 file in 1 group");
  await space.run(["batch", "approve", "--all"]);
  await space.run(["batch", "apply", "--local"]);
  expect(readdirSync(space.path("clones"))).toEqual(["app"]);

  commit("main", tree(file, file));
  const twice = await space.run([
    "batch",
    "plan",
    "--store",
    "other",
    "--from",
    "clones",
  ]);
  expect(twice.code).toBe(2);
  expect(twice.stderr).toContain("clones/app: plan: its tree has a file twice");
});

test("what a mirror's server says can't make git run or fetch anything else", async () => {
  const server = await gitServer();
  await server.create("acme/app", {
    Dockerfile: improvable,
    ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ext::touch pwned\n',
    ".gitattributes": "* filter=evil\n",
    ".lfsconfig": "[lfs]\n\turl = http://127.0.0.1:1/\n",
  });
  await bareGit(server.folder("acme/app"), "symbolic-ref", "HEAD", "refs/heads/main");
  const space = workspace({ list: server.url("acme/app") });
  const { code, stdout } = await space.run(
    ["batch", "plan", "--from", "list", "--cache", "cache"],
    {
      env: {
        // A template of the user's with a hook in it is not for mirrors.
        GIT_TEMPLATE_DIR: space.path("template"),
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "core.fsmonitor",
        GIT_CONFIG_VALUE_0: `touch ${space.path("pwned")}`,
      },
    },
  );
  expect(stdout).toContain("1 file in 1 group");
  expect(code).toBe(0);
  expect(existsSync(space.path("pwned"))).toBe(false);
});
