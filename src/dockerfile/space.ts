/**
 * Go's `unicode.IsSpace`, which BuildKit trims with. JavaScript's `\s` differs: it takes
 * U+FEFF for white space and U+0085 for none.
 */
export function isSpace(code: number): boolean {
  if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) return true;
  if (code < 0x85) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/**
 * BuildKit's `[\t\v\f\r ]`, which separates an instruction's keyword and plain words. A
 * no-break space is not among them: it stays part of its word.
 */
export function isSeparator(code: number): boolean {
  return (
    code === 0x20 || code === 0x09 || code === 0x0b || code === 0x0c || code === 0x0d
  );
}

/** First position from `start` on that holds no white space, at most `end`. */
export function skipSpace(text: string, start: number, end: number): number {
  let position = start;
  while (position < end && isSpace(text.charCodeAt(position))) position++;
  return position;
}

/** The plain words of `text`, as BuildKit splits FROM, EXPOSE, COPY, ADD and VOLUME. */
export function splitWords(text: string): string[] {
  return text === "" ? [] : text.split(/[\t\v\f\r ]+/);
}

/** Position after the last character before `end` that is no white space, at least `start`. */
export function trimSpaceEnd(text: string, start: number, end: number): number {
  let position = end;
  while (position > start && isSpace(text.charCodeAt(position - 1))) position--;
  return position;
}
