import { randomInt } from "node:crypto";
import { constants } from "node:fs";
import { access, open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { exportStore, type RowCounts } from "../../batch/store/export.ts";
import { errorCode, systemReason } from "../../files/problem.ts";
import { count } from "../../output/wording.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";
import { jsonText, withStore, type Session } from "./with-store.ts";

interface ExportOptions extends CommonOptions {
  readonly dryRun?: boolean;
}

export const exportCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("export"))
    .description("write a campaign to a file, for `batch import` into another store")
    .argument("<file>", "a new file, or - for standard output")
    .option("--dry-run", "read everything, and write nothing")
    .action(async (path: string, options: ExportOptions) => {
      exit(
        await withStore(options, "existing", (session) => run(session, path, options)),
      );
    });
};

async function run(
  { store, print, say, fail }: Session,
  path: string,
  { json = false, dryRun = false }: ExportOptions,
): Promise<number> {
  if (path === "-" && !dryRun) {
    await exportStore(store, print);
    return 0;
  }
  const problem = path === "-" ? undefined : await fileProblem(path);
  if (problem !== undefined) return fail(...problem);
  if (dryRun) {
    const rows = await exportStore(store, () => Promise.resolve());
    if (json) await print(jsonText({ version: 1, dryRun, rows }));
    else await say(`Would export ${rowsText(rows)} to ${path}\n`);
    return 0;
  }
  let counts: RowCounts;
  // Its name says that it isn't whole, should the process be killed.
  const part = `${resolve(path)}.${randomInt(2 ** 31, 2 ** 32)}.part`;
  try {
    const file = await open(part, "wx");
    try {
      counts = await exportStore(store, (lines) => file.appendFile(lines));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    if (!/^E[A-Z]/.test(errorCode(error) ?? "")) throw error;
    return fail(`${path} can't be written: ${systemReason(error)}`);
  }
  if (json) await print(jsonText({ version: 1, dryRun, rows: counts }));
  else await say(`Exported ${rowsText(counts)} to ${path}\n`);
  return 0;
}

/** Why no new file can be there. */
async function fileProblem(
  path: string,
): Promise<[message: string, hint?: string] | undefined> {
  try {
    await access(path);
    return [`${path} exists already`, "name a new file"];
  } catch {
    // As it has to be.
  }
  try {
    await access(dirname(resolve(path)), constants.W_OK);
    return undefined;
  } catch (error) {
    return [`${path} can't be written: ${systemReason(error)}`];
  }
}

export function rowsText({ target, file, approval, event }: RowCounts): string {
  return `${target === 1 ? "1 repository" : `${target} repositories`}, ${count(file, "file")}, ${count(approval, "decision")} and ${count(event, "event")}`;
}
