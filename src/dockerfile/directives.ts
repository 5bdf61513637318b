import { skipSpace } from "./space.ts";
import type { Directive, ParseProblem } from "./types.ts";

const KNOWN = new Set(["syntax", "escape", "check"]);

/**
 * The parser directive on the physical line from `start` to `end`; undefined if it is none.
 *
 * The caller stops asking at the first line that isn't one: BuildKit takes directives only
 * at the very top, and an unknown name is an ordinary comment that ends them.
 */
export function readDirective(
  text: string,
  start: number,
  end: number,
): Directive | undefined {
  const hash = skipSpace(text, start, end);
  if (text[hash] !== "#") return undefined;
  const content = text.slice(skipSpace(text, hash + 1, end), end);
  const match = /^([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=(.+)$/.exec(content);
  const name = match?.[1]?.toLowerCase();
  // Where there are only blanks, BuildKit takes one of them for the value.
  const value = match?.[2] && (trimBlanks(match[2]) || " ");
  if (name === undefined || value === undefined || !KNOWN.has(name)) {
    return undefined;
  }
  return { name, value, range: { start: hash, end } };
}

function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && /[\t\f\r ]/.test(text[end - 1] ?? "")) end--;
  return text.slice(0, end).replace(/^[\t\f\r ]+/, "");
}

/** Why BuildKit refuses `directive` after the `earlier` ones; undefined if it doesn't. */
export function directiveProblem(
  directive: Directive,
  earlier: readonly Directive[],
): ParseProblem | undefined {
  const { name, value, range } = directive;
  if (earlier.some((other) => other.name === name)) {
    return {
      message: `The parser directive “${name}” is given twice; Docker takes it once.`,
      hint: "Remove one of the two lines.",
      range,
    };
  }
  if (name === "escape" && value !== "\\" && value !== "`") {
    return {
      message: `“${value}” can't be the escape character; Docker takes \\ or \`.`,
      hint: "Write “# escape=\\” or “# escape=`”, or remove the line.",
      range,
    };
  }
  return undefined;
}

/** Whether a `syntax` directive names Docker's own grammar, by any registry or tag. */
export function isDockerSyntax(directive: Directive): boolean {
  return /(^|\/)docker\/dockerfile(-upstream)?([:@ ]|$)/.test(directive.value);
}
