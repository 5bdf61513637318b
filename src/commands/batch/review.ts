import { InvalidArgumentError } from "commander";
import { chooseGroup } from "../../batch/groups/choose.ts";
import { whoDecides } from "../../batch/groups/who.ts";
import { errorCode, systemReason } from "../../files/problem.ts";
import { reportFileFor } from "../report-file.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";
import { jsonText, withStore, type Session } from "./with-store.ts";

interface ReviewOptions extends CommonOptions {
  readonly html?: string;
  readonly port?: number;
}

export const reviewCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("review"))
    .description("serve a page on this machine alone, to look at the groups and decide")
    .argument("[groups...]", "ids of those to show; default: all")
    .option("--html <file>", "write one page that works without a server instead")
    .option("--port <number>", "of the page's address (default: a free one)", portNumber)
    .action(async (groups: string[], options: ReviewOptions) => {
      exit(await review(groups, options));
    });
};

function portNumber(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError("It has to be a number from 0 to 65535.");
}

function review(words: readonly string[], options: ReviewOptions): Promise<number> {
  return withStore(options, "existing", async (session) => {
    const groups: string[] = [];
    for (const word of words) {
      const chosen = await chooseGroup(session.store.db, word);
      if ("message" in chosen) return session.fail(chosen.message, chosen.hint);
      groups.push(chosen.group.id);
    }
    return options.html === undefined
      ? serve(session, groups, options)
      : writePage(session, groups, options.html);
  });
}

/** Until Ctrl-C. */
async function serve(
  { store, print, say, fail }: Session,
  groups: readonly string[],
  { port = 0, json }: ReviewOptions,
): Promise<number> {
  const { serveReview } = await import("../../batch/review/server.ts");
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
  let server;
  try {
    server = await serveReview(store, { port, who: await whoDecides(), groups });
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return fail(
      `port ${port} can't be used: ${systemReason(error)}`,
      "choose another one",
    );
  }
  const { address, close } = server;
  await print(json === true ? jsonText({ version: 1, address }) : `${address}\n`);
  await say("Open this address in a browser on this machine; Ctrl-C ends the review.\n");
  await ended;
  await close();
  return 0;
}

async function writePage(
  { store, say, fail }: Session,
  groups: readonly string[],
  path: string,
): Promise<number> {
  const file = await reportFileFor(path, [
    store.kind === "sqlite" ? store.address : undefined,
  ]);
  if (typeof file === "string") return fail(file);
  const { readReview } = await import("../../batch/review/read-review.ts");
  const { reviewPage } = await import("../../batch/review/page.ts");
  const data = await readReview(store.db, groups);
  const failure = await file?.write(() => Promise.resolve(reviewPage(data).text));
  if (failure !== undefined) return fail(failure);
  if (data.leftOut > 0) await say(`The page leaves out ${data.leftOut} groups.\n`);
  return 0;
}
