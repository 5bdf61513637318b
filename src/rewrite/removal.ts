import type { AndOr, Command, Statement } from "unbash";
import type { Dockerfile, Instruction, LogicalText, Range } from "../dockerfile/types.ts";
import type { Script } from "../shell/parse.ts";
import { watchedText } from "../shell/process-state.ts";
import { isDirectiveComment } from "./directive-comments.ts";
import type { ScriptProgram } from "./run-program.ts";
import type { Edit } from "../engine/types.ts";

/** Edits of a RUN, once for its script and once for the Dockerfile's text. */
export interface RunEdits {
  readonly script: readonly Edit[];
  readonly file: readonly Edit[];
}

/**
 * Takes whole commands out of a RUN, each with the operator that joins it to the others. A
 * RUN of which nothing remains goes as a whole, and the comments above it stay.
 *
 * @param commands elements of the script's statements, see `isRemovable`
 * @returns undefined where a comment would be lost or moved to another command
 */
export function removeCommands(
  run: Instruction,
  { script }: ScriptProgram,
  commands: ReadonlySet<Command>,
  dockerfile: Dockerfile,
): RunEdits | undefined {
  const spans = removedSpans(script, commands);
  if (spans === "everything") {
    const file = removeInstruction(run, script, dockerfile);
    const whole = { range: { start: 0, end: script.text.length }, text: "" };
    return file && { script: [whole], file: [file] };
  }
  const file = spans.map((span) => fileEdits(span, run, dockerfile));
  if (file.some((edits) => edits === undefined)) return undefined;
  return {
    script: spans.map(({ start, end }) => ({ range: { start, end }, text: "" })),
    file: file.flatMap((edits) => edits ?? []),
  };
}

/**
 * Whether the command is an element of the script that runs whenever those before it have
 * succeeded, and that none can tell to be missing: a statement of its own, or a link of a
 * list joined by `&&` alone.
 */
export function isRemovable(script: Script, command: Command): boolean {
  const isPlain = command.prefix.length === 0 && command.redirects.length === 0;
  return (
    isPlain &&
    watchedText(script) === "" &&
    script.tree.commands.some(
      (statement) =>
        !statement.background && (elements(statement) ?? []).includes(command),
    )
  );
}

/** A statement's commands; undefined where they aren't joined by `&&` alone. */
function elements({
  command,
}: Statement): readonly AndOr["commands"][number][] | undefined {
  if (command.type === "Command") return [command];
  return command.type === "AndOr" && command.operators.every((item) => item === "&&")
    ? command.commands
    : undefined;
}

/** Part of a script that goes. */
interface Span extends Range {
  /**
   * `front`: from the start of a command to the start of the one that takes its place.
   * `back`: from the end of the command that comes last now to the end of the one that did.
   */
  readonly side: "front" | "back";
}

function removedSpans(
  { tree }: Script,
  commands: ReadonlySet<Command>,
): readonly Span[] | "everything" {
  const isGone = (node: { readonly type: string }): boolean =>
    node.type === "Command" && commands.has(node as Command);
  const gone = tree.commands.map((statement) =>
    (elements(statement) ?? [statement.command]).every(isGone),
  );
  const outer = spansOf(tree.commands, gone);
  if (outer === "everything") return outer;
  const inner = tree.commands.flatMap((statement, index) => {
    const parts = elements(statement);
    if (gone[index] || !parts) return [];
    const spans = spansOf(parts, parts.map(isGone));
    return spans === "everything" ? [] : spans;
  });
  return [...outer, ...inner];
}

function spansOf(
  parts: readonly { readonly pos: number; readonly end: number }[],
  gone: readonly boolean[],
): readonly Span[] | "everything" {
  const spans: Span[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const from = parts[index];
    if (!from || !gone[index]) continue;
    while (gone[index + 1]) index += 1;
    const next = parts[index + 1];
    const last = parts[index];
    const before = parts[parts.indexOf(from) - 1];
    if (next) spans.push({ start: from.pos, end: next.pos, side: "front" });
    else if (before && last)
      spans.push({ start: before.end, end: last.end, side: "back" });
    else return "everything";
  }
  return spans;
}

