import { Command, CommanderError } from "commander";
import { applyCommand, workerCommand } from "./apply.ts";
import { approveCommand } from "./approve.ts";
import type { BatchCommand } from "./batch-command.ts";
import { closeCommand } from "./close.ts";
import { exportCommand } from "./export.ts";
import { groupsCommand } from "./groups.ts";
import { importCommand } from "./import.ts";
import { mergeCommand } from "./merge.ts";
import { planCommand } from "./plan.ts";
import { rejectCommand } from "./reject.ts";
import { reportCommand } from "./report.ts";
import { retryCommand } from "./retry.ts";
import { reviewCommand } from "./review.ts";
import { showCommand } from "./show.ts";
import { splitCommand } from "./split.ts";
import { statusCommand } from "./status.ts";
import { updateCommand } from "./update.ts";

/** In the order in which a campaign needs them. */
const commands: readonly BatchCommand[] = [
  planCommand,
  groupsCommand,
  showCommand,
  reviewCommand,
  approveCommand,
  rejectCommand,
  splitCommand,
  applyCommand,
  workerCommand,
  statusCommand,
  updateCommand,
  mergeCommand,
  closeCommand,
  retryCommand,
  reportCommand,
  exportCommand,
  importCommand,
];

const exitCodeHelp = `
Exit codes:
  0    done
  1    something is left to do: changes found by --check, a wave that waits or has stopped
  2    wrong usage, a broken store or campaign, or a repository that failed
  130  interrupted; the next run goes on`;

/**
 * Runs `dockerslim batch <words>`.
 *
 * @returns The exit code.
 */
export async function batchCommand(words: readonly string[]): Promise<number> {
  const program = new Command("dockerslim batch")
    .description("Carries one change through many repositories, reviewed once.")
    .exitOverride()
    .showHelpAfterError("(--help shows all options)")
    .addHelpText("after", exitCodeHelp);
  let exitCode = 0;
  for (const add of commands) add(program, (code) => (exitCode = code));
  try {
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}
