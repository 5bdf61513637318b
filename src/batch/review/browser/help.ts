import { button, byId, element } from "./elements.ts";

const keys: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["j", "↓"], "next group; with a diff open, next file"],
  [["k", "↑"], "previous group or file"],
  [["Enter"], "open the first diff to look at"],
  [["a"], "approve the group"],
  [["r"], "reject it, or the files that are picked"],
  [["u"], "pick none"],
  [["/"], "find by rule or repository"],
  [["Esc"], "close"],
  [["?"], "these keys"],
];

export function showHelp(): void {
  const dialog = byId("help") as HTMLDialogElement;
  dialog.replaceChildren(
    element(
      "div",
      { class: "bar-line" },
      element("h2", { id: "help-title" }, "Keys"),
      button("Close", () => {
        dialog.close();
      }),
    ),
    element(
      "dl",
      { class: "keys" },
      ...keys.flatMap(([names, what]) => [
        element("dt", {}, ...names.map((name) => element("kbd", {}, name))),
        element("dd", {}, what),
      ]),
    ),
  );
  if (!dialog.open) dialog.showModal();
}

/** How decisions of a page without a server get into the store. */
export function showSaved(text: string, fileName: string): void {
  const dialog = byId("help") as HTMLDialogElement;
  const area = element("textarea", { readonly: "", "aria-label": "Decisions" });
  area.value = text;
  const command = `dockerslim batch approve --decisions ${fileName}`;
  dialog.replaceChildren(
    element(
      "div",
      { class: "bar-line" },
      element("h2", { id: "help-title" }, "Decisions"),
      button("Close", () => {
        dialog.close();
      }),
    ),
    element("p", {}, "The file that was saved, also to copy from here. Record it by"),
    element("p", {}, element("code", {}, command)),
    area,
  );
  if (!dialog.open) dialog.showModal();
}

export function download(text: string, fileName: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: address, download: fileName }).click();
  // The browser reads it after the click.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
