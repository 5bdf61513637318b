import { visible } from "../../../report/html.ts";

type Child = Node | string;

/** An element whose texts stay texts: nothing from a repository is read as markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  tag: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(
    ...children.map((child) => (typeof child === "string" ? visible(child) : child)),
  );
  return made;
}

export function button(
  label: string,
  action: () => void,
  attributes: Readonly<Record<string, string>> = {},
): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", action);
  return made;
}

/** An element of the page that is always there. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

const svg = "http://www.w3.org/2000/svg";

/**
 * A bar to scale, beside which the same is said in words.
 *
 * @param parts class names and shares of the whole width
 */
export function bar(parts: readonly (readonly [name: string, share: number])[]): Element {
  const drawing = document.createElementNS(svg, "svg");
  drawing.setAttribute("class", "bar");
  drawing.setAttribute("aria-hidden", "true");
  let left = 0;
  for (const [name, share] of [["track", 1] as const, ...parts]) {
    if (share <= 0) continue;
    const rectangle = document.createElementNS(svg, "rect");
    rectangle.setAttribute("class", name);
    rectangle.setAttribute("x", percent(name === "track" ? 0 : left));
    rectangle.setAttribute("width", percent(share));
    rectangle.setAttribute("height", "100%");
    drawing.append(rectangle);
    if (name !== "track") left += share;
  }
  return drawing;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}
