import { readFileSync } from "node:fs";
import { createAppAuth } from "@octokit/auth-app";
import * as v from "valibot";
import { answer } from "./answers.ts";
import { CallError } from "./call.ts";
import type { GitHubClient } from "./github-client.ts";
import { orElse } from "./rest.ts";
import { firstSet, ghToken, namedToken } from "./tokens.ts";

/** Who calls GitHub. */
export interface GitHubAccess {
  /** Undefined for a token, which GitHub has to be asked about. */
  readonly app: string | undefined;
  /**
   * @param owner whose repositories the token is for
   * @param used a token that GitHub doesn't accept any more
   */
  readonly token: (owner: string, used?: string) => Promise<string>;
  readonly secrets: () => readonly string[];
}

/** Two names each, in the order in which `gh` takes them. */
function tokenVariables(host: string): readonly string[] {
  return host === "github.com" || host.endsWith(".ghe.com")
    ? ["GH_TOKEN", "GITHUB_TOKEN"]
    : ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
}

export function gitHubTokenHint(host: string): string {
  const [first, second] = tokenVariables(host);
  return `Set ${String(first)} or ${String(second)} to a token for ${host} that may write contents and pull requests, or run \`gh auth login --hostname ${host}\`.`;
}

/**
 * The token that the campaign names comes first, then an App's id and key, then tokens in
 * the order in which `gh` takes them.
 *
 * @param client Makes calls without any identity.
 * @throws {CallError} of class unauthorized
 */
export async function gitHubAccess(
  host: string,
  {
    env,
    tokenEnv,
  }: { readonly env: NodeJS.ProcessEnv; readonly tokenEnv: string | undefined },
  client: GitHubClient,
): Promise<GitHubAccess> {
  const named = namedToken(host, env, tokenEnv);
  if (named !== undefined) return tokenAccess(named);
  const appId = firstSet(env, ["GITHUB_APP_ID"]);
  if (appId !== undefined) return appAccess(appId, privateKey(env), client);
  const token = firstSet(env, tokenVariables(host)) ?? (await ghToken(host, env));
  if (token === undefined) {
    throw new CallError(
      "unauthorized",
      `there is no token for ${host}`,
      gitHubTokenHint(host),
    );
  }
  return tokenAccess(token);
}

function tokenAccess(token: string): GitHubAccess {
  return {
    app: undefined,
    token: () => Promise.resolve(token),
    secrets: () => [token],
  };
}

const keyHint =
  "Set GITHUB_APP_PRIVATE_KEY to the App's key, or GITHUB_APP_PRIVATE_KEY_FILE to its file.";

function privateKey(env: NodeJS.ProcessEnv): string {
  const text = firstSet(env, ["GITHUB_APP_PRIVATE_KEY"]);
  // Where only one line is possible, people write \n.
  if (text !== undefined) return text.replaceAll("\\n", "\n");
  const file = firstSet(env, ["GITHUB_APP_PRIVATE_KEY_FILE"]);
  if (file === undefined) {
    throw new CallError(
      "unauthorized",
      "GITHUB_APP_ID is set, but no private key",
      keyHint,
    );
  }
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new CallError(
      "unauthorized",
      "GITHUB_APP_PRIVATE_KEY_FILE can't be read",
      keyHint,
    );
  }
}

interface InstallationToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A token has to last for what is begun with it: a push over a slow line, say. */
const reserve = 10 * 60 * 1000;

const installation = v.object({ id: v.number() });
const newToken = v.object({
  token: v.pipe(v.string(), v.nonEmpty()),
  expires_at: v.pipe(v.string(), v.isoTimestamp()),
});

/**
 * Tokens of an App's installations, one for each owner. Tokens are asked for here rather than
 * by auth-app, whose memory of calls under way knows an installation's number only, which two
 * hosts may have in common.
 */
function appAccess(appId: string, key: string, client: GitHubClient): GitHubAccess {
  const quiet = { warn: () => undefined };
  const app = createAppAuth({ appId, privateKey: key, log: quiet });
  const secrets = new Set<string>();
  const installations = new Map<string, number>();
  const tokens = new Map<string, InstallationToken>();
  const underWay = new Map<string, Promise<InstallationToken>>();

  const asApp = async () => {
    try {
      const { token } = await app({ type: "app" });
      return { authorization: `bearer ${token}` };
    } catch {
      // The library's message may hold parts of the key.
      throw new CallError("unauthorized", "the App's private key isn't one", keyHint);
    }
  };

  const installationOf = async (owner: string): Promise<number> => {
    const known = installations.get(owner);
    if (known !== undefined) return known;
    const headers = await asApp();
    const { data } = await orElse(
      () => client.request("GET /orgs/{org}/installation", { org: owner, headers }),
      () =>
        client.request("GET /users/{username}/installation", {
          username: owner,
          headers,
        }),
    );
    const { id } = answer(installation, data);
    installations.set(owner, id);
    return id;
  };

  const renewed = async (owner: string): Promise<InstallationToken> => {
    const { data } = await client.request(
      "POST /app/installations/{installation_id}/access_tokens",
      { installation_id: await installationOf(owner), headers: await asApp() },
    );
    const { token, expires_at: end } = answer(newToken, data);
    const made = { token, expiresAt: Date.parse(end) };
    secrets.add(token);
    tokens.set(owner, made);
    return made;
  };

  return {
    app: appId,
    secrets: () => [...secrets],
    token: async (owner, used) => {
      const key = owner.toLowerCase();
      const present = tokens.get(key);
      if (present !== undefined && present.token !== used) {
        if (present.expiresAt - Date.now() > reserve) return present.token;
      }
      const call = underWay.get(key) ?? renewed(key);
      underWay.set(key, call);
      try {
        return (await call).token;
      } finally {
        underWay.delete(key);
      }
    },
  };
}
