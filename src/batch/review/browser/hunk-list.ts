import { bytesText, countText, filesText } from "../../../report/numbers.ts";
import type { ReviewHunk, ReviewMember } from "../review-data.ts";
import { bytesOf, nameOf, type ShownGroup } from "./model.ts";
import { button, byId, element } from "./elements.ts";
import { virtualList } from "./virtual-list.ts";

const rowHeight = 24;
const longestLine = 1000;

export interface HunkActions {
  readonly open: (member: ReviewMember) => void;
  readonly split: (hunk: ReviewHunk) => void;
  readonly setExcept: (target: string, isExcept: boolean) => void;
}

export interface HunkListState {
  readonly texts: Readonly<Record<string, string>>;
  readonly except: ReadonlySet<string>;
  readonly opened: ReadonlySet<string>;
}

/** Each hunk: a head, its lines, the repositories that get it, and an empty row. */
interface Part {
  readonly hunk: ReviewHunk;
  readonly lines: readonly string[];
  readonly firstRow: number;
}

/** The hunks of the chosen group, as rows of one height. */
export function hunkList(state: HunkListState, actions: HunkActions) {
  const box = byId("hunks");
  let group: ShownGroup | undefined;
  let parts: Part[] = [];
  const list = virtualList(box, rowHeight, (index) => {
    const part = partAt(parts, index);
    if (group === undefined || part === undefined) return element("div");
    const { hunk, lines, firstRow } = part;
    const place = index - firstRow;
    if (place === 0) return headRow(group, hunk, parts.indexOf(part), actions);
    const line = lines[place - 1];
    if (line !== undefined) return lineRow(line);
    const member = hunk.members[place - 1 - lines.length];
    return member === undefined
      ? element("div", { class: "row" })
      : memberRow(member, state, actions);
  });
  return {
    /** @param isSame whether it is the group that was shown before */
    draw(next: ShownGroup | undefined, isSame: boolean) {
      group = next;
      parts = [];
      let rows = 0;
      for (const hunk of next?.hunks ?? []) {
        const lines = linesOf(state.texts[hunk.hunk] ?? "");
        parts.push({ hunk, lines, firstRow: rows });
        rows += lines.length + hunk.members.length + 2;
      }
      list.draw(rows);
      if (!isSame) list.toTop();
    },
  };
}

function partAt(parts: readonly Part[], row: number): Part | undefined {
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((parts[middle]?.firstRow ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return parts[low];
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}

function headRow(
  group: ShownGroup,
  hunk: ReviewHunk,
  index: number,
  { split }: HunkActions,
): HTMLElement {
  const facts = [
    `Hunk ${countText(index + 1)} of ${countText(group.hunks.length)}`,
    filesText(hunk.members.length),
    ...savedFacts(bytesOf(hunk.members)),
  ];
  const row = element("div", { class: "row head" }, element("h3", {}, facts.join(" · ")));
  if (group.hunks.length > 1) {
    row.append(
      button(
        "Split out",
        () => {
          split(hunk);
        },
        { "aria-label": `Split out hunk ${String(index + 1)}` },
      ),
    );
  }
  return row;
}

const kinds: Readonly<Record<string, string>> = {
  "+": "added",
  "-": "removed",
  "@": "at",
};

function lineRow(line: string): HTMLElement {
  const kind = kinds[line[0] ?? ""] ?? "";
  const text =
    line.length > longestLine ? `${line.slice(0, longestLine)}… (open to see all)` : line;
  return element("div", { class: `row line ${kind}` }, text.replace(/\r$/, "␍"));
}

function memberRow(
  member: ReviewMember,
  { except, opened }: HunkListState,
  actions: HunkActions,
): HTMLElement {
  const { target, path, savedBytes } = member;
  const name = nameOf(member);
  const box = element("input", { type: "checkbox", "aria-label": `Pick ${name}` });
  box.checked = except.has(target);
  box.addEventListener("change", () => {
    actions.setExcept(target, box.checked);
  });
  const open = button(
    `${target} ${path}`.replace(/[\n\t]/g, " "),
    () => {
      actions.open(member);
    },
    { class: "plain" },
  );
  const facts = [
    ...savedFacts(savedBytes),
    ...(member.state === "planned" ? [] : [member.state]),
    ...(opened.has(name) ? ["opened"] : []),
    ...(member.isVoid === true ? ["changed since it was decided"] : []),
  ];
  const row = element(
    "div",
    { class: "row member" },
    box,
    open,
    element("span", { class: "facts" }, facts.join(" · ")),
  );
  if (member.decision !== undefined) {
    const isApproved = member.decision === "approve";
    const [kind, word] = isApproved ? ["approved", "✓"] : ["rejected", "✗"];
    row.append(element("span", { class: `decision ${kind}` }, `${word} ${kind}`));
  }
  return row;
}

/** Nothing where it isn't known what a change saves, as for layers alone. */
function savedFacts(bytes: number): string[] {
  return bytes > 0 ? [bytesText(bytes)] : [];
}
