import { randomInt } from "node:crypto";
import { access, open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { exportStore, type RowCounts } from "../../batch/store/export.ts";
import { errorCode, systemReason } from "../../files/problem.ts";
import { count } from "../../output/wording.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";
import { jsonText, withStore, type Session } from "./with-store.ts";

export const exportCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("export"))
    .description("write a campaign to a file, for `batch import` into another store")
    .argument("<file>", "a new file, or - for standard output")
    .action(async (path: string, options: CommonOptions) => {
      exit(
        await withStore(options, "existing", (session) => run(session, path, options)),
      );
    });
};

async function run(
  { store, print, say, fail }: Session,
  path: string,
  { json = false }: CommonOptions,
): Promise<number> {
  if (path === "-") {
    await exportStore(store, print);
    return 0;
  }
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) return fail(`${path} exists already`, "name a new file");
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
  if (json) await print(jsonText({ version: 1, rows: counts }));
  else await say(`Exported ${rowsText(counts)} to ${path}\n`);
  return 0;
}

export function rowsText({ target, file, approval, event }: RowCounts): string {
  return `${target === 1 ? "1 repository" : `${target} repositories`}, ${count(file, "file")}, ${count(approval, "decision")} and ${count(event, "event")}`;
}
