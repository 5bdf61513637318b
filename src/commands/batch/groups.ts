import { type Group } from "../../batch/groups/group.ts";
import { readGroups } from "../../batch/groups/read-groups.ts";
import { table } from "../../output/table.ts";
import { byteSize, count } from "../../output/wording.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";
import { jsonText, withStore } from "./with-store.ts";

export const groupsCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("groups"))
    .description("list the groups of equal changes, the odd and rare ones first")
    .action(async (options: CommonOptions) => {
      exit(await listGroups(options));
    });
};

function listGroups(options: CommonOptions): Promise<number> {
  return withStore(options, "existing", async ({ store, print, say, colours, width }) => {
    const groups = await readGroups(store.db);
    if (options.json === true) {
      await print(jsonText({ version: 1, groups: groups.map(groupEntry) }));
      return 0;
    }
    if (groups.length === 0) {
      await say("There is nothing to review.\n");
      return 0;
    }
    const head = ["group", "files", "hunks", "saves", "bar", "state", "change"];
    const most = Math.max(...groups.map(({ savedBytes }) => savedBytes));
    const rows = groups.map((group) => [
      `${group.id}:${group.digest.slice(0, 6)}`,
      String(group.members.length),
      String(group.hunks.length),
      byteSize(group.savedBytes),
      bar(group.savedBytes, most),
      group.state,
      group.label,
    ]);
    await print(
      table(head, rows, { width, colours, right: new Set(["files", "hunks", "saves"]) }),
    );
    await say(`${totals(groups)}\n`);
    return 0;
  });
}

/** What `--json` says of a group; sizes are bytes. */
export function groupEntry(group: Group) {
  const { id, digest, label, state, members, hunks, savedBytes, splitOut } = group;
  const { exemplar, toOpen } = group;
  const file = ({ target, path }: Group["exemplar"]) => ({ target, path });
  return {
    id,
    digest,
    label,
    state,
    splitOut: splitOut !== undefined,
    files: members.length,
    targets: new Set(members.map(({ target }) => target)).size,
    savedBytes,
    exemplar: file(exemplar),
    toOpen: toOpen.map(file),
    hunks: hunks.map(({ hunk, members: same, savedBytes: saved }) => ({
      hunk,
      files: same.length,
      savedBytes: saved,
      members: same.map((member) => ({
        ...file(member),
        decision: member.decision ?? null,
        state: member.state,
      })),
    })),
  };
}

function totals(groups: readonly Group[]): string {
  const members = groups.flatMap((group) => group.members);
  const saved = members.reduce((sum, { savedBytes }) => sum + savedBytes, 0);
  const open = members.filter(({ decision }) => decision === undefined);
  const targets = new Set(members.map(({ target }) => target)).size;
  return [
    `${count(groups.length, "group")}, ${count(members.length, "file")} of`,
    `${targets} ${targets === 1 ? "repository" : "repositories"}, ${byteSize(saved)} saved;`,
    `${count(open.length, "file")} to decide`,
  ].join(" ");
}

const barWidth = 8;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Of up to eight characters; what is more than nothing shows. */
function bar(bytes: number, most: number): string {
  if (bytes <= 0) return "";
  const parts = Math.max(1, Math.round((8 * barWidth * bytes) / most));
  return "█".repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? "");
}
