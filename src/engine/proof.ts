import { nothingAllowed, type Allowance } from "../behaviour/compare.ts";
import { judge } from "../behaviour/judge.ts";
import type { Program } from "../behaviour/run-sequence.ts";
import { configurationKeywords } from "../dockerfile/configuration.ts";
import type { Dockerfile, Instruction, Stage } from "../dockerfile/types.ts";
import { originalOffset } from "./edit.ts";
import { whyCommentLost } from "./lost-comment.ts";
import { runProgram } from "../rewrite/run-program.ts";
import type { AddedFlag, AddedUpdate, Edit } from "./types.ts";
import { whyNotRepeated } from "./repeated-update.ts";

/**
 * Proves that a rewritten Dockerfile behaves like the original, apart from what `allowance`
 * admits: the same commands in the same shell state under the same conditions, the same
 * instructions around them, and no comment lost.
 *
 * Returns what differs, or undefined if the proof holds. Both texts are read afresh, so that
 * a mistake in assembling the new text shows up here.
 *
 * @param edits what led from one text to the other; only tells where to cut long sequences of
 *   RUNs into pieces, so that nothing is taken on trust
 */
export function whyUnproven(
  original: Dockerfile,
  rewritten: Dockerfile,
  allowance: Allowance = nothingAllowed,
  addedFlags: readonly AddedFlag[] = [],
  edits: readonly Edit[] = [],
  addedUpdates: readonly AddedUpdate[] = [],
): string | undefined {
  const [problem] = rewritten.problems;
  if (problem) return `the result does not parse: ${problem.message}`;
  if (original.stages.length !== rewritten.stages.length)
    return "the number of stages changed";
  if (
    !sameTexts(
      globals(original),
      globals(rewritten),
      textOf(original),
      textOf(rewritten),
    ) ||
    directivesText(original) !== directivesText(rewritten)
  )
    return "what stands before the first FROM changed";
  const foreign = addedFlags.find(({ text }) => !/^--mount=type=cache,\S+$/.test(text));
  if (foreign) return `${foreign.text} is no cache mount`;
  for (const update of addedUpdates) {
    const reason = whyNotRepeated(update, original);
    if (reason !== undefined) return reason;
  }
  const allowed: Allowed = { allowance, addedFlags, edits };
  for (const [index, stage] of original.stages.entries()) {
    const other = rewritten.stages[index];
    const reason = other && whyStageUnproven(original, stage, rewritten, other, allowed);
    if (reason !== undefined) return reason;
  }
  return whyCommentLost(commentsOf(original), commentsOf(rewritten));
}

/** The declared differences. */
interface Allowed {
  readonly allowance: Allowance;
  readonly addedFlags: readonly AddedFlag[];
  readonly edits: readonly Edit[];
}

function globals({ instructions }: Dockerfile): Instruction[] {
  return instructions.filter((instruction) => !instruction.stage);
}

function directivesText({ directives }: Dockerfile): string {
  return directives.map(({ name, value }) => `${name}=${value}`).join("\n");
}

type TextOf = (instruction: Instruction) => string;

function textOf({ text }: Dockerfile): TextOf {
  return ({ range }) => text.slice(range.start, range.end);
}

function sameTexts(
  left: readonly Instruction[],
  right: readonly Instruction[],
  leftText: TextOf,
  rightText: TextOf,
): boolean {
  return (
    left.length === right.length &&
    left.every((item, index) => {
      const other = right[index];
      return other !== undefined && leftText(item) === rightText(other);
    })
  );
}

