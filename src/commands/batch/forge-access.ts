import type { CampaignSettings } from "../../batch/campaign/settings.ts";
import type { PlanContext } from "../../batch/plan/plan-target.ts";
import type { SourceContext } from "../../batch/sources/sources.ts";

export function forgeAccess(
  settings: CampaignSettings,
): Pick<SourceContext, "forgeKindOf" | "listRepositories"> &
  Pick<PlanContext, "credentialsFor"> {
  return {
    forgeKindOf: () => undefined,
    // eslint-disable-next-line @typescript-eslint/require-await
    async *listRepositories() {
      yield* [];
    },
    credentialsFor: () => Promise.resolve({ value: undefined }),
  };
}
