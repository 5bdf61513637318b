import { bytesText, countText, filesText } from "../../../report/numbers.ts";
import { bar, byId } from "./elements.ts";
import { bytesOf, type ShownGroup } from "./model.ts";

/** What all groups together save, and how much of that is decided, in words and as a bar. */
export function drawTotals(groups: readonly ShownGroup[], leftOut: number): void {
  const members = groups.flatMap((group) => group.members);
  const all = bytesOf(members);
  const approved = members.filter(({ decision }) => decision === "approve");
  const rejected = members.filter(({ decision }) => decision === "reject");
  const open = members.length - approved.length - rejected.length;
  const parts = [
    `${countText(groups.length)} ${groups.length === 1 ? "group" : "groups"}`,
    `${filesText(members.length)}, ${bytesText(all)} saved`,
    `approved ${filesText(approved.length)}, ${bytesText(bytesOf(approved))}`,
    `rejected ${filesText(rejected.length)}`,
    `${filesText(open)} to decide`,
  ];
  if (leftOut > 0)
    parts.push(`${countText(leftOut)} more groups: \`batch review <group>\``);
  byId("totals").textContent = parts.join(" · ");
  const scale = Math.max(all, 1);
  byId("total-bar").replaceChildren(
    bar([
      ["approved", bytesOf(approved) / scale],
      ["rejected", bytesOf(rejected) / scale],
    ]),
  );
}
