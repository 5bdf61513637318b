import { createdByLine } from "../images/history/created-by.ts";
import type { HistoryReport, WasteRow } from "../images/history/report.ts";
import { efficiencyDefinition, percent } from "../output/history-text.ts";
import { count } from "../output/wording.ts";
import type { BarParts } from "./bars.ts";
import { figureList, imageBars } from "./figures.ts";
import { folderSection } from "./folder-section.ts";
import { html, name, type Html } from "./html.ts";
import { layerColumns, type LayerBar } from "./layers.ts";
import { bytesText, filesText } from "./numbers.ts";
import { pageText } from "./page.ts";

const mostWaste = 20;
const words = { stays: "is used", went: "is wasted" };

/** The report of `dockerslim history` as a page of HTML. */
export function historyPage(report: HistoryReport): string {
  const { names, platform, bytes, packedBytes, wastedBytes, efficiency, rows } = report;
  const layers = rows.filter(({ layer }) => layer !== undefined);
  const parts = (all: number, wasted: number): BarParts => ({
    stays: all - wasted,
    went: wasted,
    came: 0,
  });
  const bars = layers.map((row): LayerBar => ({
    instruction: createdByLine(row.createdBy),
    line: row.line,
    bytes: row.bytes,
    parts: parts(row.bytes, row.wastedBytes),
    compressedBytes: undefined,
    origin: "",
  }));
  const title = names.length === 0 ? "Image without a name" : names.join(", ");
  const waste = folderSection(report.waste, {
    id: "waste",
    verb: "can’t be seen by any container",
    nothing: "Nothing: a container sees all that the layers hold.",
  });
  return pageText({
    title: `${name(title)}: ${bytesText(bytes)}, ${bytesText(wastedBytes)} of it wasted`,
    header: html`<p class="eyebrow">${name(platform)}</p>
      <h1><span dir="ltr">${name(title)}</span></h1>
      ${figureList([
        {
          label: "Size",
          values: [bytesText(bytes)],
          remark: count(layers.length, "layer"),
        },
        { label: "As stored", values: [bytesText(packedBytes)], remark: "" },
        {
          label: "Waste",
          values: [bytesText(wastedBytes)],
          remark: "written in one layer, deleted or overwritten in a later one",
        },
        {
          label: "Efficiency",
          values: [percent(efficiency)],
          remark: efficiencyDefinition,
        },
      ])}
      ${imageBars([{ label: "Image", parts: parts(bytes, wastedBytes) }], words)}`,
    command: "dockerslim history",
    css: waste.css,
    sections: [
      {
        id: "layers",
        title: "Layers",
        body: layerColumns([{ title: "From the bottom", layers: bars }], {
          went: words.went,
        }),
      },
      {
        id: "wasted",
        title: "What is wasted",
        isHalf: true,
        body: waste.body,
      },
      {
        id: "remedies",
        title: "What would save it",
        isHalf: true,
        body: remedies(report.waste),
      },
    ],
  });
}

function remedies(waste: readonly WasteRow[]): Html {
  if (waste.length === 0) return html`<p>Nothing is to be saved.</p>`;
  const rest = waste.length - mostWaste;
  return html`<ul class="remedies">
      ${waste.slice(0, mostWaste).map(
        ({ path, kind, bytes, files, writtenIn, removedIn, remedy }) =>
          html`<li>
            <span class="size">${bytesText(bytes)}</span
            ><span class="sentence"
              ><code dir="ltr">${name(path)}</code> (${filesText(files)}): written in
              layer ${writtenIn}, ${kind} in layer ${removedIn}.
              ${
                remedy.transform === undefined
                  ? undefined
                  : html`Removed by <code>${remedy.transform}</code>: `
              }${name(remedy.advice, 600)}</span
            >
          </li>`,
      )}
    </ul>
    ${rest > 0 ? html`<p class="note">${count(rest, "more line")}: <code>--format json</code> shows all.</p>` : undefined}`;
}
