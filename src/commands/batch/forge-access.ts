import type { CampaignSettings } from "../../batch/campaign/settings.ts";
import type { Forge, ForgeKind } from "../../batch/forges/forge.ts";
import { openForge } from "../../batch/forges/open-forge.ts";
import { forgeKindOf, usualHost } from "../../batch/forges/tokens.ts";
import type { PlanContext } from "../../batch/plan/plan-target.ts";
import type { SourceContext } from "../../batch/sources/sources.ts";
import type { Outcome } from "../../batch/target-state.ts";

interface ForgeAccess
  extends
    Pick<SourceContext, "forgeKindOf" | "listRepositories">,
    Pick<PlanContext, "credentialsFor"> {
  /** The same one each time, since it keeps the tokens that it got. */
  readonly forgeAt: (kind: ForgeKind, host: string) => Promise<Outcome<Forge>>;
}

/** The forges of a campaign, by its hosts and the environment. */
export function forgeAccess({ hosts }: Pick<CampaignSettings, "hosts">): ForgeAccess {
  const opened = new Map<string, Promise<Outcome<Forge>>>();
  const forgeAt = (kind: ForgeKind, host: string) => {
    const key = `${kind} ${host}`;
    const present = opened.get(key);
    if (present !== undefined) return present;
    const own = Object.hasOwn(hosts, host) ? hosts[host] : undefined;
    const made = openForge(kind, host, { api: own?.api, tokenEnv: own?.tokenEnv });
    opened.set(key, made);
    return made;
  };
  return {
    forgeAt,
    forgeKindOf: (host) => forgeKindOf(host, hosts),
    async *listRepositories(kind, owner, topic) {
      const host = usualHost(kind, hosts);
      const forge = await forgeAt(kind, host);
      if ("failure" in forge) {
        yield forge;
        return;
      }
      for await (const found of forge.value.repositories(owner, topic)) {
        yield "failure" in found ? found : { value: { host, repository: found.value } };
      }
    },
    async credentialsFor({ forge: kind, host, owner, name }) {
      if (kind === null) return { value: undefined };
      const forge = await forgeAt(kind, host);
      if ("value" in forge) return forge.value.gitCredentials({ owner, name });
      // Without a token, git's own credential helpers may know the host, or it is public.
      return forge.failure.class === "unauthorized" ? { value: undefined } : forge;
    },
  };
}
