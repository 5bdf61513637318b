import { bytesText, countText, filesText } from "../../../report/numbers.ts";
import { bar, byId, element } from "./elements.ts";
import type { ShownGroup } from "./model.ts";
import { virtualList } from "./virtual-list.ts";

const rowHeight = 88;

export interface GroupList {
  readonly draw: (
    groups: readonly ShownGroup[],
    selected: ShownGroup | undefined,
  ) => void;
}

/** @param choose Called with the group that was clicked on. */
export function groupList(choose: (group: ShownGroup) => void): GroupList {
  const box = byId("groups");
  let groups: readonly ShownGroup[] = [];
  let selected: ShownGroup | undefined;
  let most = 1;
  const list = virtualList(box, rowHeight, (index) => {
    const group = groups[index];
    if (group === undefined) return element("div");
    const row = groupRow(group, most);
    row.id = `group-${String(index)}`;
    row.setAttribute("aria-setsize", String(groups.length));
    row.setAttribute("aria-posinset", String(index + 1));
    row.setAttribute("aria-selected", String(group === selected));
    row.addEventListener("click", () => {
      choose(group);
    });
    return row;
  });
  return {
    draw(next, chosen) {
      groups = next;
      selected = chosen;
      most = Math.max(1, ...groups.map(({ savedBytes }) => savedBytes));
      list.draw(groups.length);
      const index = chosen === undefined ? -1 : groups.indexOf(chosen);
      if (index < 0) {
        box.removeAttribute("aria-activedescendant");
        return;
      }
      list.showRow(index);
      box.setAttribute("aria-activedescendant", `group-${String(index)}`);
    },
  };
}

function groupRow(group: ShownGroup, most: number): HTMLElement {
  const { label, members, hunks, savedBytes, state } = group;
  const facts = [filesText(members.length)];
  if (hunks.length > 1) facts.push(`${countText(hunks.length)} hunks`);
  if (savedBytes > 0) facts.push(bytesText(savedBytes));
  return element(
    "div",
    { class: "group", role: "option" },
    element("b", {}, label),
    element(
      "span",
      { class: "facts" },
      element("span", {}, facts.join(" · ")),
      element("span", { class: `state ${state}` }, stateText(state)),
    ),
    bar([[barClass(state), savedBytes / most]]),
  );
}

export function stateText(state: ShownGroup["state"]): string {
  const words: Readonly<Record<ShownGroup["state"], string>> = {
    waiting: "to decide",
    changed: "changed since",
    partly: "partly decided",
    approved: "✓ approved",
    rejected: "✗ rejected",
    decided: "decided",
  };
  return words[state];
}

function barClass(state: ShownGroup["state"]): string {
  return state === "approved" || state === "rejected" ? state : "open";
}
