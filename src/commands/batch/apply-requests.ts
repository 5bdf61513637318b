import { runWaves } from "../../batch/apply/run-waves.ts";
import type { Schedule } from "../../batch/apply/schedule.ts";
import { schedule } from "../../batch/apply/schedule.ts";
import { followedStates } from "../../batch/follow/refresh.ts";
import { printable } from "../../output/printable.ts";
import { count } from "../../output/wording.ts";
import { failureLine, refreshAll } from "./each-target.ts";
import { withForges, type ForgeOptions, type ForgeSession } from "./forge-session.ts";
import { jsonText } from "./with-store.ts";

export interface ApplyOptions extends ForgeOptions {
  readonly dryRun?: boolean;
  readonly jobs?: number;
  /** Go on although a wave has stopped by itself. */
  readonly resume?: boolean;
}

const defaultJobs = 4;

/** An end that is nearer than this, in milliseconds, needn't be said. */
const shortest = 60_000;

interface Counts {
  opened: number;
  merged: number;
  closed: number;
  conflicted: number;
  failed: number;
}

/**
 * Runs `batch apply` and `batch worker`.
 *
 * @param forever Whether to go on waiting for approvals, checks and windows.
 */
export async function applyRequests(
  options: ApplyOptions,
  forever: boolean,
): Promise<number> {
  return withForges(options, (session) =>
    options.dryRun ? showSchedule(session, options) : apply(session, options, forever),
  );
}

/** The schedule as it would be; the places in the order are the only thing that is stored. */
async function showSchedule(
  { store, campaign, print }: ForgeSession,
  { json, resume }: ApplyOptions,
): Promise<number> {
  const planned = await schedule(store, campaign, {
    now: Date.now(),
    ignoreStop: resume ?? false,
    enqueues: false,
  });
  await print(json ? jsonText({ version: 1, dryRun: true, ...planned }) : lines(planned));
  return planned.queued.length > 0 ? 1 : 0;
}

function lines(planned: Schedule): string {
  const { queued, hosts } = planned;
  const keys = queued.map((key) => `would open a request in ${printable(key)}\n`);
  const more = hosts.reduce((sum, { targets }) => sum + targets, 0) - queued.length;
  const rest = more > 0 ? `… and in ${more} more\n` : "";
  return keys.join("") + rest + waveLine(planned);
}

async function apply(
  session: ForgeSession,
  { json, jobs, resume }: ApplyOptions,
  forever: boolean,
): Promise<number> {
  const { store, campaign, cache, signal, say, print } = session;
  const committer = await session.committer();
  if ("failure" in committer) {
    return session.fail(committer.failure.message, committer.failure.hint);
  }
  const counts: Counts = { opened: 0, merged: 0, closed: 0, conflicted: 0, failed: 0 };
  const unasked = await refreshAll(session, followedStates);
  let shown = "";
  const last = await runWaves(
    {
      store,
      campaign,
      cache,
      committer: committer.value,
      forgeOf: session.forgeOf,
      spend: session.spend,
      planAgain: session.planAgain,
      onDone({ key }, outcome) {
        switch (outcome.kind) {
          case "request":
            counts[outcome.request.state === "open" ? "opened" : outcome.request.state] +=
              1;
            void say(
              `${printable(key)}: ${outcome.request.state} ${printable(outcome.request.url)}\n`,
            );
            break;
          case "conflicted":
            counts.conflicted += 1;
            void say(failureLine(key, outcome.failure));
            break;
          case "failed":
            counts.failed += 1;
            void say(failureLine(key, outcome.failure));
            break;
          case "moved":
        }
      },
    },
    {
      jobs: jobs ?? defaultJobs,
      signal,
      ignoreStop: resume ?? false,
      forever,
      refreshAll: async () => {
        await refreshAll(session, followedStates);
      },
      async onSchedule(planned) {
        const line = waveLine(planned);
        // A worker looks every minute, and people read what is new.
        if (line !== shown) await say(line);
        shown = line;
        if (planned.queued.length > 0) await sayEnd(session, planned.hosts);
      },
    },
  );
  const { decision, undecided, heldBack, closedUntil } = last;
  await print(
    json
      ? jsonText({ version: 1, ...counts, decision, undecided, heldBack, closedUntil })
      : `${count(counts.opened, "request")} opened; ${counts.conflicted} conflicted, ${counts.failed} failed.\n`,
  );
  if (counts.failed + counts.conflicted + unasked > 0) return 2;
  return decision.kind === "done" && undecided === 0 ? 0 : 1;
}

/** When the budgets of the hosts let the last of these requests be opened. */
async function sayEnd(
  { store, campaign, forgeOf, endOf, say }: ForgeSession,
  hosts: Schedule["hosts"],
): Promise<void> {
  const { labels, reviewers } = campaign.settings.request;
  const calls = 1 + (labels.length > 0 ? 1 : 0) + (reviewers.length > 0 ? 1 : 0);
  for (const { host, targets } of hosts) {
    const target = await store.db
      .selectFrom("target")
      .selectAll()
      .where("host", "=", host)
      .limit(1)
      .executeTakeFirst();
    const forge = target && (await forgeOf(target));
    if (forge === undefined || "failure" in forge) continue;
    const end = await endOf(forge.value, calls * targets);
    if (end - Date.now() < shortest) continue;
    await say(
      `${printable(host)}: its limits allow the last of these requests at ${new Date(end).toISOString()}.\n`,
    );
  }
}

/** Why it goes on, or doesn't. */
function waveLine({ decision, closedUntil, heldBack, undecided }: Schedule): string {
  const waiting = undecided > 0 ? ` ${undecided} planned but not approved.` : "";
  if (decision.kind === "done") return `Nothing approved is left to apply.${waiting}\n`;
  const { number, targets } = decision.wave;
  const wave = `Wave ${number} (${targets === 1 ? "1 repository" : `${targets} repositories`})`;
  switch (decision.kind) {
    case "stop":
      return `${wave} has stopped: ${decision.reason}. Look at them, then go on with --resume.\n`;
    case "wait":
      return `${wave} waits for the checks of ${count(decision.pending, "request")}.\n`;
    case "go":
      if (closedUntil === null) return `${wave} waits: no window ever opens.\n`;
      if (closedUntil !== undefined) {
        return `${wave} waits for its window, at ${new Date(closedUntil).toISOString()}.\n`;
      }
      return heldBack > 0
        ? `${wave}: ${heldBack} held back, since their owners have enough open requests.\n`
        : `${wave} goes on.${waiting}\n`;
  }
}
