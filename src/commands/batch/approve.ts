import { withCommonOptions, type BatchCommand } from "./batch-command.ts";
import { decideCommand, type DecideOptions } from "./decide.ts";
import { decideByFile } from "./decisions-file.ts";

interface ApproveOptions extends DecideOptions {
  /** What the page that `batch review --html` writes has saved. */
  readonly decisions?: string;
}

export const approveCommand: BatchCommand = (program, exit) => {
  const command = withCommonOptions(program.command("approve"))
    .description("approve groups, so that `batch apply` carries them out")
    .argument("[groups...]", "ids, as `batch groups` shows them")
    .option("--all", "approve everything, without opening anything")
    .option("--except <repositories...>", "leave these undecided")
    .option("--only <repositories...>", "approve these alone")
    .option("--decisions <file>", "record what was decided in a page of `review --html`")
    .option("--note <text>", "why; kept with the decision")
    .option("-y, --yes", "approve large groups without opening some of their files")
    .option("--dry-run", "record nothing")
    .action(async (groups: string[], options: ApproveOptions) => {
      if (options.decisions !== undefined) {
        if (groups.length > 0 || options.all === true) {
          command.error("error: --decisions says itself what is approved");
        }
        exit(await decideByFile(options.decisions, options));
        return;
      }
      if (groups.length > 0 === (options.all === true)) {
        command.error("error: name groups, or --all");
      }
      exit(await decideCommand("approve", groups, options));
    });
};
