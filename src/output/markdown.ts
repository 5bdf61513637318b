import { printable, shortened } from "./printable.ts";

const longestCode = 100;

export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("");
}

/** A code span of which nothing ends the span or the table's cell. */
export function code(content: string): string {
  const plain = shortened(printable(content), longestCode)
    .replaceAll("`", "'")
    .replaceAll("|", "\\|")
    .trim();
  return plain === "" ? "" : `\`${plain}\``;
}

/** Plain text of which nothing is taken for Markdown. */
export function text(content: string): string {
  return printable(content).replace(/[\\`*_{}[\]<>|&]/g, "\\$&");
}
