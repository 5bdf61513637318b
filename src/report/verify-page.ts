import { createdByLine } from "../images/history/created-by.ts";
import { seconds, runText, verdict } from "../output/verify-wording.ts";
import { sentences } from "../output/wording.ts";
import type {
  UnmatchedBytes,
  VerifiedLayer,
  VerifiedSide,
  VerifyReport,
} from "../verify/report.ts";
import { diffTable } from "./diff-table.ts";
import { differenceList } from "./difference-list.ts";
import { figureList, imageBars, type Figure } from "./figures.ts";
import { fileTable, folderSection } from "./folder-section.ts";
import { html, name, type Html } from "./html.ts";
import { layerColumns, type LayerBar } from "./layers.ts";
import { bytesText, changeText } from "./numbers.ts";
import { pageText } from "./page.ts";

interface Sides<T> {
  readonly before: T;
  readonly after: T;
}

export interface VerifyPageInput {
  readonly report: VerifyReport;
  /** The Dockerfiles. */
  readonly texts: Sides<string>;
  /** What the one image's layers hold and the other one's don't. */
  readonly unmatched: Sides<readonly UnmatchedBytes[]>;
}

const words = { stays: "stays", went: "went", came: "is new" };

/** The report of `dockerslim verify` as a page of HTML. */
export function verifyPage({ report, texts, unmatched }: VerifyPageInput): string {
  const { before, after, gone, differences } = report;
  const bars = {
    before: layerBars(before, unmatched.before, "went"),
    after: layerBars(after, unmatched.after, "came"),
  };
  const went = folderSection(oncePerPath(unmatched.before), {
    id: "went",
    verb: "went",
    nothing: "Nothing: the layers after hold all that the layers before did.",
  });
  return pageText({
    title: `${report.isSame ? "Same image" : "Not the same image"}, ${changeText(before.bytes, after.bytes)}: ${name(before.name)}`,
    header: header(report, bars),
    command: "dockerslim verify",
    css: went.css,
    sections: [
      {
        id: "layers",
        title: "Layers",
        body: layerColumns(
          [
            { title: "Before", layers: bars.before },
            { title: "After", layers: bars.after },
          ],
          { went: words.went, came: words.came },
        ),
      },
      {
        id: "gone",
        title: "What went",
        isHalf: true,
        body: html`${went.body}${gone.length === 0 ? undefined : fileTable("The largest files", gone)}`,
      },
      {
        id: "diff",
        title: "Changes to the Dockerfile",
        isHalf: true,
        body: html`<p class="note">
            <code dir="ltr">${name(before.name)}</code> →
            <code dir="ltr">${name(after.name)}</code>
          </p>
          ${diffTable(texts.before, texts.after)}`,
      },
      { id: "differences", title: "Differences", body: differenceList(differences) },
    ],
  });
}

function header(report: VerifyReport, bars: Sides<readonly LayerBar[]>): Html {
  const { before, after, builder, isSame } = report;
  const run = runText(report);
  const kept = [before, after].flatMap(({ image }) => image ?? []);
  return html`<p class="eyebrow">
      <code dir="ltr">${name(before.name)}</code> →
      <code dir="ltr">${name(after.name)}</code>
    </p>
    <h1>
      <span class="mark ${isSame ? "same" : "other"}" aria-hidden="true"
        >${isSame ? "✓" : "✗"}</span
      >
      ${verdict(report)}
    </h1>
    ${figureList(figures(before, after))}
    ${imageBars(
      [
        { label: "Before", parts: total(bars.before) },
        { label: "After", parts: total(bars.after) },
      ],
      words,
    )}
    <p class="note">
      ${sentences(
        `Built with ${builder}, once each; the first build may also have fetched the base image`,
        run === undefined ? "" : `Run: ${run}`,
      )}${kept.map((image) => html` Kept: <code dir="ltr">${name(image)}</code>.`)}
    </p>`;
}

function figures(before: VerifiedSide, after: VerifiedSide): Figure[] {
  const [was, is] = [before, after].map(compressed);
  return [
    {
      label: "Size",
      values: [bytesText(before.bytes), bytesText(after.bytes)],
      remark: changeText(before.bytes, after.bytes),
    },
    was === undefined || is === undefined
      ? {
          label: "Compressed",
          values: ["not known"],
          remark: "the builder hands layers out uncompressed",
        }
      : {
          label: "Compressed",
          values: [bytesText(was), bytesText(is)],
          remark: changeText(was, is),
        },
    {
      label: "Layers",
      values: [String(before.layers.length), String(after.layers.length)],
      remark: "",
    },
    {
      label: "Build",
      values: [seconds(before.buildMilliseconds), seconds(after.buildMilliseconds)],
      remark: "",
    },
  ];
}

/** Bytes of all layers as stored; undefined where that isn't known of each. */
function compressed({ layers }: VerifiedSide): number | undefined {
  return layers.reduce<number | undefined>(
    (sum, { compressedBytes }) =>
      sum === undefined || compressedBytes === undefined
        ? undefined
        : sum + compressedBytes,
    0,
  );
}

function layerBars(
  { layers }: VerifiedSide,
  unmatched: readonly UnmatchedBytes[],
  part: "went" | "came",
): LayerBar[] {
  const bytes = new Map<number, number>();
  for (const one of unmatched) {
    bytes.set(one.layer, (bytes.get(one.layer) ?? 0) + one.bytes);
  }
  return layers.map((layer, index) => {
    const other = bytes.get(index) ?? 0;
    return {
      instruction: createdByLine(layer.createdBy),
      line: layer.line,
      bytes: layer.bytes,
      compressedBytes: layer.compressedBytes,
      parts: { stays: layer.bytes - other, went: 0, came: 0, [part]: other },
      origin: originOf(layer),
    };
  });
}

/** A layer without a line comes from the base image, unless the history doesn't tell it. */
function originOf({ createdBy }: VerifiedLayer): string {
  return createdBy === "" ? "" : "base image";
}

function total(layers: readonly LayerBar[]): LayerBar["parts"] {
  const sum = (part: keyof LayerBar["parts"]) =>
    layers.reduce((bytes, { parts }) => bytes + parts[part], 0);
  return { stays: sum("stays"), went: sum("went"), came: sum("came") };
}

function oncePerPath(unmatched: readonly UnmatchedBytes[]) {
  const bytes = new Map<string, number>();
  for (const one of unmatched) {
    bytes.set(one.path, (bytes.get(one.path) ?? 0) + one.bytes);
  }
  return [...bytes].map(([path, size]) => ({ path, bytes: size, files: 1 }));
}
