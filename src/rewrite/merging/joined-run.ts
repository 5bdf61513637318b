import type { Comment, Dockerfile, Instruction, Range } from "../../dockerfile/types.ts";
import { isDirectiveComment } from "../directive-comments.ts";
import { applyEdits } from "../../engine/edit.ts";
import { codeRange, hangingIndentation, innerIndentation } from "./indentation.ts";
import { closing, opening, separators, type Form, type Joiner } from "./joining.ts";
import { joint, type Layout } from "../layout.ts";
import type { ScriptProgram } from "../run-program.ts";
import type { Edit } from "../../engine/types.ts";

/** A RUN that becomes one link of a chain. */
export interface Link {
  readonly run: Instruction;
  readonly program: ScriptProgram;
  readonly form: Form;
  /** What stands between this link and the next one. */
  readonly joiner: Joiner;
}

/**
 * Edits that turn the RUNs into one at the place of the first. RUNs that follow each other
 * directly are joined where they stand; one behind an EXPOSE or the like moves up to the
 * end of the chain.
 */
export function joinRuns(
  links: readonly Link[],
  dockerfile: Dockerfile,
  layout: Layout,
): Edit[] {
  const [first] = links;
  const last = links.at(-1);
  if (!first || !last) return [];
  const firstMoved = links.findIndex(
    ({ run }, index) => index > 0 && run.index !== (links[index - 1]?.run.index ?? 0) + 1,
  );
  const inPlace = firstMoved === -1 ? links : links.slice(0, firstMoved);
  const moved = firstMoved === -1 ? [] : links.slice(firstMoved);

  const edits = first === last ? [] : commentAbove(first, dockerfile);
  for (const [index, link] of inPlace.entries()) {
    edits.push(...wrappingEdits(link, dockerfile, layout));
    if (index > 0) edits.push(...hangingIndentation(link, dockerfile, layout));
    const next = inPlace[index + 1];
    if (!next) break;
    const comments = [
      ...commentsBehind(link, dockerfile),
      ...commentsIn(dockerfile, link.run.range.end, next.run.range.start).map(
        ({ range }) => slice(dockerfile, range),
      ),
      ...commentsInFront(next, dockerfile),
      ...(next === last ? [] : shellComment(next)),
    ];
    edits.push({
      range: { start: codeRange(link).end, end: codeRange(next).start },
      text: joint(layout, comments, link.joiner),
    });
  }
  return [...edits, ...moveUp(moved, inPlace.at(-1) ?? first, dockerfile, layout)];
}

/** Appends the links to the one that stays where it is, and removes them further down. */
function moveUp(
  moved: readonly Link[],
  anchor: Link,
  dockerfile: Dockerfile,
  layout: Layout,
): Edit[] {
  const last = moved.at(-1);
  if (!last) return [];
  let text = "";
  let previous = anchor;
  for (const link of moved) {
    const comments = [
      ...commentsBehind(previous, dockerfile),
      ...link.run.leadingComments.map(({ range }) => slice(dockerfile, range)),
      ...commentsInFront(link, dockerfile),
      ...(link === last ? [] : shellComment(link)),
    ];
    text += joint(layout, comments, previous.joiner) + codeText(link, dockerfile, layout);
    previous = link;
  }
  text += slice(dockerfile, { start: codeRange(last).end, end: last.run.range.end });
  return [
    { range: { start: codeRange(anchor).end, end: anchor.run.range.end }, text },
    ...linesOf(
      moved.map(({ run }) => run),
      dockerfile,
    ).map((range) => ({ range, text: "" })),
  ];
}

function wrappingEdits(link: Link, dockerfile: Dockerfile, layout: Layout): Edit[] {
  const { run, form } = link;
  const { script } = link.program;
  const { start, end } = codeRange(link);
  const text = script.text.slice(0, script.codeEnd);
  const operators = (form.asAndList ? separators(script) : []).map((position) =>
    asAnd(run.body.offsetAt(position), dockerfile),
  );
  const insertions = [
    { range: { start, end: start }, text: opening(form, text) },
    ...operators,
    ...(form.wrapping === "none"
      ? []
      : innerIndentation(link, dockerfile, layout)
    ).filter(
      ({ range: { start: at } }) =>
        !operators.some(({ range }) => range.start < at && at < range.end),
    ),
    {
      range: { start: end, end },
      // Right behind a parenthesis, `#` would still start a comment, but not behind a brace.
      text: closing(form, text) + (dockerfile.text[end] === "#" ? " " : ""),
    },
  ];
  if (form.wrapping === "none" && !form.asAndList) return [];
  return insertions.filter((edit) => edit.text !== "");
}

