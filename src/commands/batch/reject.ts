import { withCommonOptions, type BatchCommand } from "./batch-command.ts";
import { decideCommand, type DecideOptions } from "./decide.ts";

export const rejectCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("reject"))
    .description("reject groups: their files stay as they are")
    .argument("<groups...>", "ids, as `batch groups` shows them")
    .option("--except <repositories...>", "leave these as they were")
    .option("--only <repositories...>", "reject these alone")
    .option("--note <text>", "why; kept with the decision")
    .option("--dry-run", "record nothing")
    .action(async (groups: string[], options: DecideOptions) => {
      exit(await decideCommand("reject", groups, options));
    });
};
