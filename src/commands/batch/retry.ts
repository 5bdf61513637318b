import { Option } from "commander";
import { recordEvent } from "../../batch/store/events.ts";
import { failureClasses, type FailureClass } from "../../batch/target-state.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";
import { jsonText, withStore } from "./with-store.ts";

interface RetryOptions extends CommonOptions {
  readonly class?: FailureClass;
  readonly dryRun?: boolean;
}

export const retryCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("retry"))
    .description(
      "take failed repositories up again: the next plan and apply look at them",
    )
    .addOption(
      new Option("--class <class>", "only those that failed so").choices(failureClasses),
    )
    .option("--dry-run", "say how many, and change nothing")
    .action(async (options: RetryOptions) => {
      exit(await retry(options));
    });
};

async function retry(options: RetryOptions): Promise<number> {
  return withStore(options, "existing", async ({ store, print }) => {
    const repositories = await store.transaction(async (transaction) => {
      let failed = transaction
        .selectFrom("target")
        .where("state", "in", ["failed", "conflicted"])
        .select(["key", "branch_head"]);
      // A conflict stays one until somebody has looked at the branch.
      failed =
        options.class === undefined
          ? failed.where("state", "=", "failed")
          : failed.where("failure_class", "=", options.class);
      const rows = await failed.execute();
      if (options.dryRun === true) return rows.length;
      for (const { key, branch_head } of rows) {
        // What was pushed goes on from there; anything else begins with its plan.
        const state = branch_head === null ? "discovered" : "planned";
        await transaction
          .updateTable("target")
          .set({
            state,
            head: "",
            attempts: 0,
            failure: null,
            failure_class: null,
            updated_at: Date.now(),
          })
          .where("key", "=", key)
          .execute();
        await recordEvent(transaction, { target: key, kind: "retry" });
      }
      return rows.length;
    });
    const text = repositories === 1 ? "1 repository" : `${repositories} repositories`;
    await print(
      options.json
        ? jsonText({ version: 1, repositories })
        : `${text} ${options.dryRun === true ? "would be" : "will be"} taken up again; run \`dockerslim batch plan\`.\n`,
    );
    return 0;
  });
}
