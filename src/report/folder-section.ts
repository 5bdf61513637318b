import { folderPicture, type FolderCell, type PathBytes } from "./folders.ts";
import { html, name, type Html } from "./html.ts";
import { bytesText, countText, filesText, shareText } from "./numbers.ts";
import { cellName, treemapOf } from "./treemap.ts";

interface Words {
  /** Unique in the page; a word of ASCII letters. */
  readonly id: string;
  /** As a sentence's end: `12.3 MB in 5 files went.` */
  readonly verb: string;
  /** What is said where there is nothing to show. */
  readonly nothing: string;
}

/** The picture of bytes by folder, and the table that says the same. */
export function folderSection(
  files: readonly PathBytes[],
  { id, verb, nothing }: Words,
): { readonly body: Html; readonly css: string } {
  const { root, leftOut } = folderPicture(files);
  if (root.bytes === 0) return { body: html`<p>${nothing}</p>`, css: "" };
  const cells = leaves(root).sort((a, b) => b.bytes - a.bytes);
  const idOf = new Map(cells.map((cell, index) => [cell, `${id}-${index + 1}`]));
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const picture = treemapOf(root, idOf, {
    bytes: all,
    className: id,
    label:
      "Folders, each as large as its part of the bytes; each leads to its row in the table",
  });
  const rows = cells.map(
    (cell) =>
      html`<tr id="${idOf.get(cell) ?? ""}">
        <th scope="row"><code dir="ltr">${cellName(cell)}</code></th>
        <td>${countText(cell.files)}</td>
        <td>${bytesText(cell.bytes)}</td>
        <td>${shareText(cell.bytes / all)}</td>
      </tr>`,
  );
  const rest =
    leftOut.bytes === 0
      ? undefined
      : html`<tr>
          <th scope="row">elsewhere, too small to draw</th>
          <td>${countText(leftOut.files)}</td>
          <td>${bytesText(leftOut.bytes)}</td>
          <td>${shareText(leftOut.bytes / all)}</td>
        </tr>`;
  const amount = files.reduce((sum, file) => sum + file.files, 0);
  return {
    body: html`<p>${bytesText(all)} in ${filesText(amount)} ${verb}.</p>
      ${picture.body}
      <table class="folders">
        <caption>
          The same in numbers
        </caption>
        <thead>
          <tr>
            <th scope="col">Folder</th>
            <th scope="col">Files</th>
            <th scope="col">Size</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          ${rows}${rest}
        </tbody>
      </table>`,
    css: picture.css,
  };
}

/** Paths with their bytes, the largest first. */
export function fileTable(
  caption: string,
  files: readonly Pick<PathBytes, "path" | "bytes">[],
): Html {
  return html`<table class="folders">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">File</th>
        <th scope="col">Size</th>
      </tr>
    </thead>
    <tbody>
      ${files.map(
        ({ path, bytes }) =>
          html`<tr>
            <th scope="row"><code dir="ltr">${name(path)}</code></th>
            <td>${bytesText(bytes)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function leaves(cell: FolderCell): FolderCell[] {
  return cell.kind === "group" ? cell.inside.flatMap(leaves) : [cell];
}
