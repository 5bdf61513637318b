import { recordRequest } from "../../batch/apply/record.ts";
import { printable } from "../../output/printable.ts";
import { withCommonOptions, type BatchCommand } from "./batch-command.ts";
import { eachTarget } from "./each-target.ts";
import { withForges, type ForgeOptions, type ForgeSession } from "./forge-session.ts";
import { printStatus } from "./status.ts";

interface CloseOptions extends ForgeOptions {
  readonly dryRun?: boolean;
  readonly comment: string;
}

export const closeCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("close"))
    .description("close the campaign's open requests; they won't be opened again")
    .option("--comment <text>", "what to write below them", "This campaign has ended.")
    .option("--dry-run", "say which ones, and close nothing")
    .action(async (options: CloseOptions) => {
      exit(
        await withForges(options, async (session) => {
          const failed = await close(session, options);
          await printStatus(session, options);
          return failed > 0 ? 2 : 0;
        }),
      );
    });
};

function close(
  session: ForgeSession,
  { comment, dryRun }: CloseOptions,
): Promise<number> {
  const { store, say, spend, signal } = session;
  return eachTarget(session, ["open"], async (target) => {
    const { key, request_number: number } = target;
    if (number === null) return undefined;
    if (dryRun === true) {
      await say(
        `${printable(key)}: would close ${printable(target.request_url ?? "")}\n`,
      );
      return undefined;
    }
    const forge = await session.forgeOf(target);
    if ("failure" in forge) return forge.failure;
    // The comment creates something, and so may the closing.
    await spend(forge.value, 2, signal);
    const closed = await forge.value.closeRequest(target, number, comment);
    if ("failure" in closed) return closed.failure;
    await recordRequest(store, key, closed.value);
    return undefined;
  });
}
