import { countText } from "../../../report/numbers.ts";
import type { ReviewMember } from "../review-data.ts";
import { button, byId, element } from "./elements.ts";
import { nameOf } from "./model.ts";

const mostLines = 5000;

export interface DiffDialog {
  readonly show: (members: readonly ReviewMember[], index: number) => void;
  readonly step: (by: number) => void;
  readonly isOpen: () => boolean;
}

/**
 * One file's diff, whole, with its line numbers.
 *
 * @param opened Called for each file that has been shown.
 * @param closed Called when the reader comes back to the page.
 */
export function diffDialog(
  texts: Readonly<Record<string, string>>,
  hunkOf: (member: ReviewMember) => string,
  opened: (member: ReviewMember) => void,
  closed: () => void,
): DiffDialog {
  const dialog = byId("diff") as HTMLDialogElement;
  dialog.addEventListener("close", closed);
  let members: readonly ReviewMember[] = [];
  let index = 0;
  const draw = () => {
    const member = members[index];
    if (member === undefined) return;
    const steps = [
      button("Close", () => {
        dialog.close();
      }),
    ];
    if (members.length > 1) {
      const place = `${countText(index + 1)} of ${countText(members.length)}`;
      steps.unshift(
        button("Previous", () => {
          step(-1);
        }),
        button(`Next (${place})`, () => {
          step(1);
        }),
      );
    }
    dialog.replaceChildren(
      element(
        "div",
        { class: "bar-line" },
        element("h2", { id: "diff-title" }, nameOf(member).replace(/[\n\t]/g, " ")),
        element("div", { class: "actions" }, ...steps),
      ),
      diffTable(texts[hunkOf(member)] ?? ""),
    );
    dialog.scrollTo(0, 0);
    opened(member);
  };
  const step = (by: number) => {
    index = (index + by + members.length) % members.length;
    draw();
  };
  return {
    show(next, first) {
      members = next;
      index = first;
      if (!dialog.open) dialog.showModal();
      draw();
    },
    step,
    isOpen: () => dialog.open,
  };
}

function diffTable(text: string): HTMLElement {
  const body = element("tbody");
  let [old, now] = [0, 0];
  const lines = text.replace(/\n$/, "").split("\n");
  for (const line of lines.slice(0, mostLines)) {
    const start = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (start !== null) {
      [old, now] = [Number(start[1]), Number(start[2])];
      const cell = element("td", { colspan: "4" }, element("code", {}, line));
      body.append(element("tr", { class: "at" }, cell));
      continue;
    }
    const [isOld, isNew] = [!line.startsWith("+"), !line.startsWith("-")];
    const isText = !line.startsWith("\\");
    const kind = isText ? (isOld ? (isNew ? "" : "removed") : "added") : "at";
    body.append(
      element(
        "tr",
        { class: kind },
        element("td", { class: "number" }, isText && isOld ? String(old) : ""),
        element("td", { class: "number" }, isText && isNew ? String(now) : ""),
        element(
          "td",
          { class: "sign" },
          kind === "added" ? "+" : kind === "removed" ? "−" : "",
        ),
        element(
          "td",
          {},
          element("code", { dir: "ltr" }, line.slice(1).replace(/\r$/, "␍")),
        ),
      ),
    );
    if (isText && isOld) old += 1;
    if (isText && isNew) now += 1;
  }
  const rest = lines.length - mostLines;
  const titles = ["Line before", "Line after", "Change", "Text"];
  return element(
    "div",
    {},
    element(
      "table",
      { class: "diff" },
      element("caption", { class: "hidden" }, "Changes, as a unified diff"),
      element(
        "colgroup",
        {},
        element("col", { class: "number" }),
        element("col", { class: "number" }),
        element("col", { class: "sign" }),
        element("col"),
      ),
      element(
        "thead",
        { class: "hidden" },
        element(
          "tr",
          {},
          ...titles.map((title) => element("th", { scope: "col" }, title)),
        ),
      ),
      body,
    ),
    ...(rest > 0
      ? [element("p", { class: "note" }, `${countText(rest)} more lines`)]
      : []),
  );
}
