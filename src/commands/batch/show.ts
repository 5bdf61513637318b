import { chooseGroup, chooseTarget } from "../../batch/groups/choose.ts";
import { recordOpened } from "../../batch/groups/opened.ts";
import { readHunks } from "../../batch/groups/read-groups.ts";
import { readTarget, type ShownTarget } from "../../batch/groups/read-target.ts";
import type { Group, Member } from "../../batch/groups/group.ts";
import { whoDecides } from "../../batch/groups/who.ts";
import type { Colours } from "../../output/colour.ts";
import { colouredDiff } from "../../output/diff.ts";
import { printable } from "../../output/printable.ts";
import { byteSize, count } from "../../output/wording.ts";
import {
  withCommonOptions,
  type BatchCommand,
  type CommonOptions,
} from "./batch-command.ts";
import { groupEntry } from "./groups.ts";
import { jsonText, withStore, type Session } from "./with-store.ts";

interface ShowOptions extends CommonOptions {
  readonly all?: boolean;
}

export const showCommand: BatchCommand = (program, exit) => {
  withCommonOptions(program.command("show"))
    .description("show what a repository or a group would get, and what was decided")
    .argument("<repository or group>", "a repository's name or path, or a group's id")
    .option("--all", "show each hunk of a group, not only those that have to be opened")
    .action(async (word: string, options: ShowOptions) => {
      exit(await show(word, options));
    });
};

function show(word: string, options: ShowOptions): Promise<number> {
  return withStore(options, "existing", async (session) => {
    const { store, fail } = session;
    const group = await chooseGroup(store.db, word);
    if ("group" in group) return showGroup(session, group.group, options);
    const targets = await store.db.selectFrom("target").select("key").execute();
    const key = chooseTarget(
      targets.map((target) => target.key),
      word,
    );
    if (typeof key !== "string") {
      return /^[0-9a-f]{4,10}(:|$)/.test(word)
        ? fail(group.message, group.hint)
        : fail(key.message, key.hint);
    }
    return showTarget(session, key, options);
  });
}

/** The exemplar and what else has to be opened, or one file of each hunk. */
async function showGroup(
  session: Session,
  group: Group,
  options: ShowOptions,
): Promise<number> {
  const { store, print, colours } = session;
  const shown = shownMembers(group, options.all === true);
  const hunks = await readHunks(
    store.db,
    shown.map(({ result }) => result),
  );
  await recordOpened(store.db, shown, await whoDecides());
  if (options.json === true) {
    const files = shown.map(({ target, path, hunk, result }) => ({
      target,
      path,
      hunk,
      hunks: hunks.get(result) ?? "",
    }));
    await print(jsonText({ version: 1, group: groupEntry(group), shown: files }));
    return 0;
  }
  await print(
    [
      `${colours.bold(`group ${group.id}`)}  ${group.state}\n`,
      `${printable(group.label)}\n`,
      `${count(group.members.length, "file")}, ${count(group.hunks.length, "hunk")}, ${byteSize(group.savedBytes)} saved\n`,
      `digest ${group.digest}\n\n`,
    ].join(""),
  );
  for (const member of shown) {
    const same = group.hunks.find(({ hunk }) => hunk === member.hunk);
    const others = (same?.members.length ?? 1) - 1;
    const facts = [
      `hunk ${member.hunk.slice(0, 10)}`,
      others > 0 ? `${others} more like it` : "the only one",
      ...(member === group.exemplar ? ["exemplar"] : []),
      decisionWord(member),
    ];
    await print(diffText(member, hunks.get(member.result) ?? "", facts, colours));
  }
  const rest = group.hunks.filter(
    ({ hunk }) => !shown.some((member) => member.hunk === hunk),
  );
  if (rest.length > 0) {
    await session.say(`${count(rest.length, "more hunk")}: --all shows each.\n`);
  }
  return 0;
}

function shownMembers({ hunks, toOpen }: Group, all: boolean): Member[] {
  if (toOpen.length > 0 && !all) return [...toOpen];
  const firsts = hunks.flatMap(({ members }) => members.slice(0, 1));
  return [...new Set([...toOpen, ...firsts])];
}

async function showTarget(
  { store, print, fail, colours }: Session,
  key: string,
  options: ShowOptions,
): Promise<number> {
  const shown = await readTarget(store.db, key);
  if (shown === undefined) return fail(`the campaign has no repository ${key}`);
  const { target, files, problems, events } = shown;
  const members = files.map(({ member }) => member);
  await recordOpened(store.db, members, await whoDecides());
  if (options.json === true) {
    await print(jsonText(targetEntry(shown)));
    return 0;
  }
  await print(targetText(shown, colours));
  for (const { member, group, hunks } of files) {
    const facts = [
      `group ${group}`,
      `hunk ${member.hunk.slice(0, 10)}`,
      decisionWord(member),
    ];
    await print(diffText(member, hunks, facts, colours));
  }
  for (const { path, message } of problems) {
    await print(`${printable(path)}: ${printable(message)}\n`);
  }
  if (files.length === 0)
    await print(`Nothing would change in ${printable(target.key)}.\n`);
  for (const { at, kind, detail } of events) {
    const time = new Date(at).toISOString();
    await print(`${colours.dim(time)}  ${printable(kind)}  ${printable(detail)}\n`);
  }
  return 0;
}

function targetText({ target }: ShownTarget, colours: Colours): string {
  const { key, state, head, request_url: url, failure } = target;
  const lines = [
    `${colours.bold(printable(key))}  ${state}`,
    head === "" ? "" : `planned at ${printable(head)}`,
    url === null ? "" : `request ${printable(url)}`,
    failure === null ? "" : printable(failureText(failure)),
  ].filter((line) => line !== "");
  return `${lines.join("\n")}\n\n`;
}

function failureText(failure: string): string {
  const { step, message, hint } = JSON.parse(failure) as Record<string, string>;
  return [step, message, hint]
    .filter((part) => part !== undefined && part !== "")
    .join(": ");
}

function targetEntry({ target, files, problems, events }: ShownTarget) {
  const { key, kind, state, head, request_url: url, failure } = target;
  return {
    version: 1,
    target: {
      key,
      kind,
      state,
      head,
      request: url,
      failure: failure === null ? null : (JSON.parse(failure) as unknown),
    },
    files: files.map(({ member, group, hunks, changes }) => ({
      path: member.path,
      group,
      hunk: member.hunk,
      decision: member.decision ?? null,
      savedBytes: member.savedBytes,
      hunks,
      changes,
    })),
    problems,
    events: events.map((event) => ({
      ...event,
      detail: JSON.parse(event.detail) as unknown,
    })),
  };
}

function decisionWord({ decision }: Member): string {
  if (decision === undefined) return "to decide";
  return decision === "approve" ? "approved" : "rejected";
}

/** Lines of strangers must not command the terminal. */
function diffText(
  { target, path }: Member,
  hunks: string,
  facts: readonly string[],
  colours: Colours,
): string {
  const head = `${colours.bold(printable(`${target}: ${path}`))}  ${colours.dim(facts.join(", "))}`;
  const lines = hunks.split("\n").map((line) => printableLine(line));
  return `${head}\n${colouredDiff(lines.join("\n"), colours)}\n`;
}

/** Tabs stay: they are what Dockerfiles are indented with. */
function printableLine(line: string): string {
  return line.split("\t").map(printable).join("\t");
}
