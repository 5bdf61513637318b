/**
 * Scripts are generated with marks in the places where an author may choose how to lay them
 * out, so that one script can be written on a line, over several, or as a heredoc.
 */
const GAP = "\u0001";
const SEPARATOR = "\u0002";
const SEAM = "\u0003";

/** White space between two words. */
export const gap = GAP;
/** What ends a statement: `;`, or a line's end where the form has lines. */
export const separator = SEPARATOR;
/** A place inside a word at which a line may be continued. */
export const seam = SEAM;

/** Turns the spaces of a shell text into gaps, except those that are quoted. */
export function spaced(text: string): string {
  let quote = "";
  let result = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\\" && quote !== "'") {
      at += 1;
      result += char + text.charAt(at);
      continue;
    }
    if (quote === char) quote = "";
    else if (quote === "" && (char === '"' || char === "'")) quote = char;
    result += char === " " && quote === "" ? GAP : char;
  }
  return result;
}

/** Whether a text is more than one simple command or pipeline without an operator. */
export function isList(text: string): boolean {
  return /[&|;]/.test(text) || text.includes(SEPARATOR);
}

/** A list of statements up to and including what ends the last one. */
export function ended(list: string): string {
  return list.endsWith("&") ? `${list}${GAP}` : `${list}${SEPARATOR}`;
}

export interface Rendering {
  readonly gap: (index: number) => string;
  readonly separator: string;
  readonly seam: (index: number) => string;
}

export function render(marked: string, rendering: Rendering): string {
  let gaps = 0;
  let seams = 0;
  return Array.from(marked, (char) => {
    if (char === GAP) return rendering.gap(gaps++);
    if (char === SEPARATOR) return `${rendering.separator}${rendering.gap(gaps++)}`;
    return char === SEAM ? rendering.seam(seams++) : char;
  }).join("");
}
