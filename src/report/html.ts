/** Markup that may stand in a page as it is; only `html` makes it. */
export interface Html {
  readonly markup: string;
}

type Part = string | number | Html | readonly Html[] | undefined;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters, those that turn the direction of writing, and others that show nothing. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A template whose strings can't become markup, neither between tags nor in quoted
 * attributes, and can't hide what they hold. The template's own indentation is left out.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = strings
    .map((text, index) => text.replace(/\n\s+/g, "\n") + markupOf(parts[index]))
    .join("");
  return { markup };
}

function markupOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escaped(part);
  return "markup" in part ? part.markup : part.map(({ markup }) => markup).join("");
}

function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** Text in which nothing is hidden, but may have several lines. */
export function visible(text: string): string {
  return text.replace(unseen, (character) =>
    character === "\n" || character === "\t" ? character : codePoint(character),
  );
}

/** A file's or an image's name, at most `longest` characters of it, its middle left out. */
export function name(text: string, longest = 240): string {
  const shown = text.replace(/[\n\t]/g, codePoint);
  if (shown.length <= longest) return shown;
  const half = Math.floor((longest - 1) / 2);
  return `${shown.slice(0, half)}…${shown.slice(-half)}`;
}

/** `‹U+202E›` */
function codePoint(character: string): string {
  const hexadecimal = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `‹U+${hexadecimal.padStart(4, "0")}›`;
}
