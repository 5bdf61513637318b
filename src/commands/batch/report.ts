import { campaignReport } from "../../batch/follow/report.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";
import { jsonText, withStore } from "./with-store.ts";

export const reportCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("report"))
    .description("say in Markdown what was saved, where, and what failed and why")
    .action(async (options: CommonOptions) => {
      exit(
        await withStore(options, "existing", async ({ store, print, fail }) => {
          const report = await campaignReport(store.db);
          if (report === undefined) return fail("nothing has been planned yet");
          await print(
            options.json ? jsonText({ version: 1, ...report.data }) : report.markdown,
          );
          return 0;
        }),
      );
    });
};
