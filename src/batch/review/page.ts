import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { html, type Html } from "../../report/html.ts";
import { pageHead } from "../../report/page-head.ts";
import { palette } from "../../report/style.ts";
import type { ReviewData } from "./review-data.ts";
import { reviewStyle } from "./style.ts";

/** `npm run build` puts it beside the folder that this module's own bundle is in. */
const scriptPath = new URL("../review-page.js", import.meta.url);

export interface ReviewPage {
  readonly text: string;
  /** Content-Security-Policy: this one script and this one style sheet, by checksum. */
  readonly policy: string;
}

/** @param data Put into the page, which then needs no server; undefined: it asks for them. */
export function reviewPage(data: ReviewData | undefined): ReviewPage {
  const script = readFileSync(scriptPath, "utf8").trim();
  const sheet = `${palette}${reviewStyle}`;
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(sheet)}'`,
    `connect-src ${data === undefined ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  // Nothing in these comes from a repository, but for the data, in which no tag can end.
  const scriptMarkup: Html = { markup: `<script type="module">${script}</script>` };
  const dataMarkup: Html | undefined = data && {
    markup: `<script type="application/json" id="data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>`,
  };
  const { markup } = html`<!doctype html>
    <html lang="en">
      ${pageHead({ title: "Review of a campaign", policy, sheet })}
      <body>
        <header>
          <h1 id="title">Review</h1>
          <p id="totals"></p>
          <div id="total-bar"></div>
          <div class="tools">
            <label
              >Show
              <select id="filter"></select
            ></label>
            <label>Find <input id="find" type="search" spellcheck="false" /></label>
            <button id="save" type="button" hidden>Save decisions…</button>
            <button id="help-button" type="button" aria-keyshortcuts="?">Keys</button>
          </div>
          <p id="status" role="status"></p>
        </header>
        <main>
          <section id="groups-part" aria-labelledby="groups-title">
            <h2 id="groups-title" class="hidden">Groups of equal changes</h2>
            <div
              id="groups"
              role="listbox"
              tabindex="0"
              aria-labelledby="groups-title"
            ></div>
          </section>
          <section id="detail" aria-labelledby="group-title">
            <div id="group-head"></div>
            <div id="hunks" role="region" tabindex="0" aria-label="Hunks"></div>
          </section>
        </main>
        <dialog id="diff" aria-labelledby="diff-title"></dialog>
        <dialog id="help" aria-labelledby="help-title"></dialog>
        <noscript><p>This page needs JavaScript, which it brings along.</p></noscript>
        ${dataMarkup}${scriptMarkup}
      </body>
    </html> `;
  return { text: markup, policy };
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
