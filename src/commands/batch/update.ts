import { followedStates } from "../../batch/follow/refresh.ts";
import { rebase } from "../../batch/follow/rebase.ts";
import { withCommonOptions, type BatchCommand } from "./batch-command.ts";
import { eachTarget, refreshAll } from "./each-target.ts";
import { withForges, type ForgeOptions } from "./forge-session.ts";
import { printStatus } from "./status.ts";

interface UpdateOptions extends ForgeOptions {
  readonly dryRun?: boolean;
}

export const updateCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("update"))
    .description(
      "ask what became of the requests, and put open ones on the newest commit",
    )
    .option("--dry-run", "only ask")
    .option("--cache <folder>", "where mirrors are kept (default: the user's cache)")
    .action(async (options: UpdateOptions) => {
      exit(await update(options));
    });
};

async function update(options: UpdateOptions): Promise<number> {
  return withForges(options, async (session) => {
    const committer = await session.committer();
    if ("failure" in committer) {
      return session.fail(committer.failure.message, committer.failure.hint);
    }
    let failed = await refreshAll(session, followedStates);
    if (options.dryRun !== true) {
      const context = { ...session, committer: committer.value };
      failed += await eachTarget(session, ["open"], async (target) => {
        const forge = await session.forgeOf(target);
        return "failure" in forge
          ? forge.failure
          : rebase(context, target, forge.value, session.signal);
      });
    }
    await printStatus(session, options);
    return failed > 0 ? 2 : 0;
  });
}
