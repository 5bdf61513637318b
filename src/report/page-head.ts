import { html, type Html } from "./html.ts";

/**
 * What all pages have in their heads.
 *
 * @param head.policy Content-Security-Policy.
 * @param head.sheet CSS of ours: nothing in it may come from anybody else.
 */
export function pageHead({
  title,
  policy,
  sheet,
}: {
  readonly title: string;
  readonly policy: string;
  readonly sheet: string;
}): Html {
  const styleSheet: Html = { markup: `<style>${sheet}</style>` };
  return html`<head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <title>${title}</title>
    ${styleSheet}
  </head>`;
}
