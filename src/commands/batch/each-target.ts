import { refresh } from "../../batch/follow/refresh.ts";
import type { Target } from "../../batch/store/queue.ts";
import type { StepFailure, TargetState } from "../../batch/target-state.ts";
import { printable } from "../../output/printable.ts";
import { sentences } from "../../output/wording.ts";
import type { ForgeSession } from "./forge-session.ts";

/** Calls to forges at once. */
const jobs = 8;

/** Targets that are read from the store at once. */
const pageSize = 200;

/**
 * Does something with each target in some states, several at once.
 *
 * @returns How many failed; each failure has been said.
 */
export async function eachTarget(
  { store, signal, say }: ForgeSession,
  states: readonly TargetState[],
  work: (target: Target) => Promise<StepFailure | undefined>,
): Promise<number> {
  let failed = 0;
  let last = "";
  for (;;) {
    const page = await store.db
      .selectFrom("target")
      .selectAll()
      .where("kind", "=", "forge")
      .where("state", "in", states)
      .where("key", ">", last)
      .orderBy("key")
      .limit(pageSize)
      .execute();
    const waiting = [...page];
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (signal.aborted) return;
        const failure = await work(next);
        if (failure === undefined) continue;
        failed += 1;
        await say(failureLine(next.key, failure));
      }
    };
    await Promise.all(Array.from({ length: jobs }, worker));
    const final = page.at(-1);
    if (final === undefined || signal.aborted) return failed;
    last = final.key;
  }
}

export function failureLine(
  key: string,
  { step, message, hint }: Pick<StepFailure, "step" | "message" | "hint">,
): string {
  return `${printable(key)}: ${step}: ${sentences(printable(message), printable(hint))}\n`;
}

/** Asks the forges about all requests. @returns how many couldn't be asked about */
export function refreshAll(
  session: ForgeSession,
  states: readonly TargetState[],
): Promise<number> {
  const { store, campaign, forgeOf } = session;
  return eachTarget(session, states, async (target) => {
    const forge = await forgeOf(target);
    return "failure" in forge
      ? forge.failure
      : refresh(store, campaign.branch, target, forge.value);
  });
}