function whyStageUnproven(
  original: Dockerfile,
  stage: Stage,
  rewritten: Dockerfile,
  otherStage: Stage,
  allowed: Allowed,
): string | undefined {
  const leftText = textOf(original);
  const rightText = textOf(rewritten);
  const left = segments(stage);
  const right = segments(otherStage);
  if (left.length !== right.length)
    return "an instruction that RUNs depend on was added or lost";
  for (const [index, segment] of left.entries()) {
    const other = right[index];
    if (!other) continue;
    if (!sameTexts([segment.barrier], [other.barrier], leftText, rightText))
      return `${segment.barrier.keyword} changed`;
    if (!sameTexts(segment.configuration, other.configuration, leftText, rightText))
      return "the image's configuration changed";
    const reason = whyRunsUnproven(
      original,
      segment.runs,
      rewritten,
      other.runs,
      allowed,
    );
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** An instruction that RUNs can depend on, and what follows it up to the next such one. */
interface Segment {
  readonly barrier: Instruction;
  readonly runs: Instruction[];
  readonly configuration: Instruction[];
}

function segments(stage: Stage): Segment[] {
  const result: Segment[] = [];
  for (const instruction of stage.instructions) {
    const current = result.at(-1);
    if (current && instruction.keyword === "RUN") current.runs.push(instruction);
    else if (current && configurationKeywords.has(instruction.keyword))
      current.configuration.push(instruction);
    else result.push({ barrier: instruction, runs: [], configuration: [] });
  }
  return result;
}

function whyRunsUnproven(
  original: Dockerfile,
  left: readonly Instruction[],
  rewritten: Dockerfile,
  right: readonly Instruction[],
  { allowance, addedFlags, edits }: Allowed,
): string | undefined {
  const leftText = textOf(original);
  const rightText = textOf(rewritten);
  const same = (from: number, to: number): boolean => {
    const [a, b] = [left.at(from), right.at(to)];
    return a !== undefined && b !== undefined && leftText(a) === rightText(b);
  };
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && same(start, start)) start += 1;
  let end = 0;
  while (end < shorter - start && same(-1 - end, -1 - end)) end += 1;
  const leftRuns = left.slice(start, left.length - end);
  const rightRuns = right.slice(start, right.length - end);
  if (leftRuns.length === 0 && rightRuns.length === 0) return undefined;

  const added = addedFlags.filter(({ run }) => leftRuns.includes(run));
  const judged = (before: readonly Instruction[], after: readonly Instruction[]) =>
    judge(
      before.map((run) => withFlags(run, original, added)),
      after.map((run) =>
        added.length === 0
          ? runProgram(run, rewritten)
          : withSortedFlags(run, rewritten, []),
      ),
      allowance,
    );
  const pieces = piecesOf(leftRuns, rightRuns, edits);
  if (
    pieces.length > 1 &&
    pieces.every((piece) => judged(piece.left, piece.right).kind === "same")
  )
    return undefined;
  const judgement = judged(leftRuns, rightRuns);
  switch (judgement.kind) {
    case "same":
      return undefined;
    case "undecided":
      return judgement.reason;
    case "different": {
      const { difference } = judgement;
      return `it would run “${difference.rewritten}” in place of “${difference.original}”`;
    }
  }
}

interface Piece {
  readonly left: readonly Instruction[];
  readonly right: readonly Instruction[];
}

/**
 * Cuts two sequences of RUNs wherever a RUN of the result begins where one of the original
 * did. Each RUN starts with a new shell, so what is equal piece by piece is equal as a whole,
 * and no piece is too complex only because there are many.
 */
function piecesOf(
  left: readonly Instruction[],
  right: readonly Instruction[],
  edits: readonly Edit[],
): Piece[] {
  const cuts = [{ left: 0, right: 0 }];
  let at = 0;
  for (const [index, run] of right.entries()) {
    const start = originalOffset(edits, run.range.start);
    while ((left[at]?.range.start ?? Infinity) < start) at += 1;
    if (at > 0 && left[at]?.range.start === start) cuts.push({ left: at, right: index });
  }
  return cuts.map((cut, index) => ({
    left: left.slice(cut.left, cuts[index + 1]?.left),
    right: right.slice(cut.right, cuts[index + 1]?.right),
  }));
}

/**
 * A RUN as if it had the flags that it is to get. These come to stand wherever they do, so
 * the order of flags doesn't count where some are declared: no two mounts are nested then.
 */
function withFlags(
  run: Instruction,
  dockerfile: Dockerfile,
  added: readonly AddedFlag[],
): Program {
  const texts = added.filter((flag) => flag.run === run).map(({ text }) => text);
  return added.length === 0
    ? runProgram(run, dockerfile)
    : withSortedFlags(run, dockerfile, texts);
}

function withSortedFlags(
  run: Instruction,
  dockerfile: Dockerfile,
  added: readonly string[],
): Program {
  const program = runProgram(run, dockerfile);
  if (program.kind === "opaque") return program;
  const own = run.flags.map(({ range }) => dockerfile.text.slice(range.start, range.end));
  return { ...program, flags: [...own, ...added].sort().join(" ") };
}

/** A comment may move from the end of a shell script to a line of its own, but not vanish. */
function commentsOf(dockerfile: Dockerfile): readonly string[] {
  const texts = dockerfile.comments.map(({ text }) => text);
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword !== "RUN") continue;
    const program = runProgram(instruction, dockerfile);
    if (program.kind !== "script") continue;
    const { script } = program;
    if (script.commentStart !== undefined)
      texts.push(script.text.slice(script.commentStart + 1).trim());
  }
  return texts;
}
