import type { FileProblem } from "../files/problem.ts";
import type { Note, ReportedChange } from "../engine/result.ts";
import type { Colours } from "./colour.ts";
import { sentences } from "./wording.ts";

/** `path:line:column: error: what. hint` */
export function problemLine(
  path: string,
  problem: FileProblem,
  colours: Colours,
): string {
  const file = problem.file ?? path;
  const place =
    problem.line === undefined ? file : `${file}:${problem.line}:${problem.column ?? 1}`;
  const text =
    problem.kind === "internal-error"
      ? sentences(`internal error: ${problem.message}`, problem.hint)
      : sentences(problem.message, problem.hint);
  return `${colours.bold(place)}: ${colours.red("error")}: ${text}\n`;
}

/** `path:line:column transform: why` */
export function noteLine(path: string, note: Note, colours: Colours): string {
  const place = `${path}:${note.line}:${note.column}`;
  return `${colours.dim(place)} ${colours.cyan(note.transform)}: ${note.message}\n`;
}

/** `path:line:column transform: what it would do (unsafe, not applied)` */
export function withheldLine(
  path: string,
  { line, column, transform, message, level }: ReportedChange,
  colours: Colours,
): string {
  const place = colours.dim(`${path}:${line}:${column}`);
  return `${place} ${colours.cyan(transform)}: ${message} (${level}, not applied)\n`;
}

export function warningLine(path: string, warning: string, colours: Colours): string {
  return `${colours.bold(path)}: ${colours.yellow("warning")}: ${sentences(warning)}\n`;
}
