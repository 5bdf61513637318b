import { createHash } from "node:crypto";
import { version } from "../version.ts";
import { html, type Html } from "./html.ts";
import { pageHead } from "./page-head.ts";
import { style } from "./style.ts";

export interface Page {
  /** What the browser shows in its tab. */
  readonly title: string;
  readonly header: Html;
  readonly sections: readonly Section[];
  /** The command that made it. */
  readonly command: string;
  /** Rules that this page needs besides those of all pages. */
  readonly css: string;
}

export interface Section {
  /** Unique in the page; a word of ASCII letters. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
  /** Takes half of a wide window, beside the next or the previous half. */
  readonly isHalf?: boolean;
}

/**
 * One file that asks for nothing: the policy forbids every request and every script, and
 * admits this very style sheet by its checksum, so that no text can bring another one.
 */
export function pageText({ title, header, sections, command, css }: Page): string {
  // Nothing in it comes from an image: parts of it are constants and numbers.
  const sheet = `${style}${css}`;
  const hash = createHash("sha256").update(sheet).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
      ${pageHead({ title, policy, sheet })}
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <header>
          ${header}
          <nav aria-label="Parts of the report">
            <ul>
              ${sections.map(
                ({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`,
              )}
            </ul>
          </nav>
        </header>
        <main id="main" tabindex="-1">
          ${sections.map(
            ({ id, title: name, body, isHalf }) =>
              html`<section
                id="${id}"
                aria-labelledby="${id}-title"
                ${isHalf === true ? html` class="half"` : undefined}
              >
                <h2 id="${id}-title">${name}</h2>
                ${body}
              </section> `,
          )}
        </main>
        <footer>
          <p>
            Made by <code>${command}</code>, version ${version}. Sizes are decimal: 1 MB
            is 1,000,000 bytes.
          </p>
        </footer>
      </body>
    </html> `.markup;
}
