import type { Decision } from "../../groups/decisions.ts";

export interface KeyActions {
  readonly move: (by: 1 | -1) => void;
  readonly open: () => void;
  readonly decide: (decision: Decision) => void;
  readonly clearExcept: () => void;
  readonly find: () => void;
  readonly help: () => void;
}

/** Keys of the whole page; those of buttons, boxes and lists stay theirs. */
export function listenForKeys(actions: KeyActions): void {
  const byKey: Readonly<Record<string, () => void>> = {
    j: () => {
      actions.move(1);
    },
    k: () => {
      actions.move(-1);
    },
    a: () => {
      actions.decide("approve");
    },
    r: () => {
      actions.decide("reject");
    },
    u: actions.clearExcept,
    "/": actions.find,
    "?": actions.help,
  };
  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey || !(target instanceof Element)) return;
    const isTyping = target.matches("input:not([type=checkbox]), select, textarea");
    if (isTyping) return;
    let action = byKey[key];
    if (target.id === "groups") action ??= listKey(key, actions);
    else if (key === "Enter" && target === document.body) action = actions.open;
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}

function listKey(key: string, { move, open }: KeyActions): (() => void) | undefined {
  switch (key) {
    case "ArrowDown":
      return () => {
        move(1);
      };
    case "ArrowUp":
      return () => {
        move(-1);
      };
    case "Enter":
    case " ":
      return open;
    default:
      return undefined;
  }
}
