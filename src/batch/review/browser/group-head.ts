import type { Decision } from "../../groups/decisions.ts";
import { bytesText, countText, filesText } from "../../../report/numbers.ts";
import type { ReviewMember } from "../review-data.ts";
import { button, byId, element } from "./elements.ts";
import { stateText } from "./group-list.ts";
import { nameOf, type ShownGroup } from "./model.ts";

export interface HeadActions {
  readonly decide: (decision: Decision) => void;
  readonly putBack: (() => void) | undefined;
  readonly open: (members: readonly ReviewMember[], index: number) => void;
  readonly clearExcept: () => void;
}

/** What is said of the chosen group, and what can be done with it. */
export function drawGroupHead(
  group: ShownGroup | undefined,
  except: ReadonlySet<string>,
  toOpen: readonly ReviewMember[],
  actions: HeadActions,
): void {
  const head = byId("group-head");
  if (group === undefined) {
    head.replaceChildren(
      element("h2", { id: "group-title" }, "No group is chosen"),
      element("p", { class: "note" }, "Nothing is left here, or nothing was found."),
    );
    return;
  }
  const { members, hunks, savedBytes, label, id, state } = group;
  const targets = new Set(members.map(({ target }) => target));
  const picked = [...except].filter((target) => targets.has(target)).length;
  const facts = [
    filesText(members.length),
    `${countText(targets.size)} ${targets.size === 1 ? "repository" : "repositories"}`,
    `${countText(hunks.length)} ${hunks.length === 1 ? "hunk" : "hunks"}`,
    ...(savedBytes > 0 ? [`${bytesText(savedBytes)} saved`] : []),
    `group ${id}`,
  ];
  const words =
    picked === 0
      ? ["Approve", "Reject"]
      : [
          `Approve all but ${countText(picked)}`,
          `Reject the ${countText(picked)} picked`,
        ];
  const [approve = "", reject = ""] = words;
  const buttons = [
    button(
      approve,
      () => {
        actions.decide("approve");
      },
      { class: "approve", "aria-keyshortcuts": "a" },
    ),
    button(
      reject,
      () => {
        actions.decide("reject");
      },
      { class: "reject", "aria-keyshortcuts": "r" },
    ),
  ];
  if (picked > 0) buttons.push(button("Pick none", actions.clearExcept));
  if (actions.putBack !== undefined) {
    buttons.push(button("Put back into its group", actions.putBack));
  }
  head.replaceChildren(
    element("h2", { id: "group-title" }, label),
    element(
      "p",
      { class: "facts" },
      element("span", { class: `state ${state}` }, stateText(state)),
      ` · ${facts.join(" · ")}`,
    ),
    element("div", { class: "actions" }, ...buttons),
  );
  if (toOpen.length > 0) head.append(openFirst(toOpen, actions));
}

function openFirst(toOpen: readonly ReviewMember[], { open }: HeadActions): HTMLElement {
  return element(
    "div",
    { class: "to-open" },
    element(
      "p",
      {},
      `A large group: look at ${filesText(toOpen.length)} before you approve it.`,
    ),
    element(
      "ul",
      {},
      ...toOpen.map((member, index) =>
        element(
          "li",
          {},
          button(
            nameOf(member),
            () => {
              open(toOpen, index);
            },
            { class: "plain" },
          ),
        ),
      ),
    ),
  );
}
