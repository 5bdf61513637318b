import { diffHunks } from "../output/diff.ts";
import { count } from "../output/wording.ts";
import { html, type Html } from "./html.ts";

const mostLines = 2000;
const longestLine = 2000;

interface DiffLine {
  readonly kind: "kept" | "added" | "removed" | "hunk" | "remark";
  readonly old: number | undefined;
  readonly now: number | undefined;
  readonly text: string;
}

/** A unified diff as a table with the line numbers of both files. */
export function diffTable(before: string, after: string): Html {
  const lines = diffHunks(before, after).flatMap(linesOf);
  if (lines.length === 0) return html`<p>The two Dockerfiles are the same.</p>`;
  const rest = lines.length - mostLines;
  return html`<table class="diff">
      <caption class="hidden">
        Changes to the Dockerfile, as a unified diff
      </caption>
      <colgroup>
        <col class="number" />
        <col class="number" />
        <col class="sign" />
        <col />
      </colgroup>
      <thead class="hidden">
        <tr>
          <th scope="col">Line before</th>
          <th scope="col">Line after</th>
          <th scope="col">Change</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      <tbody>
        ${lines.slice(0, mostLines).map(row)}
      </tbody>
    </table>
    ${
      rest > 0
        ? html`<p class="note">${count(rest, "more line")} not shown.</p>`
        : undefined
    }`;
}

const signs = { kept: "", added: "+", removed: "−", hunk: "", remark: "" } as const;

function row({ kind, old, now, text }: DiffLine): Html {
  const code = html`<code dir="ltr">${shown(text)}</code>`;
  if (kind === "hunk")
    return html`<tr class="hunk">
      <td colspan="4">${code}</td>
    </tr>`;
  const content = {
    kept: code,
    remark: code,
    added: html`<ins>${code}</ins>`,
    removed: html`<del>${code}</del>`,
  }[kind];
  return html`<tr class="${kind}">
    <td class="number">${old}</td>
    <td class="number">${now}</td>
    <td class="sign">${signs[kind]}</td>
    <td class="text">${content}</td>
  </tr>`;
}

function linesOf({
  oldStart,
  oldLines,
  newStart,
  newLines,
  lines,
}: ReturnType<typeof diffHunks>[number]): DiffLine[] {
  let [old, now] = [oldStart, newStart];
  const head: DiffLine = {
    kind: "hunk",
    old: undefined,
    now: undefined,
    text: `@@ −${oldStart},${oldLines} +${newStart},${newLines} @@`,
  };
  return [
    head,
    ...lines.map((line): DiffLine => {
      const text = line.slice(1);
      switch (line[0]) {
        case "+":
          return { kind: "added", old: undefined, now: now++, text };
        case "-":
          return { kind: "removed", old: old++, now: undefined, text };
        case "\\":
          return { kind: "remark", old: undefined, now: undefined, text: text.trim() };
        default:
          return { kind: "kept", old: old++, now: now++, text };
      }
    }),
  ];
}

/** The carriage return of a line break counts, but isn't worth a code point's name. */
function shown(text: string): string {
  const rest = text.length - longestLine;
  const cut =
    rest > 0 ? `${text.slice(0, longestLine)}… (${count(rest, "more character")})` : text;
  return cut.replace(/\r$/, "␍");
}
