import { setTimeout as sleep } from "node:timers/promises";
import type { Campaign } from "../campaign/save-campaign.ts";
import type { Forge } from "../forges/forge.ts";
import { mirrorOf } from "../git/mirror.ts";
import type { Person } from "../git/write-commit.ts";
import { remoteOf } from "../plan/read-target.ts";
import type { Handler, HandlerResult, Target } from "../store/queue.ts";
import type { Store } from "../store/store.ts";
import type { Outcome, StepFailure } from "../target-state.ts";
import { advance, type Advance } from "./advance.ts";
import { changeFor } from "./approved-change.ts";
import { approvals, type Approved } from "./approved-files.ts";
import {
  commitLog,
  failureChanges,
  record,
  recordConflict,
  recordRequest,
} from "./record.ts";
import type { Spend } from "./request.ts";

/** What the handler of a campaign's targets works with. */
export interface ApplyContext {
  readonly store: Store;
  readonly campaign: Campaign;
  /** Folder of the mirrors. */
  readonly cache: string;
  readonly committer: Person;
  /** The same forge for the same host, so that its tokens are asked for once. */
  readonly forgeOf: (target: Target) => Promise<Outcome<Forge>>;
  /** Waits until calls fit into the host's budget, which all processes share. */
  readonly spend: (forge: Forge, calls: number, signal: AbortSignal) => Promise<void>;
  /** Plans a target afresh and stores what came of it. */
  readonly planAgain: (target: Target) => Promise<void>;
  /** Told of each target that got anywhere. */
  readonly onDone: (target: Target, advance: Advance) => void;
}

/** So often a server may be out of reach before its repositories count as failed. */
const maxAttempts = 5;
const firstPause = 2000;

/** Brings a planned repository to its request; what was begun by anybody is gone on with. */
export function applyHandler(context: ApplyContext): Handler {
  return async (target, signal) => {
    const { store } = context;
    const approval = (await approvals(store, [target.key])).get(target.key);
    // Somebody may have changed their mind since it was put into the queue.
    if (approval?.kind !== "approved") return undefined;
    const forge = await context.forgeOf(target);
    const outcome =
      "failure" in forge
        ? ({ kind: "failed", failure: forge.failure } as const)
        : await advanceTarget(context, target, forge.value, approval, signal);
    signal.throwIfAborted();
    const again = await settle(context, target, outcome);
    if (again === undefined) context.onDone(target, outcome);
    return again;
  };
}

async function advanceTarget(
  context: ApplyContext,
  target: Target,
  forge: Forge,
  approval: Approved,
  signal: AbortSignal,
): Promise<Advance> {
  const { store, cache } = context;
  const remote = await remoteOf(target, {
    credentialsFor: () => forge.gitCredentials(target),
    signal,
  });
  if ("failure" in remote) return { kind: "failed", failure: remote.failure };
  const spend: Spend = (calls) => context.spend(forge, calls, signal);
  return advance(
    {
      forge,
      owner: target.owner,
      name: target.name,
      mirror: mirrorOf(cache, target.url),
      remote: remote.value,
      log: commitLog(store, target.key),
      spend,
      onPushed: (commit) =>
        record(store, target.key, { state: "pushed", branch_head: commit }, "pushed", {
          commit,
        }),
    },
    changeFor(context.campaign, context.committer, approval),
  );
}

/** Stores what came of it, and says when to go on. */
async function settle(
  { store, planAgain }: ApplyContext,
  target: Target,
  outcome: Advance,
): Promise<HandlerResult> {
  switch (outcome.kind) {
    case "request": {
      await recordRequest(store, target.key, outcome.request);
      return undefined;
    }
    case "moved":
      await record(store, target.key, { state: "planned", head: "" }, "moved");
      await planAgain({ ...target, state: "planned", head: "" });
      // Where the change is still the approved one, it goes on at once.
      return { again: Date.now() };
    case "conflicted":
      await recordConflict(store, target.key, outcome.failure);
      return undefined;
    case "failed":
      return settleFailure(store, target, outcome.failure);
  }
}

async function settleFailure(
  store: Store,
  target: Target,
  failure: StepFailure,
): Promise<HandlerResult> {
  const attempts = target.attempts + 1;
  if (failure.class === "rate-limited") {
    // The host's limits are nobody's fault, and are over at some time.
    const pause = failure.retryAfter ?? firstPause * 2 ** Math.min(attempts, 8);
    await record(store, target.key, { attempts }, "waiting", { pause });
    return { again: Date.now() + pause };
  }
  if (failure.class === "unavailable" && attempts < maxAttempts) {
    await record(store, target.key, { attempts }, "waiting", {
      message: failure.message,
    });
    return { again: Date.now() + firstPause * 2 ** attempts };
  }
  const changes = { ...failureChanges(failure), attempts };
  await record(store, target.key, changes, "failed", failure);
  return undefined;
}

/** Ends early where the process is to end. */
export async function waitUntil(time: number, signal: AbortSignal): Promise<void> {
  const pause = time - Date.now();
  if (pause > 0) await sleep(pause, undefined, { signal });
}
