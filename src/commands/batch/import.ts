import { createReadStream } from "node:fs";
import { join } from "node:path";
import { importStore } from "../../batch/store/import.ts";
import { openStore, defaultAddress } from "../../batch/store/store.ts";
import { temporaryFolder } from "../../files/temporary.ts";
import { systemReason } from "../../files/problem.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";
import { rowsText } from "./export.ts";
import { jsonText, withStore, type Session } from "./with-store.ts";

interface ImportOptions extends CommonOptions {
  readonly dryRun?: boolean;
}

export const importCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("import"))
    .description("fill a new store from what `batch export` has written")
    .argument("<file>", "the export, or - for standard input")
    .option("--dry-run", "read and check everything, and write nothing")
    .action(async (path: string, options: ImportOptions) => {
      exit(await run(path, options));
    });
};

async function run(path: string, options: ImportOptions): Promise<number> {
  const work = (session: Session) => importFrom(session, path, options);
  if (options.dryRun !== true) return withStore(options, "create", work);
  const existing = await openStore(options.store ?? defaultAddress, { mode: "existing" });
  if ("value" in existing) {
    await existing.value.close();
    return withStore(options, "existing", work);
  }
  if (existing.failure.class !== "not-found") return withStore(options, "existing", work);
  // There is no store yet, and there won't be one: another stands in for it.
  const folder = temporaryFolder();
  try {
    const store = join(folder.path, "import.sqlite");
    return await withStore({ ...options, store }, "create", work);
  } finally {
    folder.remove();
  }
}

async function importFrom(
  { store, print, say, fail }: Session,
  path: string,
  { dryRun = false, json = false }: ImportOptions,
): Promise<number> {
  const source = path === "-" ? process.stdin : createReadStream(path);
  source.setEncoding("utf8");
  let unreadable: unknown;
  source.once("error", (error: unknown) => {
    unreadable = error;
  });
  let outcome;
  try {
    outcome = await importStore(store, source as AsyncIterable<string>, { dryRun });
  } catch (error) {
    if (unreadable === undefined) throw error;
    return fail(`${path} can't be read: ${systemReason(error)}`);
  }
  if ("failure" in outcome) {
    const { message, hint } = outcome.failure;
    return fail(path === "-" ? message : `${path}: ${message}`, hint);
  }
  const counts = outcome.value;
  if (json) await print(jsonText({ version: 1, dryRun, rows: counts }));
  else {
    const done = dryRun ? "Would import" : "Imported";
    await say(`${done} ${rowsText(counts)}\n`);
  }
  return 0;
}