/** A `;` that becomes `&&`; from a line of its own it goes in front of the next command. */
function asAnd(offset: number, { text }: Dockerfile): Edit {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const gap =
    /^;[ \t]*[\\`][ \t]*\r?\n[ \t]*(?=[^ \t#\\`\r\n])/.exec(
      text.slice(offset, offset + 200),
    )?.[0] ?? "";
  if (gap !== "" && text.slice(lineStart, offset).trim() === "")
    return { range: { start: offset, end: offset + gap.length }, text: "&& " };
  const isSpaced = /\s/.test(text[offset - 1] ?? "");
  return { range: { start: offset, end: offset + 1 }, text: isSpaced ? "&&" : " &&" };
}

function codeText(link: Link, dockerfile: Dockerfile, layout: Layout): string {
  const { start, end } = codeRange(link);
  const edits = [
    ...wrappingEdits(link, dockerfile, layout),
    ...hangingIndentation(link, dockerfile, layout),
  ].map((edit) => ({
    ...edit,
    range: { start: edit.range.start - start, end: edit.range.end - start },
  }));
  return applyEdits(slice(dockerfile, { start, end }), edits);
}

/** The comment that ends the script: behind the last command it may stay, else it moves up. */
function shellComment({ program }: Pick<Link, "program">): string[] {
  const { commentStart, text } = program.script;
  return commentStart === undefined ? [] : [text.slice(commentStart)];
}

/** Puts a RUN's shell comment above it, but not between it and an order to a tool. */
export function commentAbove(
  link: Pick<Link, "run" | "program">,
  { text, lineBreak }: Dockerfile,
): Edit[] {
  const { run } = link;
  const directive = run.leadingComments.find((comment) =>
    isDirectiveComment(comment.text),
  );
  const below = directive?.range.start ?? run.keywordRange.start;
  const start = text.lastIndexOf("\n", below - 1) + 1;
  const indent = text.slice(start, below);
  return shellComment(link).map((comment) => ({
    range: { start, end: start },
    text: `${indent}${comment}${lineBreak}`,
  }));
}

/** Comment lines behind the last command. */
function commentsBehind(
  { run, program }: Pick<Link, "run" | "program">,
  dockerfile: Dockerfile,
): string[] {
  const { end } = codeRange({ run, program });
  return run.innerComments
    .filter(({ range }) => range.start >= end)
    .map(({ range }) => slice(dockerfile, range));
}

function commentsInFront(link: Link, dockerfile: Dockerfile): string[] {
  const { start } = codeRange(link);
  return link.run.innerComments
    .filter(({ range }) => range.end <= start)
    .map(({ range }) => slice(dockerfile, range));
}

/** The comment lines between two offsets. */
export function commentsIn(
  dockerfile: Dockerfile,
  start: number,
  end: number,
): Comment[] {
  const found: Comment[] = [];
  const first = firstCommentAfter(dockerfile, start);
  for (let index = first; index < dockerfile.comments.length; index += 1) {
    const comment = dockerfile.comments[index];
    if (!comment || comment.range.end > end) break;
    found.push(comment);
  }
  return found;
}

/** Binary search: a file of thousands of RUNs may have thousands of comments. */
function firstCommentAfter({ comments }: Dockerfile, offset: number): number {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.range.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The lines of instructions that go, with their comments, and the empty lines that would be
 * left over around them.
 */
function linesOf(runs: readonly Instruction[], { text }: Dockerfile): Range[] {
  const ranges: Range[] = [];
  for (const run of runs) {
    const first = run.leadingComments[0]?.range.start ?? run.range.start;
    const start = text.lastIndexOf("\n", first - 1) + 1;
    const newline = text.indexOf("\n", run.range.end);
    const end = newline === -1 ? text.length : newline + 1;
    const previous = ranges.at(-1);
    if (previous && text.slice(previous.end, start).trim() === "")
      ranges[ranges.length - 1] = { start: previous.start, end };
    else ranges.push({ start, end });
  }
  return ranges.map((range) => withoutGap(range, text));
}

function withoutGap({ start, end }: Range, text: string): Range {
  if (text[end - 1] !== "\n") {
    // The line before becomes the last one and, like this one, has no line break.
    const before = text[start - 2] === "\r" ? start - 2 : start - 1;
    return { start: Math.max(before, 0), end };
  }
  const emptyLineBefore = /\n[ \t]*\r?\n$/.test(
    text.slice(Math.max(0, start - 200), start),
  );
  const emptyLinesAfter = /^(?:[ \t]*\r?\n)+/.exec(text.slice(end, end + 200));
  return {
    start,
    end: end + (emptyLineBefore ? (emptyLinesAfter?.[0].length ?? 0) : 0),
  };
}

function slice({ text }: Dockerfile, range: Range): string {
  return text.slice(range.start, range.end);
}
