import { html, type Html } from "./html.ts";

/** What a bar is made of; bytes. */
export interface BarParts {
  readonly stays: number;
  readonly went: number;
  readonly came: number;
}

/** Thinner than this share of the scale, a part would not be seen. */
const thinnest = 0.002;

/**
 * A bar to scale. Whoever draws one says the same facts in words beside it.
 *
 * @param scale Bytes of a bar over the whole width.
 */
export function bar({ stays, went, came }: BarParts, scale: number): Html {
  let left = 0;
  const rectangles = Object.entries({ stays, went, came }).flatMap(([part, bytes]) => {
    if (bytes <= 0 || scale <= 0) return [];
    const width = Math.max(bytes / scale, thinnest);
    const rectangle = html`<rect
      class="${part}"
      x="${percent(left)}"
      width="${percent(width)}"
      height="100%"
    />`;
    left += width;
    return [rectangle];
  });
  return html`<svg class="bar" aria-hidden="true" focusable="false">
    <rect class="track" width="100%" height="100%" />
    ${rectangles}
  </svg>`;
}

/** Which colour stands for what. */
export function legend(words: Readonly<Partial<Record<keyof BarParts, string>>>): Html {
  const items = Object.entries(words).map(
    ([part, text]) =>
      html`<li>
        <svg class="key" aria-hidden="true" focusable="false">
          <rect class="${part}" width="100%" height="100%" /></svg
        >${text}
      </li>`,
  );
  return html`<ul class="legend" aria-label="Colours">
    ${items}
  </ul>`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}
