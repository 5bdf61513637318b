import { progressOverTime } from "../../batch/follow/progress-over-time.ts";
import { rescan } from "../../batch/follow/rescan.ts";
import { statusPage } from "../../batch/follow/status-page.ts";
import { readStatus, type CampaignStatus } from "../../batch/follow/status.ts";
import { targetStates } from "../../batch/target-state.ts";
import { printable } from "../../output/printable.ts";
import { byteSize, sentences } from "../../output/wording.ts";
import { reportFileFor } from "../report-file.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";
import { eachTarget } from "./each-target.ts";
import { withForges, type ForgeOptions } from "./forge-session.ts";
import { jsonText, withStore, type Session } from "./with-store.ts";

interface StatusOptions extends ForgeOptions {
  readonly rescan?: boolean;
  readonly html?: string;
}

export const statusCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("status"))
    .description("show how far the campaign is")
    .option("--rescan", "look at the default branches, whatever the requests say")
    .option("--html <file>", "also write a page with the progress over time")
    .option("--cache <folder>", "where mirrors are kept (default: the user's cache)")
    .action(async (options: StatusOptions) => {
      exit(await status(options));
    });
};

async function status(options: StatusOptions): Promise<number> {
  if (options.rescan !== true) {
    return withStore(options, "existing", async (session) =>
      show(session, options, await printStatus(session, options)),
    );
  }
  return withForges(options, async (session) => {
    const { store, planning } = session;
    const failed = await eachTarget(
      session,
      targetStates.filter((state) => state !== "skipped" && state !== "discovered"),
      (target) => rescan(store, planning.context, target),
    );
    const code = await show(session, options, await printStatus(session, options));
    return failed > 0 ? 2 : code;
  });
}

async function show(
  { store, fail }: Session,
  { html }: StatusOptions,
  shown: CampaignStatus | undefined,
): Promise<number> {
  if (shown === undefined) {
    return fail("nothing has been planned yet", "Run `dockerslim batch plan --from …`");
  }
  const file = await reportFileFor(html, []);
  if (typeof file === "string") return fail(file);
  const problem = await file?.write(async () =>
    statusPage(shown, await progressOverTime(store.db)),
  );
  return problem === undefined ? 0 : fail(problem);
}

/** The table, or JSON; the last thing that every command prints which follows requests. */
export async function printStatus(
  { store, print, colours }: Session,
  { json }: CommonOptions,
): Promise<CampaignStatus | undefined> {
  const shown = await readStatus(store.db);
  if (shown === undefined) return undefined;
  if (json === true) {
    await print(jsonText({ version: 1, ...shown }));
    return shown;
  }
  const { states, checks, saved, rescan: scanned } = shown;
  const remarks: Readonly<Partial<Record<keyof typeof states, string>>> = {
    planned: `would save ${byteSize(saved.planned)}`,
    open: `${checks.green} green, ${checks.red} red, ${checks.pending} pending; would save ${byteSize(saved.open)}`,
    merged: `saves ${byteSize(saved.merged)}`,
    committed: states.merged === 0 ? `saves ${byteSize(saved.merged)}` : "",
    failed: shown.failures.map((row) => `${row.class} ${row.count}`).join(", "),
  };
  const rows = targetStates
    .filter((state) => states[state] > 0)
    .map((state) =>
      `${state.padEnd(10)}  ${String(states[state]).padStart(7)}  ${colours.dim(remarks[state] ?? "")}`.trimEnd(),
    );
  const rescanned = scanned.done + scanned.left;
  await print(
    [
      `${colours.bold(printable(shown.campaign))}, branch ${printable(shown.branch)}, ${shown.total === 1 ? "1 repository" : `${shown.total} repositories`}`,
      ...rows,
      ...shown.conflicts.map(
        ({ count, step, message, hint }) =>
          `${count} conflicted: ${printable(step)}: ${sentences(printable(message), printable(hint))}`,
      ),
      ...(rescanned === 0
        ? []
        : [
            `On their default branches, ${scanned.done} of ${rescanned} have nothing left to change.`,
          ]),
      "",
    ].join("\n"),
  );
  return shown;
}
