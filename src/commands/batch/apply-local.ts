import { applyLocal, type LocalOutcome } from "../../batch/apply/local.ts";
import { readStoredCampaign } from "../../batch/campaign/save-campaign.ts";
import { scratchRepositories } from "../../batch/plan/start-planning.ts";
import { printable } from "../../output/printable.ts";
import { count, sentences } from "../../output/wording.ts";
import { watchSignals } from "../interruption.ts";
import type { CommonOptions } from "./batch-command.ts";
import { jsonText, withStore, type Session } from "./with-store.ts";

interface Counts {
  committed: number;
  files: number;
  conflicted: number;
  moved: number;
  undecided: number;
  rejected: number;
  failed: number;
}

/** Runs `batch apply --local`. */
export async function applyLocalCommand(
  options: CommonOptions & { readonly dryRun?: boolean },
): Promise<number> {
  return withStore(options, "existing", (session) => apply(session, options));
}

async function apply(
  { store, print, say, fail, colours }: Session,
  options: CommonOptions & { readonly dryRun?: boolean },
): Promise<number> {
  const campaign = await readStoredCampaign(store.db);
  if (campaign === undefined) return fail("nothing has been planned yet");
  const interruption = watchSignals();
  interruption.finishCurrentWork();
  const scratch = scratchRepositories();
  const dryRun = options.dryRun ?? false;
  const counts: Counts = {
    ...{ committed: 0, files: 0, conflicted: 0 },
    ...{ moved: 0, undecided: 0, rejected: 0, failed: 0 },
  };
  try {
    await applyLocal(store, {
      campaign,
      scratch: scratch.of,
      dryRun,
      interrupted: () => interruption.exitCode() !== undefined,
      onDone(key, outcome) {
        counts[outcome.kind] += 1;
        if (outcome.kind === "committed") counts.files += outcome.files;
        const text = wordsFor(outcome);
        if (text !== "") void say(`${printable(key)}: ${text}\n`);
      },
    });
  } finally {
    scratch.remove();
  }
  const { branch } = campaign;
  if (options.json) await print(jsonText({ version: 1, dryRun, branch, ...counts }));
  else await print(textOf(counts, branch, dryRun, colours));
  const stopped = interruption.exitCode();
  if (stopped !== undefined) {
    await say("Interrupted; the next run goes on.\n");
    return stopped;
  }
  if (counts.failed > 0 || counts.conflicted > 0) return 2;
  const isLeft = counts.undecided + counts.moved > 0 || (dryRun && counts.committed > 0);
  return isLeft ? 1 : 0;
}

function wordsFor(outcome: LocalOutcome): string {
  switch (outcome.kind) {
    case "conflicted":
    case "failed": {
      const { step, message, hint } = outcome.failure;
      return `${step}: ${sentences(printable(message), printable(hint))}`;
    }
    case "moved":
      return "a Dockerfile has changed since the review. Plan again, and review it.";
    case "committed":
    case "undecided":
    case "rejected":
      return "";
  }
}

function textOf(
  counts: Counts,
  branch: string,
  dryRun: boolean,
  colours: Session["colours"],
): string {
  const { committed, files, conflicted, moved, undecided, rejected, failed } = counts;
  const verb = dryRun ? "would get a commit" : "got a commit";
  const parts = [
    `${colours.bold(count(committed, "clone"))} ${verb} on the branch ${branch}, ${count(files, "file")} in all`,
    undecided > 0 && `${count(undecided, "clone")} not approved yet`,
    rejected > 0 && `${count(rejected, "clone")} rejected`,
    moved > 0 && `${count(moved, "clone")} to plan again`,
    conflicted > 0 && colours.red(`${count(conflicted, "clone")} conflicted`),
    failed > 0 && colours.red(`${count(failed, "clone")} failed`),
  ];
  return `${parts.filter((part) => part !== false).join("\n")}\n`;
}
