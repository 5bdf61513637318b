import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import type { FolderCell } from "./folders.ts";
import { html, name, type Html } from "./html.ts";
import { bytesText, shareText } from "./numbers.ts";

export interface Treemap {
  readonly body: Html;
  /** Where the cells are: the page's policy admits no style attributes. */
  readonly css: string;
}

/** Width and height that cells are laid out for; the style sheet gives the picture about these. */
const shapes = { wide: [620, 440], narrow: [328, 520] } as const;

/**
 * Areas by bytes. Each cell is a link to the row of the table that says the same, so that
 * all of them are reached and read with a keyboard alone.
 *
 * @param className Unique in the page.
 */
export function treemapOf(
  root: FolderCell,
  idOf: ReadonlyMap<FolderCell, string>,
  {
    bytes,
    className,
    label,
  }: {
    /** Of which the cells have their shares. */
    readonly bytes: number;
    readonly className: string;
    readonly label: string;
  },
): Treemap {
  const wide = places(root, shapes.wide);
  const narrow = new Map(
    places(root, shapes.narrow).map(({ cell, rule }) => [cell, rule]),
  );
  const cells = wide.map(({ cell }, index) => {
    const share = cell.bytes / bytes;
    const text = `${cellName(cell)}, ${bytesText(cell.bytes)}, ${shareText(share)}`;
    const { folder, last } = split(cell);
    // The name is whole even where the cell is too small for it.
    return html`<li class="${className}-${index}">
      <a class="cell tint-${tint(share)}" href="#${idOf.get(cell) ?? ""}" title="${text}">
        <span class="hidden">${text}</span>
        <span class="folder" aria-hidden="true" dir="ltr">${folder}</span>
        <b aria-hidden="true" dir="ltr">${last}</b>
        <span class="amount" aria-hidden="true">
          ${bytesText(cell.bytes)} <span class="share">${shareText(share)}</span>
        </span>
      </a>
    </li>`;
  });
  const rules = (ruleOf: (cell: FolderCell) => string) =>
    wide.map(({ cell }, index) => `.${className}-${index}{${ruleOf(cell)}}`).join("");
  const wideRules = new Map(wide.map(({ cell, rule }) => [cell, rule]));
  return {
    body: html`<ul class="treemap" aria-label="${label}">
      ${cells}
    </ul>`,
    css: `${rules((cell) => wideRules.get(cell) ?? "")}@media(max-width:40rem){${rules((cell) => narrow.get(cell) ?? "")}}`,
  };
}

/** For people, in a row of its own or a label. */
export function cellName({ path, kind }: FolderCell): string {
  const shown = name(path);
  switch (kind) {
    case "group":
    case "folder":
      return `${shown}/`;
    case "file":
      return shown;
    case "other":
      return `other files in ${shown}/`;
  }
}

function places(
  root: FolderCell,
  size: readonly [width: number, height: number],
): { readonly cell: FolderCell; readonly rule: string }[] {
  const [width, height] = size;
  const nodes = hierarchy(root, ({ inside }) => [...inside])
    .sum(({ kind, bytes }) => (kind === "group" ? 0 : bytes))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const laidOut = treemap<FolderCell>()
    .tile(treemapSquarify.ratio(1.2))
    .size([width, height])(nodes);
  const percent = (part: number, whole: number) =>
    `${((100 * part) / whole).toFixed(2)}%`;
  return laidOut.leaves().map(({ data, x0, x1, y0, y1 }) => ({
    cell: data,
    rule: `left:${percent(x0, width)};top:${percent(y0, height)};width:${percent(x1 - x0, width)};height:${percent(y1 - y0, height)}`,
  }));
}

/** The more of all bytes, the stronger. */
function tint(share: number): 1 | 2 | 3 {
  if (share >= 0.2) return 3;
  return share >= 0.05 ? 2 : 1;
}

function split(cell: FolderCell): { readonly folder: string; readonly last: string } {
  if (cell.kind === "other") return { folder: name(`${cell.path}/`, 80), last: "other" };
  const slash = cell.path.lastIndexOf("/") + 1;
  const last = name(cell.path.slice(slash), 80);
  return {
    folder: name(cell.path.slice(0, slash), 80),
    last: cell.kind === "folder" ? `${last}/` : last,
  };
}
