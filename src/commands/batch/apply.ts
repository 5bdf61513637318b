import { InvalidArgumentError, type Command } from "commander";
import { applyLocalCommand } from "./apply-local.ts";
import { applyRequests, type ApplyOptions } from "./apply-requests.ts";
import { withCommonOptions, type BatchCommand } from "./batch-command.ts";

export const applyCommand: BatchCommand = (program, exit) => {
  withApplyOptions(withCommonOptions(program.command("apply")))
    .description("carry out what was approved: a request in each repository, in waves")
    .option("--local", "commit to the campaign's branch in each clone on this disk")
    .option("--dry-run", "say what would be done, and do nothing")
    .action(async (options: ApplyOptions & { readonly local?: boolean }) => {
      exit(
        await (options.local === true
          ? applyLocalCommand(options)
          : applyRequests(options, false)),
      );
    });
};

export const workerCommand: BatchCommand = (program, exit) => {
  withApplyOptions(withCommonOptions(program.command("worker")))
    .description("apply what is approved, as it comes; any number may run at once")
    .action(async (options: ApplyOptions) => {
      exit(await applyRequests(options, true));
    });
};

function withApplyOptions(command: Command): Command {
  return command
    .option("--resume", "go on although too many checks were red or requests closed")
    .option("--jobs <number>", "repositories at once (default: 4)", jobs)
    .option("--cache <folder>", "where mirrors are kept (default: the user's cache)");
}

function jobs(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 64) return number;
  throw new InvalidArgumentError("It has to be a whole number from 1 to 64.");
}
