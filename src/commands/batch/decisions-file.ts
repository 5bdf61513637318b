import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { decisionsFileSchema } from "../../batch/groups/decisions-schema.ts";
import { splitGroup } from "../../batch/groups/split.ts";
import { whoDecides } from "../../batch/groups/who.ts";
import { count } from "../../output/wording.ts";
import { systemReason } from "../../files/problem.ts";
import { decideAndReport, type DecideOptions } from "./decide.ts";
import { withStore } from "./with-store.ts";

/** Runs `batch approve --decisions`. */
export function decideByFile(path: string, options: DecideOptions): Promise<number> {
  return withStore(options, "existing", async (session) => {
    const { store, fail, say } = session;
    const file = await readDecisions(path);
    if (typeof file === "string") return fail(file);
    const campaign = await store.db
      .selectFrom("campaign")
      .select("id")
      .executeTakeFirst();
    if (campaign?.id !== file.campaign) {
      return fail(
        `${path} is about another campaign than the store ${store.address}`,
        "name the other store by --store",
      );
    }
    const code = await decideAndReport(session, file.decisions, {
      who: await whoDecides(),
      mustOpen: options.yes !== true,
      options,
    });
    if (code !== 0) return code;
    const dryRun = options.dryRun === true;
    for (const { group, digest, hunks } of file.splits) {
      const outcome = await splitGroup(store, { id: group, digest }, hunks, dryRun);
      if ("refused" in outcome) {
        return fail(
          `group ${group} can't be split as it was in the page`,
          "The plan or the groups have changed; split it by `batch split`",
        );
      }
      const verb = dryRun ? "would become" : "is now";
      await say(`Group ${group} ${verb} ${count(outcome.groups.length, "group")}.\n`);
    }
    return 0;
  });
}

async function readDecisions(
  path: string,
): Promise<v.InferOutput<typeof decisionsFileSchema> | string> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    return error instanceof SyntaxError
      ? `${path} is no JSON: ${error.message}`
      : `${path} can't be read: ${systemReason(error)}`;
  }
  const parsed = v.safeParse(decisionsFileSchema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue);
  return `${path} holds no decisions: ${place === null ? "" : `${place}: `}${issue.message}`;
}
