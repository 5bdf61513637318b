import { expect, test } from "vitest";
import { openForge } from "../../src/batch/forges/open-forge.ts";
import { forgeKindOf, usualHost } from "../../src/batch/forges/tokens.ts";

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
