import { visible } from "../../../report/html.ts";
import type { Decision } from "../../groups/decisions.ts";
import { filesText } from "../../../report/numbers.ts";
import type { ReviewData, ReviewGroup, ReviewMember } from "../review-data.ts";
import { diffDialog } from "./diff-dialog.ts";
import { byId, element } from "./elements.ts";
import { drawGroupHead } from "./group-head.ts";
import { groupList } from "./group-list.ts";
import { download, showHelp, showSaved } from "./help.ts";
import { hunkList } from "./hunk-list.ts";
import { listenForKeys } from "./keys.ts";
import {
  decided,
  filters,
  isFound,
  nameOf,
  recordSplit,
  shownGroups,
  splitLocally,
  unopened,
  type ShownGroup,
} from "./model.ts";
import {
  connect,
  embeddedData,
  type Answer,
  type SentDecision,
  type SentSplit,
  type Server,
} from "./source.ts";
import { drawTotals } from "./totals.ts";

const embedded = embeddedData();
if (embedded === undefined) {
  const server = connect();
  const loaded = await server.load();
  if ("problem" in loaded) say(loaded.problem, true);
  else start(loaded, server);
} else {
  start(embedded, undefined);
}

function say(text: string, isProblem = false): void {
  const status = byId("status");
  status.textContent = visible(text);
  status.classList.toggle("problem", isProblem);
}

