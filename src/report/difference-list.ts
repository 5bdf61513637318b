import { differenceText } from "../output/verify-wording.ts";
import { count } from "../output/wording.ts";
import type { Difference } from "../verify/types.ts";
import { html, name, type Html } from "./html.ts";
import { bytesText, countText, filesText, unbrokenSizes } from "./numbers.ts";

const mostWrong = 500;
/** For each reason. */
const mostAllowed = 100;
/** Above this many, lists of what is allowed are folded. */
const mostOpen = 20;

/** Each difference with its judgement; those that are allowed by their reasons. */
export function differenceList(differences: readonly Difference[]): Html {
  const wrong = differences.filter(({ judgement }) => judgement === "differs");
  const allowed = differences.filter(({ judgement }) => judgement === "allowed");
  if (differences.length === 0) {
    return html`<p>None: everything that was compared is equal.</p>`;
  }
  return html`${wrong.length === 0 ? undefined : wrongList(wrong)}${
    allowed.length === 0 ? undefined : allowedLists(allowed)
  }`;
}

function wrongList(wrong: readonly Difference[]): Html {
  return html`<h3>Not allowed: ${countText(wrong.length)}</h3>
    ${list(wrong, mostWrong)}`;
}

function allowedLists(allowed: readonly Difference[]): Html {
  const reasons = new Map<string, Difference[]>();
  for (const one of allowed) {
    const members = reasons.get(one.reason);
    if (members === undefined) reasons.set(one.reason, [one]);
    else members.push(one);
  }
  const open = allowed.length <= mostOpen ? html` open` : undefined;
  return html`<h3>Allowed: ${countText(allowed.length)}</h3>
    ${[...reasons].map(([reason, members]) => {
      const files = members.reduce((sum, one) => sum + one.files, 0);
      const bytes = members.reduce((sum, one) => sum + one.bytes, 0);
      return html`<details class="reason" ${open}>
        <summary>
          ${name(reason)}
          <span class="facts">${filesText(files)}, ${bytesText(bytes)}</span>
        </summary>
        ${list(members, mostAllowed)}
      </details> `;
    })}`;
}

function list(members: readonly Difference[], most: number): Html {
  const rest = members.length - most;
  return html`<ul class="differences">
      ${members.slice(0, most).map(item)}
    </ul>
    ${
      rest > 0
        ? html`<p class="note">
            ${count(rest, "more line")}: <code>--format json</code> shows all.
          </p>`
        : undefined
    }`;
}

const kinds: Readonly<Record<Difference["kind"], string>> = {
  configuration: "Configuration",
  file: "File",
  library: "Library",
  run: "Run",
};

function item(difference: Difference): Html {
  const { kind, subject, judgement } = difference;
  const word = judgement === "differs" ? "Not allowed" : "Allowed";
  return html`<li>
    <span class="judgement ${judgement}">${word}</span
    ><span class="kind">${kinds[kind]}</span
    ><span class="sentence"
      ><code dir="ltr">${name(subject)}</code>
      ${name(unbrokenSizes(differenceText(difference)), 600)}</span
    >
  </li>`;
}
