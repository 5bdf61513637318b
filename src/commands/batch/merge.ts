import { approvals } from "../../batch/apply/approved-files.ts";
import { recordRequest } from "../../batch/apply/record.ts";
import { followedStates } from "../../batch/follow/refresh.ts";
import { printable } from "../../output/printable.ts";
import { withCommonOptions, type BatchCommand } from "./batch-command.ts";
import { eachTarget, refreshAll } from "./each-target.ts";
import { withForges, type ForgeOptions, type ForgeSession } from "./forge-session.ts";
import { printStatus } from "./status.ts";

interface MergeOptions extends ForgeOptions {
  readonly dryRun?: boolean;
}

export const mergeCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("merge"))
    .description("merge requests that are approved, unchanged and green")
    .option("--dry-run", "say which ones, and merge nothing")
    .action(async (options: MergeOptions) => {
      exit(
        await withForges(options, async (session) => {
          const failed = await merge(session, options.dryRun ?? false);
          await printStatus(session, options);
          return failed > 0 ? 2 : 0;
        }),
      );
    });
};

/** Green is what the forge says now, of the very commit that was approved and pushed. */
async function merge(session: ForgeSession, dryRun: boolean): Promise<number> {
  const { store, campaign, say, spend, signal } = session;
  const unasked = await refreshAll(session, followedStates);
  const failed = await eachTarget(session, ["open"], async (target) => {
    const { key, request_number: number, branch_head: head } = target;
    if (target.checks !== "green" || number === null || head === null) return undefined;
    const approval = (await approvals(store, [key])).get(key);
    if (approval?.kind !== "approved") return undefined;
    if (dryRun) {
      await say(
        `${printable(key)}: would merge ${printable(target.request_url ?? "")}\n`,
      );
      return undefined;
    }
    const forge = await session.forgeOf(target);
    if ("failure" in forge) return forge.failure;
    await spend(forge.value, 1, signal);
    const method = campaign.settings.request.mergeMethod;
    const merged = await forge.value.mergeRequest(target, number, head, method);
    if ("failure" in merged) return merged.failure;
    await recordRequest(store, key, merged.value);
    return undefined;
  });
  return unasked + failed;
}
