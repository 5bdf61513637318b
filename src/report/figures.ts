import { bar, legend, type BarParts } from "./bars.ts";
import { html, type Html } from "./html.ts";
import { bytesText } from "./numbers.ts";

/** One thing that is measured. */
export interface Figure {
  readonly label: string;
  /** The value, or the values before and after. */
  readonly values: readonly [string] | readonly [string, string];
  /** Set small below; may be empty. */
  readonly remark: string;
}

export function figureList(figures: readonly Figure[]): Html {
  return html`<dl class="figures">
    ${figures.map(
      ({ label, values: [first, second], remark }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>
            ${
              second === undefined
                ? html`<strong>${first}</strong>`
                : html`<span class="was">${first}</span>
                    <span class="arrow" aria-hidden="true">→</span
                    ><span class="hidden"> before, after: </span
                    ><strong>${second}</strong>`
            }${remark === "" ? undefined : html`<small>${remark}</small>`}
          </dd>
        </div>`,
    )}
  </dl>`;
}

/** Whole images as bars, with their sizes. */
export function imageBars(
  images: readonly { readonly label: string; readonly parts: BarParts }[],
  words: Readonly<Partial<Record<keyof BarParts, string>>>,
): Html {
  const total = ({ stays, went, came }: BarParts) => stays + went + came;
  const scale = Math.max(...images.map(({ parts }) => total(parts)), 1);
  const used = Object.entries(words).filter(([part]) =>
    images.some(({ parts }) => parts[part as keyof BarParts] > 0),
  );
  return html`<ul class="images">
      ${images.map(({ label, parts }) => {
        const facts = used.flatMap(([part, word]) => {
          const bytes = parts[part as keyof BarParts];
          return bytes === 0 ? [] : [`${bytesText(bytes)} ${word}`];
        });
        return html`<li>
          <span class="label">${label}</span>${bar(parts, scale)}<span class="size"
            >${bytesText(total(parts))}</span
          ><span class="facts">${facts.join(" · ")}</span>
        </li>`;
      })}
    </ul>
    ${legend(Object.fromEntries(used))}`;
}