function fileEdits(
  span: Span,
  { body, innerComments }: Instruction,
  { text, escape }: Dockerfile,
): Edit[] | undefined {
  const range = fileRange(span, body);
  const comments = innerComments.filter(
    (comment) => comment.range.start >= range.start && comment.range.end <= range.end,
  );
  const [first] = comments;
  const last = comments.at(-1);
  if (!first || !last) return [{ range, text: "" }];
  if (span.side === "back") return undefined;
  // What stands between two comments can't go with the lines above or below them.
  for (let position = span.start; position < span.end; position += 1) {
    const offset = body.offsetAt(position);
    const isBetween = offset > first.range.start && offset < last.range.end;
    if (isBetween && /\S/.test(body.text[position] ?? "")) return undefined;
  }

  const lineStart = text.lastIndexOf("\n", range.start - 1) + 1;
  const commentLine = text.lastIndexOf("\n", first.range.start - 1) + 1;
  const lead = text.slice(lineStart, range.start);
  const behind = text.slice(last.range.end, range.end);
  const [, operator = ""] = /^\s*(&&\s*)?$/.exec(behind) ?? [];
  if (behind.trim() !== operator.trim()) return undefined;
  // The command has lines of its own, with the operator on its side: these lines go.
  if (lead.trim() === operator.trim())
    return [{ range: { start: lineStart, end: commentLine }, text: "" }];
  // The command stands behind the keyword: what follows moves under it.
  const continuation = text.lastIndexOf(escape, commentLine);
  const start = body.offsetAt(0);
  if (range.start !== start || continuation < start) return undefined;
  return [
    { range: { start, end: continuation }, text: "" },
    { range: { start: range.end - operator.length, end: range.end }, text: "" },
  ].filter(({ range: { start: from, end } }) => from < end);
}

/** Range in the Dockerfile; a position behind a character belongs to that character's line. */
function fileRange({ start, end, side }: Span, body: LogicalText): Range {
  return side === "front"
    ? { start: body.offsetAt(start), end: body.offsetAt(end) }
    : { start: body.offsetAt(start - 1) + 1, end: body.offsetAt(end - 1) + 1 };
}

/**
 * Each word with the white space that it leaves over: that behind it where another word
 * follows on its line, else that before it. Offsets are those of the script.
 */
export function wordRanges(
  command: Command,
  words: readonly { readonly pos: number; readonly end: number }[],
  run: Instruction,
): Range[] {
  const all = [...(command.name ? [command.name] : []), ...command.suffix];
  return words.flatMap(({ pos, end }) => {
    const index = all.findIndex((item) => item.pos === pos);
    const [before, next] = [all[index - 1], all[index + 1]];
    const isFollowed =
      next !== undefined &&
      run.body.offsetAt(next.pos) - run.body.offsetAt(end - 1) === next.pos - end + 1;
    if (isFollowed) return [{ start: pos, end: next.pos }];
    return before ? [{ start: before.end, end }] : [];
  });
}

/**
 * Takes words out of a command. Returns undefined where a comment stands between them.
 *
 * @param ranges each word with white space before or behind it; offsets are those of the script
 */
export function removeWords(
  ranges: readonly Range[],
  { body, innerComments }: Instruction,
): RunEdits | undefined {
  const script = ranges.map((range) => ({ range, text: "" }));
  const file = ranges.map((range) => {
    const side = /^\s/.test(body.text.slice(range.start)) ? "back" : "front";
    return { range: fileRange({ ...range, side }, body), text: "" };
  });
  const losesComment = innerComments.some((comment) =>
    file.some(
      ({ range }) => comment.range.start >= range.start && comment.range.end <= range.end,
    ),
  );
  return losesComment ? undefined : { script, file };
}

/** Takes a whole RUN out. The comments above it stay, unless one is an order to a tool. */
function removeInstruction(
  { range, flags, leadingComments, innerComments }: Instruction,
  { commentStart }: Script,
  { text }: Dockerfile,
): Edit | undefined {
  if (
    flags.length > 0 ||
    innerComments.length > 0 ||
    commentStart !== undefined ||
    leadingComments.some((comment) => isDirectiveComment(comment.text))
  )
    return undefined;
  const newline = text.indexOf("\n", range.end);
  const end = newline === -1 ? text.length : beforeBreak(text, newline);
  const hasGapAfter = /^\r?\n[ \t]*(\r?\n|$)/.test(text.slice(end, end + 200));
  const isEndOfFile = text.slice(end).trim() === "";
  // The line break in front goes and the one behind stays: the file may end without one.
  let start = beforeBreak(text, text.lastIndexOf("\n", range.start - 1));
  while (hasGapAfter || isEndOfFile) {
    const above = text.lastIndexOf("\n", start - 1);
    if (above === -1 || text.slice(above, start).trim() !== "") break;
    start = beforeBreak(text, above);
  }
  return { range: { start, end }, text: "" };
}

/** Where the line ends whose line feed stands at this offset. */
function beforeBreak(text: string, lineFeed: number): number {
  return text[lineFeed - 1] === "\r" ? lineFeed - 1 : lineFeed;
}