/** @param server Undefined in a page without one, whose decisions are saved as a file. */
function start(data: ReviewData, server: Server | undefined): void {
  const texts: Record<string, string> = { ...data.texts };
  const sent: SentDecision[] = [];
  const splits: SentSplit[] = [];
  const except = new Set<string>();
  const opened = new Set<string>();
  let groups: readonly ShownGroup[] = shownGroups(data);
  let found: readonly ShownGroup[] = groups;
  let chosen: ShownGroup | undefined = groups[0];
  let shownId: string | undefined;
  let hunkByName = new Map<string, string>();
  let isBusy = false;

  const filter = byId("filter") as HTMLSelectElement;
  const find = byId("find") as HTMLInputElement;
  filter.append(...Object.keys(filters).map((name) => element("option", {}, name)));
  document.title = visible(`Review: ${data.campaign.name}`);
  byId("title").textContent = visible(data.campaign.name);

  const list = groupList(choose);
  const dialog = diffDialog(
    texts,
    (member) => hunkByName.get(nameOf(member)) ?? "",
    (member) => {
      opened.add(nameOf(member));
      drawHead();
    },
    () => {
      drawDetail();
      byId("groups").focus();
    },
  );
  const hunks = hunkList(
    { texts, except, opened },
    {
      open: (member) => {
        const members = chosen?.members ?? [];
        dialog.show(members, members.indexOf(member));
      },
      split: (hunk) => void split(hunk.hunk),
      setExcept: (target, isExcept) => {
        if (isExcept) except.add(target);
        else except.delete(target);
        drawHead();
      },
    },
  );

  function choose(group: ShownGroup | undefined): void {
    if (group?.id !== chosen?.id) except.clear();
    chosen = group;
    draw();
  }

  function draw(): void {
    found = groups.filter((group) => isFound(group, filter.value, find.value));
    if (chosen === undefined || !found.includes(chosen)) {
      chosen = found.find(({ id }) => id === chosen?.id) ?? found[0];
    }
    list.draw(found, chosen);
    drawTotals(groups, data.leftOut);
    drawDetail();
  }

  function drawDetail(): void {
    hunkByName = new Map(
      chosen?.hunks.flatMap(({ hunk, members }) =>
        members.map((member) => [nameOf(member), hunk] as const),
      ),
    );
    drawHead();
    hunks.draw(chosen, shownId === chosen?.id);
    shownId = chosen?.id;
  }

  function drawHead(): void {
    const group = chosen;
    const toOpen = group === undefined ? [] : unopened(group, opened, except);
    drawGroupHead(group, except, toOpen, {
      decide: (decision) => void decide(decision),
      open: dialog.show,
      clearExcept,
      putBack:
        group?.isSplitOut === true && server !== undefined
          ? () => void putBack(server, group)
          : undefined,
    });
  }

  function clearExcept(): void {
    except.clear();
    drawDetail();
  }

  async function decide(decision: Decision): Promise<void> {
    const group = chosen;
    if (group === undefined || isBusy) return;
    const toOpen = unopened(group, opened, except);
    if (decision === "approve" && toOpen.length > 0) {
      say(`Look at ${filesText(toOpen.length)} first.`, true);
      dialog.show(toOpen, 0);
      return;
    }
    const targets = new Set(group.members.map(({ target }) => target));
    const picked = [...except].filter((target) => targets.has(target));
    const isPicked = (member: ReviewMember) => except.has(member.target);
    const onlyPicked = decision === "reject" && picked.length > 0;
    const covers = (member: ReviewMember) =>
      onlyPicked ? isPicked(member) : !isPicked(member);
    const amount = group.members.filter(covers).length;
    if (amount === 0) {
      say("Every file of the group is picked: none is left to approve.", true);
      return;
    }
    const names = new Set(group.members.map(nameOf));
    const decisionSent: SentDecision = {
      group: group.source.id,
      digest: group.source.digest,
      decision,
      ...(group.isPart ? { hunks: group.hunks.map(({ hunk }) => hunk) } : {}),
      ...(onlyPicked ? { only: picked } : { except: picked }),
      opened: [...opened].filter((name) => names.has(name)),
    };
    const place = found.indexOf(group);
    if (server === undefined) {
      sent.push(decisionSent);
      replace(group, [decided(group, decision, covers)]);
    } else if (!(await take(server.decide(decisionSent)))) return;
    const verb = decision === "approve" ? "Approved" : "Rejected";
    say(`${verb}: ${filesText(amount)}.${server === undefined ? saveReminder : ""}`);
    except.clear();
    draw();
    goOn(group.id, place);
  }

  /** To the next group that waits; where the list has none, it stays. */
  function goOn(id: string, place: number): void {
    const rest = [...found.slice(place), ...found.slice(0, place)];
    const next = rest.find((one) => one.id !== id && filters["to decide"]?.(one.state));
    if (next !== undefined) choose(next);
  }

  function replace(group: ShownGroup, by: readonly ShownGroup[]): void {
    groups = groups.flatMap((one) => (one === group ? by : [one]));
    if (chosen === group) chosen = by[0];
  }

  async function split(hunk: string): Promise<void> {
    const group = chosen;
    if (group === undefined || isBusy) return;
    if (server === undefined) {
      recordSplit(splits, group, hunk);
      replace(group, splitLocally(group, hunk));
    } else {
      const { id, digest } = group;
      if (!(await take(server.split({ group: id, digest, hunks: [hunk] })))) return;
      chosen = groups.find(
        (one) => one.isSplitOut && one.hunks.some((part) => part.hunk === hunk),
      );
    }
    say(`The hunk is a group of its own now.${server === undefined ? saveReminder : ""}`);
    draw();
  }

  async function putBack(to: Server, group: ShownGroup): Promise<void> {
    const { id, digest } = group;
    const [hunk] = group.hunks;
    if (isBusy || !(await take(to.putBack({ group: id, digest })))) return;
    chosen = groups.find((one) => one.hunks.some((part) => part.hunk === hunk?.hunk));
    say("The hunk is back in the group of its shape.");
    draw();
  }

  /** @returns false where the server refused; it has been said why */
  async function take(answer: Promise<Answer>): Promise<boolean> {
    isBusy = true;
    try {
      const answered = await answer;
      if ("problem" in answered) {
        say(answered.problem, true);
        return false;
      }
      const id = chosen?.id;
      groups = shownGroups({ ...data, groups: answered.groups });
      chosen = groups.find((group) => group.id === id);
      if (server !== undefined && hasNewHunk(answered.groups, texts)) {
        const loaded = await server.load();
        if (!("problem" in loaded)) Object.assign(texts, loaded.texts);
      }
      return true;
    } finally {
      isBusy = false;
    }
  }

  function save(): void {
    const text = `${JSON.stringify({ version: 1, campaign: data.campaign.id, decisions: sent, splits }, undefined, 2)}\n`;
    const fileName = "decisions.json";
    download(text, fileName);
    showSaved(text, fileName);
  }

  byId("save").hidden = server !== undefined;
  byId("save").addEventListener("click", save);
  byId("help-button").addEventListener("click", showHelp);
  for (const box of [filter, find]) box.addEventListener("input", draw);
  listenForKeys({
    move(by) {
      if (dialog.isOpen()) dialog.step(by);
      else
        choose(found[(chosen === undefined ? -1 : found.indexOf(chosen)) + by] ?? chosen);
    },
    open() {
      if (chosen === undefined || dialog.isOpen()) return;
      const toOpen = unopened(chosen, opened, except);
      dialog.show(toOpen.length > 0 ? toOpen : chosen.members, 0);
    },
    decide: (decision) => {
      if (!dialog.isOpen()) void decide(decision);
    },
    clearExcept,
    find: () => {
      find.focus();
    },
    help: showHelp,
  });
  draw();
}

const saveReminder = " Save the decisions when you are done.";

function hasNewHunk(
  groups: readonly ReviewGroup[],
  texts: Readonly<Record<string, string>>,
): boolean {
  return groups.some(({ hunks }) => hunks.some(({ hunk }) => !(hunk in texts)));
}
