import { resolve } from "node:path";
import { readStoredCampaign, type Campaign } from "../../batch/campaign/save-campaign.ts";
import { committerFor } from "../../batch/apply/approved-change.ts";
import type { ApplyContext } from "../../batch/apply/handler.ts";
import { waitUntil } from "../../batch/apply/handler.ts";
import type { Forge } from "../../batch/forges/forge.ts";
import { defaultCache } from "../../batch/git/mirror.ts";
import { planTarget } from "../../batch/plan/plan-target.ts";
import { savePlan } from "../../batch/plan/save-plan.ts";
import { startPlanning, type Planning } from "../../batch/plan/start-planning.ts";
import { estimateEnd, reserveSlot, type Budget } from "../../batch/store/budget.ts";
import type { Target } from "../../batch/store/queue.ts";
import type { Store } from "../../batch/store/store.ts";
import type { Outcome } from "../../batch/target-state.ts";
import { watchSignals } from "../interruption.ts";
import type { CommonOptions } from "./batch-command.ts";
import { forgeAccess } from "./forge-access.ts";
import { withStore, type Session } from "./with-store.ts";

/** A session of a command that calls forges. */
export interface ForgeSession extends Session {
  readonly campaign: Campaign;
  readonly planning: Planning;
  readonly cache: string;
  /** Aborted on Ctrl-C; what has been begun ends where it can go on the next time. */
  readonly signal: AbortSignal;
  readonly forgeOf: (target: Target) => Promise<Outcome<Forge>>;
  readonly spend: ApplyContext["spend"];
  /** When so many calls have been made, in milliseconds since 1970. */
  readonly endOf: (forge: Forge, calls: number) => Promise<number>;
  readonly planAgain: ApplyContext["planAgain"];
  readonly committer: () => Promise<Outcome<ApplyContext["committer"]>>;
}

export interface ForgeOptions extends CommonOptions {
  readonly cache?: string;
}

/** GitHub's documented limits for calls that create something; others state none. */
const usualLimits = { perMinute: 80, perHour: 500 };

/** Opens the store and its campaign, does the work, and returns the exit code. */
export async function withForges(
  options: ForgeOptions,
  work: (session: ForgeSession) => Promise<number>,
): Promise<number> {
  return withStore(options, "existing", async (session) => {
    const { store, fail, say } = session;
    const campaign = await readStoredCampaign(store.db);
    if (campaign === undefined) {
      return fail("nothing has been planned yet", "Run `dockerslim batch plan --from …`");
    }
    const interruption = watchSignals();
    interruption.finishCurrentWork();
    const aborted = new AbortController();
    interruption.onSignal(() => {
      aborted.abort();
    });
    const { signal } = aborted;
    const { settings } = campaign;
    const cache = resolve(options.cache ?? defaultCache());
    const access = forgeAccess(settings);
    const planning = await startPlanning(store, settings, {
      cache,
      credentialsFor: access.credentialsFor,
      signal,
    });
    try {
      const code = await work({
        ...session,
        campaign,
        planning,
        cache,
        signal,
        forgeOf: (target) => {
          // The store may be older than the setting that says what the host is.
          const kind = target.forge ?? access.forgeKindOf(target.host);
          return kind === undefined
            ? Promise.resolve(unknownForge(target.host))
            : access.forgeAt(kind, target.host);
        },
        spend: spender(store, campaign),
        endOf: async (forge, calls) =>
          estimateEnd(store, await budgetOf(forge, campaign), calls),
        planAgain: (target) => planAndSave(store, planning, target),
        committer: () => committerFor(campaign),
      });
      const stopped = interruption.exitCode();
      if (stopped === undefined) return code;
      await say("Interrupted; the next run goes on.\n");
      return stopped;
    } finally {
      planning.close();
    }
  });
}

/** Reserves each call before it is made, and waits for its time. */
function spender(store: Store, campaign: Campaign): ApplyContext["spend"] {
  return async (forge, calls, signal) => {
    const budget = await budgetOf(forge, campaign);
    for (let call = 0; call < calls; call += 1) {
      const { at } = await reserveSlot(store, budget);
      await waitUntil(at, signal);
    }
  };
}

async function budgetOf(forge: Forge, { settings }: Campaign): Promise<Budget> {
  const identity = await forge.identity();
  return {
    host: forge.host,
    identity: "value" in identity ? identity.value : "",
    limits: settings.hosts[forge.host]?.limits ?? usualLimits,
  };
}

async function planAndSave(
  store: Store,
  { context }: Planning,
  target: Target,
): Promise<void> {
  const plan = await planTarget(target, context);
  if (plan.kind === "same" || plan.kind === "interrupted") return;
  await store.transaction((transaction) => savePlan(transaction, target.key, plan));
}

function unknownForge(host: string): Outcome<Forge> {
  return {
    failure: {
      class: "no-forge",
      step: "open",
      message: `nothing says what kind of forge ${host} is`,
      hint: `Set "hosts": { "${host}": { "forge": "github" } } in the campaign, or gitlab or gitea`,
    },
  };
}
