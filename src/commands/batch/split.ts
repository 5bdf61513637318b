import { chooseGroup } from "../../batch/groups/choose.ts";
import { mergeBack, splitGroup } from "../../batch/groups/split.ts";
import { count } from "../../output/wording.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";
import { jsonText, withStore } from "./with-store.ts";

interface SplitOptions extends CommonOptions {
  readonly back?: boolean;
  readonly dryRun?: boolean;
}

export const splitCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("split"))
    .description("make hunks of a group groups of their own")
    .argument("<group>", "its id")
    .argument(
      "[hunks...]",
      "first digits of hunks, as `batch show` has them; default: all",
    )
    .option("--back", "put a group that was split out back into its shape's group")
    .option("--dry-run", "change nothing")
    .action(async (group: string, hunks: string[], options: SplitOptions) => {
      exit(await split(group, hunks, options));
    });
};

function split(
  word: string,
  hunkWords: readonly string[],
  options: SplitOptions,
): Promise<number> {
  return withStore(options, "existing", async ({ store, print, say, fail }) => {
    const chosen = await chooseGroup(store.db, word);
    if ("message" in chosen) return fail(chosen.message, chosen.hint);
    const { id, digest, hunks } = chosen.group;
    const wanted: string[] = [];
    for (const hunkWord of hunkWords) {
      const found = hunks.filter(({ hunk }) => hunk.startsWith(hunkWord));
      const [one] = found;
      if (one === undefined || found.length > 1) {
        const what = one === undefined ? "no hunk" : "more than one hunk";
        return fail(`group ${id} has ${what} ${hunkWord}`);
      }
      wanted.push(one.hunk);
    }
    const dryRun = options.dryRun === true;
    const seen = { id, digest: chosen.isCurrent ? digest : word };
    const outcome =
      options.back === true
        ? await mergeBack(store, seen, dryRun)
        : await splitGroup(store, seen, wanted.length === 0 ? undefined : wanted, dryRun);
    if ("refused" in outcome) {
      if (outcome.refused !== "nothing") {
        return fail(`the plan has changed since group ${id} was listed`);
      }
      return fail(
        options.back === true
          ? `group ${id} wasn't split out of another one`
          : `group ${id} has one hunk: there is nothing to split`,
      );
    }
    if (options.json === true) {
      await print(jsonText({ version: 1, dryRun, groups: outcome.groups }));
      return 0;
    }
    await print(outcome.groups.map((one) => `${one}\n`).join(""));
    const verb = dryRun ? "would become" : "is now";
    await say(`Group ${id} ${verb} ${count(outcome.groups.length, "group")}.\n`);
    return 0;
  });
}
