import type { Dockerfile, Instruction, Range } from "../dockerfile/types.ts";
import { applyEdits } from "./edit.ts";
import { closing, opening, separators, type Form } from "./joining.ts";
import { joint, type Layout } from "./layout.ts";
import type { ScriptProgram } from "./run-program.ts";
import type { Edit } from "./types.ts";

/** A RUN that becomes one link of a chain. */
export interface Link {
  readonly run: Instruction;
  readonly program: ScriptProgram;
  readonly form: Form;
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
  const isAdjacent = (index: number): boolean =>
    links[index]?.run.index === (links[index - 1]?.run.index ?? NaN) + 1;
  const firstMoved = links.findIndex((_, index) => index > 0 && !isAdjacent(index));
  const inPlace = firstMoved === -1 ? links : links.slice(0, firstMoved);
  const moved = firstMoved === -1 ? [] : links.slice(firstMoved);

  const edits = inPlace.flatMap((link, index) => {
    const next = inPlace[index + 1];
    if (!next) return wrappingEdits(link);
    const comments = [
      ...commentsBehind(link, dockerfile),
      ...commentsWithin(dockerfile, link.run.range.end, next.run.range.start),
      ...commentsInFront(next, dockerfile),
    ];
    const range = { start: codeRange(link).end, end: codeRange(next).start };
    return [...wrappingEdits(link), { range, text: joint(layout, comments) }];
  });

  const lastInPlace = inPlace.at(-1);
  if (!lastInPlace || moved.length === 0) return edits;
  let appended = "";
  let previous = lastInPlace;
  for (const link of moved) {
    const comments = [
      ...commentsBehind(previous, dockerfile),
      ...link.run.leadingComments.map(({ range }) => slice(dockerfile, range)),
      ...commentsInFront(link, dockerfile),
    ];
    appended += joint(layout, comments) + codeText(link, dockerfile);
    previous = link;
  }
  appended += slice(dockerfile, {
    start: codeRange(previous).end,
    end: previous.run.range.end,
  });
  return [
    ...edits,
    {
      range: { start: codeRange(lastInPlace).end, end: lastInPlace.run.range.end },
      text: appended,
    },
    ...moved.map((link) => ({ range: linesOf(link.run, dockerfile), text: "" })),
  ];
}

/** From the first to the last character of the script's statements, in the Dockerfile. */
export function codeRange({ run, program }: Pick<Link, "run" | "program">): Range {
  return {
    start: run.body.offsetAt(0),
    // The character after the last one may stand lines further down.
    end: run.body.offsetAt(program.script.codeEnd - 1) + 1,
  };
}

function wrappingEdits(link: Link): Edit[] {
  const { run, form } = link;
  const { script } = link.program;
  const { start, end } = codeRange(link);
  const text = script.text.slice(0, script.codeEnd);
  const insertions = [
    { range: { start, end: start }, text: opening(form, text) },
    ...(form.asAndList ? separators(script) : []).map((position) => {
      const offset = run.body.offsetAt(position);
      return { range: { start: offset, end: offset + 1 }, text: " &&" };
    }),
    { range: { start: end, end }, text: closing(form, text) },
  ];
  return insertions.filter((edit) => edit.text !== "");
}

function codeText(link: Link, dockerfile: Dockerfile): string {
  const { start, end } = codeRange(link);
  const edits = wrappingEdits(link).map((edit) => ({
    ...edit,
    range: { start: edit.range.start - start, end: edit.range.end - start },
  }));
  return applyEdits(slice(dockerfile, { start, end }), edits);
}

/** The comment that ends the script, and comment lines behind its last command. */
function commentsBehind(
  { run, program }: Pick<Link, "run" | "program">,
  dockerfile: Dockerfile,
): string[] {
  const { commentStart, text } = program.script;
  const { end } = codeRange({ run, program });
  return [
    ...(commentStart === undefined ? [] : [text.slice(commentStart)]),
    ...run.innerComments
      .filter(({ range }) => range.start >= end)
      .map(({ range }) => slice(dockerfile, range)),
  ];
}

function commentsInFront(link: Link, dockerfile: Dockerfile): string[] {
  const { start } = codeRange(link);
  return link.run.innerComments
    .filter(({ range }) => range.end <= start)
    .map(({ range }) => slice(dockerfile, range));
}

function commentsWithin(dockerfile: Dockerfile, start: number, end: number): string[] {
  const first = firstCommentAfter(dockerfile, start);
  const comments: string[] = [];
  for (let index = first; index < dockerfile.comments.length; index += 1) {
    const range = dockerfile.comments[index]?.range;
    if (!range || range.end > end) break;
    comments.push(slice(dockerfile, range));
  }
  return comments;
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

/** The instruction with its comments and line break, and an empty line that would be left over. */
function linesOf(run: Instruction, { text }: Dockerfile): Range {
  const first = run.leadingComments[0]?.range.start ?? run.range.start;
  const start = text.lastIndexOf("\n", first - 1) + 1;
  const newline = text.indexOf("\n", run.range.end);
  if (newline === -1) {
    // The line before becomes the last one and, like this one, has no line break.
    const before = text[start - 2] === "\r" ? start - 2 : start - 1;
    return { start: Math.max(before, 0), end: text.length };
  }
  const end = newline + 1;
  const gapBefore = /\n[ \t]*\r?\n$/.test(text.slice(Math.max(0, start - 200), start));
  const gapAfter = gapBefore
    ? /^(?:[ \t]*\r?\n)+/.exec(text.slice(end, end + 200))
    : null;
  return { start, end: end + (gapAfter?.[0].length ?? 0) };
}

function slice({ text }: Dockerfile, range: Range): string {
  return text.slice(range.start, range.end);
}
