import { applyLocalCommand } from "./apply-local.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";

interface ApplyOptions extends CommonOptions {
  readonly local?: boolean;
  readonly dryRun?: boolean;
}

export const applyCommand: BatchCommand = (program, exit) => {
  const command = withCommonOptions(program.command("apply"))
    .description("carry out what was approved")
    .option("--local", "commit to the campaign's branch in each clone on this disk")
    .option("--dry-run", "say what would be done, and do nothing")
    .action(async (options: ApplyOptions) => {
      if (options.local !== true) command.error("error: only --local is there yet");
      exit(await applyLocalCommand(options));
    });
};
