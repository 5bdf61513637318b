import { execFile } from "node:child_process";
import { CallError } from "./call.ts";
import type { ForgeKind } from "./forge.ts";
import type { ForgeSettings } from "./open-forge.ts";

/** Hosts whose kind needs no setting. */
const publicHosts: Readonly<Record<string, ForgeKind>> = {
  "github.com": "github",
  "gitlab.com": "gitlab",
  "codeberg.org": "gitea",
};

const hostVariables: Readonly<Record<ForgeKind, string>> = {
  github: "GH_HOST",
  gitlab: "GITLAB_HOST",
  gitea: "GITEA_HOST",
};

type CampaignHosts = Readonly<Record<string, { readonly forge: ForgeKind }>>;

/**
 * @param hosts Those of the campaign, which come first.
 * @returns Undefined where nothing says what forge the host is.
 */
export function forgeKindOf(
  host: string,
  hosts: CampaignHosts,
  env: NodeJS.ProcessEnv = process.env,
): ForgeKind | undefined {
  const set = Object.hasOwn(hosts, host) ? hosts[host]?.forge : undefined;
  if (set !== undefined) return set;
  if (Object.hasOwn(publicHosts, host)) return publicHosts[host];
  // github.com's customers with data residency.
  if (host.endsWith(".ghe.com")) return "github";
  const kinds = Object.keys(hostVariables) as ForgeKind[];
  return kinds.find((kind) => hostOf(kind, env) === host);
}

/** The host that a kind of forge means where none is named. */
export function usualHost(
  kind: ForgeKind,
  hosts: CampaignHosts,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const set = Object.keys(hosts).find((host) => hosts[host]?.forge === kind);
  const known = Object.keys(publicHosts).find((host) => publicHosts[host] === kind);
  return hostOf(kind, env) ?? set ?? known ?? "";
}

/** The host that the environment names for a kind of forge; GITLAB_HOST may be an address. */
function hostOf(kind: ForgeKind, env: NodeJS.ProcessEnv): string | undefined {
  const value = env[hostVariables[kind]]?.trim() ?? "";
  const host = value.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return host === "" ? undefined : host.toLowerCase();
}

/** The first of some variables that has a value. */
export function firstSet(
  env: NodeJS.ProcessEnv,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

/** What `gh` has stored for a host; undefined where it has nothing or isn't installed. */
export function ghToken(
  host: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const words = ["auth", "token", "--hostname", host];
    execFile("gh", words, { env, timeout: 10_000 }, (error, stdout) => {
      const token = stdout.trim();
      resolve(error === null && token !== "" ? token : undefined);
    });
  });
}

/**
 * The token in a variable that the campaign names for a host. No other one will do, since it
 * would be another host's.
 *
 * @returns undefined where the campaign names none
 * @throws {CallError} of class unauthorized
 */
export function namedToken(
  host: string,
  env: NodeJS.ProcessEnv,
  name: string | undefined,
): string | undefined {
  if (name === undefined) return undefined;
  const token = firstSet(env, [name]);
  if (token !== undefined) return token;
  throw new CallError(
    "unauthorized",
    `there is no token for ${host}: ${name} isn't set`,
    `Set ${name}, which the campaign names for ${host}.`,
  );
}

/** Names of tokens that belong to one host: the one that is set, else the public one. */
const tokenVariables = { gitlab: "GITLAB_TOKEN", gitea: "GITEA_TOKEN" } as const;

/**
 * The token for a host, which no other host ever gets.
 *
 * @throws {CallError} of class unauthorized
 */
export function tokenOf(
  kind: keyof typeof tokenVariables,
  host: string,
  { env = process.env, tokenEnv }: Pick<ForgeSettings, "env" | "tokenEnv">,
  hint: string,
): string {
  const named = namedToken(host, env, tokenEnv);
  if (named !== undefined) return named;
  const token = firstSet(env, [tokenVariables[kind]]);
  if (token !== undefined && usualHost(kind, {}, env) === host) return token;
  throw new CallError("unauthorized", `there is no token for ${host}`, hint);
}
