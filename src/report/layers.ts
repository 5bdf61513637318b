import { count } from "../output/wording.ts";
import { bar, type BarParts } from "./bars.ts";
import { html, name, type Html } from "./html.ts";
import { bytesText } from "./numbers.ts";

/** A layer as it is drawn. */
export interface LayerBar {
  /** In one line; empty where the image's history doesn't tell it. */
  readonly instruction: string;
  /** 1-based line of the Dockerfile. */
  readonly line: number | undefined;
  readonly bytes: number;
  readonly parts: BarParts;
  readonly compressedBytes: number | undefined;
  /** Where it comes from, where no line tells it; may be empty. */
  readonly origin: string;
}

export interface LayerColumn {
  readonly title: string;
  /** Bottom layer first. */
  readonly layers: readonly LayerBar[];
}

/** What parts are called behind their size: `12.3 MB went`. */
type PartWords = Readonly<Partial<Record<keyof BarParts, string>>>;

/** An instruction that is longer is folded. */
const longestLine = 140;
const longestText = 2000;

/** A column of more layers than this has small ones folded … */
const mostLayers = 24;
/** … that is, at least so many in a row … */
const fewestFolded = 4;
/** … each of them with less than this share of the scale. */
const smallShare = 0.01;

interface NumberedLayer extends LayerBar {
  /** 1-based, from the bottom. */
  readonly number: number;
}

/** Columns of bars to one scale, as in the Dockerfile. */
export function layerColumns(columns: readonly LayerColumn[], words: PartWords): Html {
  const scale = Math.max(
    ...columns.flatMap(({ layers }) => layers.map(({ bytes }) => bytes)),
    1,
  );
  return html`<p class="note">
      The longest bar stands for ${bytesText(scale)}; all bars have the same scale.
    </p>
    <div class="columns">
      ${columns.map((column) => columnOf(column, scale, words))}
    </div>`;
}

function columnOf({ title, layers }: LayerColumn, scale: number, words: PartWords): Html {
  const numbered = layers.map((layer, index) => ({ ...layer, number: index + 1 }));
  const isLong = layers.length > mostLayers;
  const isSmall = ({ bytes }: LayerBar) => isLong && bytes < scale * smallShare;
  const items = runs(numbered, isSmall).flatMap((run) => {
    const rows = run.map((layer) => row(layer, scale, words));
    const isFolded = run.every(isSmall) && run.length >= fewestFolded;
    return isFolded ? [folded(run, rows)] : rows;
  });
  return html`<div>
    <h3>${title}</h3>
    <p class="note">${count(layers.length, "layer")}, ${bytesText(bytesOf(layers))}</p>
    ${
      items.length === 0
        ? undefined
        : html`<ol class="layers">
            ${items}
          </ol>`
    }
  </div>`;
}

/** Neighbours that are small or large alike. */
function runs(
  layers: readonly NumberedLayer[],
  isSmall: (layer: LayerBar) => boolean,
): NumberedLayer[][] {
  const all: NumberedLayer[][] = [];
  for (const layer of layers) {
    const run = all.at(-1);
    if (run?.[0] !== undefined && isSmall(run[0]) === isSmall(layer)) run.push(layer);
    else all.push([layer]);
  }
  return all;
}

function folded(run: readonly NumberedLayer[], rows: readonly Html[]): Html {
  const numbers = [run[0], run.at(-1)].map((layer) => String(layer?.number ?? ""));
  return html`<li class="folded">
    <details>
      <summary>
        Layers ${numbers.join(" to ")}
        <span class="facts">all small, together ${bytesText(bytesOf(run))}</span>
      </summary>
      <ol class="layers">
        ${rows}
      </ol>
    </details>
  </li>`;
}

function row(layer: NumberedLayer, scale: number, words: PartWords): Html {
  const { number, line, bytes, parts, compressedBytes, origin } = layer;
  const facts = [
    line === undefined ? origin : `line ${line}`,
    ...Object.entries(words).map(([part, word]) => {
      const size = parts[part as keyof BarParts];
      return size === 0 ? "" : `${bytesText(size)} ${word}`;
    }),
    compressedBytes === undefined || bytes === 0
      ? ""
      : `${bytesText(compressedBytes)} compressed`,
  ].filter((fact) => fact !== "");
  return html`<li>
    <span class="index"><span class="hidden">Layer </span>${number}</span>
    <span class="size">${bytesText(bytes)}</span>
    ${bar(parts, scale)}
    <div class="what">
      ${instructionText(layer.instruction)}
      <span class="facts">${facts.join(" · ")}</span>
    </div>
  </li>`;
}

function instructionText(instruction: string): Html {
  if (instruction === "") return html`<em>not in the image’s history</em>`;
  if (instruction.length <= longestLine) {
    return html`<code dir="ltr">${name(instruction)}</code>`;
  }
  const head = `${instruction.slice(0, longestLine).replace(/\s\S*$/, "")} …`;
  return html`<details>
    <summary><code dir="ltr">${name(head)}</code></summary>
    <code dir="ltr">${name(instruction, longestText)}</code>
  </details>`;
}

function bytesOf(layers: readonly LayerBar[]): number {
  return layers.reduce((sum, { bytes }) => sum + bytes, 0);
}
