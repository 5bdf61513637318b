import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openForge } from "../../src/batch/forges/open-forge.ts";
import { forgeKindOf, usualHost } from "../../src/batch/forges/tokens.ts";
import { improvable, workspace } from "../cli/workspace.ts";
import { startTestForge } from "../forge/test-forge.ts";

const none: NodeJS.ProcessEnv = {};

test("knows the kind of a host from itself, the campaign and the environment", () => {
  const hosts = { "code.example.com": { forge: "gitea" } } as const;
  const env = {
    GH_HOST: "git.example.com",
    GITLAB_HOST: "https://Lab.example.com:8443/",
  };
  expect(forgeKindOf("github.com", {}, none)).toBe("github");
  expect(forgeKindOf("acme.ghe.com", {}, none)).toBe("github");
  expect(forgeKindOf("gitlab.com", {}, none)).toBe("gitlab");
  expect(forgeKindOf("codeberg.org", {}, none)).toBe("gitea");
  expect(forgeKindOf("code.example.com", hosts, env)).toBe("gitea");
  expect(forgeKindOf("git.example.com", hosts, env)).toBe("github");
  expect(forgeKindOf("lab.example.com:8443", hosts, env)).toBe("gitlab");
  expect(forgeKindOf("lab.example.com", hosts, env)).toBeUndefined();
  expect(forgeKindOf("constructor", hosts, env)).toBeUndefined();
});

test("lists on the host that is set, else on the public one", () => {
  const hosts = { "code.example.com": { forge: "gitlab" } } as const;
  expect(usualHost("gitlab", hosts, { GITLAB_HOST: "lab.example.com" })).toBe(
    "lab.example.com",
  );
  expect(usualHost("gitlab", hosts, none)).toBe("code.example.com");
  expect(usualHost("github", hosts, none)).toBe("github.com");
});

test.each(["gitlab", "gitea"] as const)(
  "gives the token of %s to its own host only",
  async (kind) => {
    const [host, hostName, tokenName] =
      kind === "gitlab"
        ? ["gitlab.com", "GITLAB_HOST", "GITLAB_TOKEN"]
        : ["codeberg.org", "GITEA_HOST", "GITEA_TOKEN"];
    const place = { owner: "acme", name: "app" };
    const access = async (where: string, env: NodeJS.ProcessEnv) => {
      const opened = await openForge(kind, where, {
        env: { [tokenName]: "secret", ...env },
      });
      if ("failure" in opened) return opened.failure.class;
      const credentials = await opened.value.gitCredentials(place);
      return "value" in credentials ? credentials.value.password : "";
    };
    expect(await access(host, {})).toBe("secret");
    expect(await access("inner.example.com", {})).toBe("unauthorized");
    const inner = { [hostName]: "inner.example.com" };
    expect(await access("inner.example.com", inner)).toBe("secret");
    expect(await access(host, inner)).toBe("unauthorized");
  },
);

test.each(["github", "gitlab", "gitea"] as const)(
  "takes the token of each %s from the variable that the campaign names for it",
  async (kind) => {
    const usual = {
      github: { GH_ENTERPRISE_TOKEN: "usual", GITHUB_APP_ID: "1" },
      gitlab: { GITLAB_TOKEN: "usual", GITLAB_HOST: "two.example.com" },
      gitea: { GITEA_TOKEN: "usual", GITEA_HOST: "two.example.com" },
    }[kind];
    const passwordAt = async (host: string, env: NodeJS.ProcessEnv, tokenEnv: string) => {
      const opened = await openForge(kind, host, { env: { ...usual, ...env }, tokenEnv });
      if ("failure" in opened) return opened.failure;
      const place = { owner: "acme", name: "app" };
      const credentials = await opened.value.gitCredentials(place);
      return "value" in credentials ? credentials.value.password : "";
    };
    const env = { ONE_TOKEN: "first", TWO_TOKEN: "second" };
    expect(await passwordAt("one.example.com", env, "ONE_TOKEN")).toBe("first");
    expect(await passwordAt("two.example.com", env, "TWO_TOKEN")).toBe("second");
    // The usual one is another host's, so that it doesn't stand in.
    expect(await passwordAt("two.example.com", {}, "TWO_TOKEN")).toMatchObject({
      class: "unauthorized",
      message: expect.stringContaining("TWO_TOKEN isn't set") as string,
    });
  },
);

test("a campaign names the variable of a token, and not a token", async () => {
  const space = workspace();
  const campaignOf = (tokenEnv: string) =>
    JSON.stringify({ hosts: { "one.example.com": { forge: "gitlab", tokenEnv } } });
  space.write("good.json", campaignOf("ONE_TOKEN"));
  space.write("bad.json", campaignOf("glpat_abcdefghij0123456789"));
  space.write("list", "");
  const plan = (file: string) =>
    space.run(["batch", "plan", "--from", "list", "--campaign", file]);
  expect((await plan("good.json")).code).toBe(0);
  const { code, stderr } = await plan("bad.json");
  expect(code).toBe(2);
  expect(stderr).toContain("the name of an environment variable");
  expect(stderr).not.toContain("abcdefghij");
});

test("two hosts of one kind are called with a token each", async () => {
  const forges = [await startTestForge("gitlab"), await startTestForge("gitlab")];
  try {
    const hosts: Record<string, object> = {};
    const env: NodeJS.ProcessEnv = {};
    for (const [index, forge] of forges.entries()) {
      await forge.addRepository("acme/app", { files: { Dockerfile: improvable } });
      const tokenEnv = `LAB_${index}_TOKEN`;
      hosts[forge.host] = { forge: "gitlab", api: forge.api, tokenEnv };
      env[tokenEnv] = forge.token;
    }
    const space = workspace({
      "campaign.json": JSON.stringify({ hosts }),
      list: forges.map(({ host }) => `http://${host}/acme/app\n`).join(""),
    });
    const batch = (...words: readonly string[]) =>
      space.run(["batch", ...words, "--cache", "cache"], { env });
    await batch("plan", "--from", "list", "--campaign", "campaign.json");
    await space.run(["batch", "approve", "--all"]);
    const apply = await batch("apply");
    expect(apply, apply.stderr).toMatchObject({ code: 0 });
    for (const forge of forges) {
      expect(forge.state.repositories.flatMap(({ requests }) => requests)).toHaveLength(
        1,
      );
      expect(forge.problems).toEqual([]);
    }
    const store = space.path("dockerslim-batch.sqlite");
    for (const { token } of forges)
      expect(readFileSync(store, "latin1")).not.toContain(token);
  } finally {
    for (const forge of forges) await forge.close();
  }
});
