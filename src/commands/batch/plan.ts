import { join, resolve } from "node:path";
import { readStoredCampaign, saveCampaign } from "../../batch/campaign/save-campaign.ts";
import type { CampaignSettings } from "../../batch/campaign/settings.ts";
import { defaultCache } from "../../batch/git/mirror.ts";
import { targetCollector } from "../../batch/plan/add-targets.ts";
import { countWaiting, planAll } from "../../batch/plan/plan-all.ts";
import { planFigures } from "../../batch/plan/plan-figures.ts";
import { startPlanning } from "../../batch/plan/start-planning.ts";
import { targetFilter } from "../../batch/sources/filters.ts";
import type { SourceFailure } from "../../batch/sources/found-target.ts";
import { targetsFrom } from "../../batch/sources/sources.ts";
import { temporaryFolder } from "../../files/temporary.ts";
import { printable } from "../../output/printable.ts";
import { progressLine } from "../../output/progress.ts";
import { sentences } from "../../output/wording.ts";
import { transforms } from "../../../transforms/index.ts";
import { watchSignals } from "../interruption.ts";
import { unknownTransform } from "../transform-ids.ts";
import { withCommonOptions, type BatchCommand } from "./batch-command.ts";
import { forgeAccess } from "./forge-access.ts";
import { chosenSettings, withPlanOptions, type PlanOptions } from "./plan-options.ts";
import { planJson, planText } from "./plan-report.ts";
import { withStore, type Session } from "./with-store.ts";

/** Most of a target's time is spent in waiting for its server. */
const defaultJobs = 8;

export const planCommand: BatchCommand = (program, exit) => {
  withPlanOptions(withCommonOptions(program.command("plan")))
    .description("find the Dockerfiles of many repositories, and what would change")
    .action(async (options: PlanOptions) => {
      exit(await plan(options));
    });
};

async function plan(options: PlanOptions): Promise<number> {
  if (options.dryRun !== true) {
    const mode = options.from === undefined ? "existing" : "create";
    return withStore(options, mode, (session) => planInto(session, options, undefined));
  }
  // The same on a store that is thrown away, which begins as the real one.
  const folder = temporaryFolder();
  const temporary = { ...options, store: join(folder.path, "plan.sqlite") };
  try {
    if (options.from !== undefined) {
      return await withStore(temporary, "create", (session) =>
        planInto(session, options, undefined),
      );
    }
    return await withStore(options, "existing", (real) =>
      withStore(temporary, "create", (session) => planInto(session, options, real)),
    );
  } finally {
    folder.remove();
  }
}

/** @param like A store whose campaign and targets are planned, where no source is named. */
async function planInto(
  session: Session,
  options: PlanOptions,
  like: Session | undefined,
): Promise<number> {
  const { store, fail } = session;
  for (const id of [...(options.only ?? []), ...(options.skip ?? [])]) {
    const unknown = unknownTransform(id);
    if (unknown !== undefined) return fail(unknown);
  }
  const stored = await readStoredCampaign((like ?? session).store.db);
  const transformIds = transforms.map(({ id }) => id);
  const chosen = await chosenSettings(options, stored?.settings, transformIds);
  if ("problem" in chosen) {
    const { line, column, message, hint } = chosen.problem;
    const file = options.campaign ?? "";
    const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
    return fail(place === "" ? message : `${place}: ${message}`, hint);
  }
  const { settings } = chosen;
  const campaign = await saveCampaign(store, settings);
  if ("failure" in campaign) return fail(campaign.failure.message, campaign.failure.hint);
  if (like !== undefined) await copyTargets(like, session);

  const sourceFailures = await addSources(session, options, settings);
  return planTargets(session, options, settings, sourceFailures);
}

async function copyTargets(from: Session, to: Session): Promise<void> {
  const stream = from.store.db.selectFrom("target").selectAll().stream();
  for await (const row of stream) {
    await to.store.db
      .insertInto("target")
      .values({ ...row, head: "" })
      .execute();
  }
}

async function addSources(
  { store, say }: Session,
  { from = [] }: PlanOptions,
  settings: CampaignSettings,
): Promise<SourceFailure[]> {
  const failures: SourceFailure[] = [];
  const collector = targetCollector(store, targetFilter(settings.filters));
  const { forgeKindOf, listRepositories } = forgeAccess(settings);
  const context = {
    cwd: process.cwd(),
    forgeKindOf,
    listRepositories,
    stdin: () => process.stdin,
  };
  for (const source of from) {
    for await (const found of targetsFrom(source, context)) {
      if ("target" in found) {
        await collector.add(found.target);
        continue;
      }
      const { where, message, hint } = found.failure;
      failures.push(found.failure);
      await say(
        `${printable(where)}: ${sentences(printable(message), printable(hint))}\n`,
      );
    }
  }
  await collector.finish();
  return failures;
}

async function planTargets(
  session: Session,
  options: PlanOptions,
  settings: CampaignSettings,
  sourceFailures: readonly SourceFailure[],
): Promise<number> {
  const { store, say, print, colours } = session;
  const interruption = watchSignals();
  interruption.finishCurrentWork();
  const aborted = new AbortController();
  interruption.onSignal(() => {
    aborted.abort();
  });
  const planning = await startPlanning(store, settings, {
    cache: resolve(options.cache ?? defaultCache()),
    credentialsFor: forgeAccess(settings).credentialsFor,
    signal: aborted.signal,
  });
  const total = await countWaiting(store.db);
  const progress = progressLine((text) => void say(text), {
    isTTY: process.stderr.isTTY,
    total,
    noun: "repositories",
    saysEnd: true,
  });
  const counts = { planned: 0, same: 0, failed: 0 };
  try {
    await planAll(store, {
      jobs: options.jobs ?? defaultJobs,
      context: planning.context,
      onPlan(target, { kind, ...plan }) {
        if (kind === "same") counts.same += 1;
        else counts.planned += 1;
        if (kind === "failed" && "failure" in plan) {
          counts.failed += 1;
          const { step, message, hint } = plan.failure;
          const text = sentences(printable(message), printable(hint));
          progress.clear();
          void say(`${printable(target.key)}: ${step}: ${text}\n`);
        }
        const { planned: moved, same, failed } = counts;
        progress.update(moved + same, failed > 0 ? `${failed} failed` : "");
      },
    });
  } finally {
    progress.clear();
    planning.close();
  }
  const figures = await planFigures(store.db);
  const report = { ...counts, sourceFailures, figures };
  await print(options.json ? planJson(report) : planText(report, colours));
  const stopped = interruption.exitCode();
  if (stopped !== undefined) {
    await say("Interrupted; run `dockerslim batch plan` to go on.\n");
    return stopped;
  }
  if (counts.failed > 0 || sourceFailures.length > 0) return 2;
  return options.check && figures.files > 0 ? 1 : 0;
}
