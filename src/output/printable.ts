/* eslint-disable no-control-regex -- they are what this is about */

/** Control characters, and those that turn the direction of writing. */
const harmful = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from an image, which must not command the terminal, as one line. */
export function printable(text: string): string {
  return text.replace(/[\t\r\n]+/g, " ").replace(harmful, "\uFFFD");
}

/** At most `width` characters, the last one an ellipsis where something was cut off. */
export function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
