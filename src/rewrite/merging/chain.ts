import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import { oncePer } from "../../dockerfile/once-per.ts";
import { stateBefore } from "../../dockerfile/state.ts";
import { processStateRead, shellDepthRead } from "../../shell/process-state.ts";
import { isDirectiveComment } from "../directive-comments.ts";
import { commentsIn, type Link } from "./joined-run.ts";
import {
  finalStates,
  fit,
  isErrexitList,
  isolatingForms,
  noResidue,
  type Fit,
  type Joiner,
  type Residue,
} from "./joining.ts";
import { hiddenLingering, lingeringReason } from "./lingering-reason.ts";
import { flagTexts, unionOfFlags } from "./mount-union.ts";
import { hasMountOfItsOwn } from "./mounts.ts";
import type { ScriptProgram } from "../run-program.ts";

/**
 * The kernel takes 128 KiB as one argument (execve(2), MAX_ARG_STRLEN), and the script is
 * one argument of `sh -c`. Half of it leaves room for the file to grow by hand.
 */
const lengthLimit = 64 * 1024;

/** RUNs that can be one. */
export interface Chain {
  readonly links: readonly Link[];
  /** Length of the scripts in bytes, joints included. */
  readonly length: number;
  /** Texts of the flags that the RUN is to have. */
  readonly flags: readonly string[];
  /** What the links before the last one leave to it. */
  readonly start: Residue;
}

export interface Candidate {
  readonly run: Instruction;
  readonly program: ScriptProgram;
}

/** Starts a chain with a RUN that stays as it is until another one joins it. */
export function startChain({ run, program }: Candidate, dockerfile: Dockerfile): Chain {
  return {
    links: [{ run, program, form: { wrapping: "none", asAndList: false }, joiner: "&&" }],
    length: byteLength(program.script.text),
    flags: flagTexts(run, dockerfile),
    start: noResidue(program.shell),
  };
}

/** Appends a RUN to the chain, or says why it can't be part of it. */
export function extendChain(
  chain: Chain,
  candidate: Candidate,
  dockerfile: Dockerfile,
): Chain | string {
  const last = chain.links.at(-1);
  if (!last) return startChain(candidate, dockerfile);
  const length = chain.length + byteLength(candidate.program.script.text) + 8;
  const flags = unionOfFlags(chain.flags, chain.links, candidate, dockerfile);
  if (!flags) return "its flags differ from those of the RUN before it";
  const reason = whyApart(last, candidate, dockerfile);
  if (reason !== undefined) return reason;
  if (isMovedBehind(chain, candidate) && isOpenEnded(candidate, dockerfile))
    return "its last line is continued, which only the end of the file stops";
  const grown = { ...chain, flags, length };
  if (length > lengthLimit) return "the merged RUN would be longer than 64 KiB";

  // Once `&&` stands in the chain, a `;` behind it would hide failures in front of it.
  const previous = chain.links.at(-2)?.joiner;
  const isSequence =
    previous === undefined ? isErrexitList(last.program) : previous === ";";
  const inSequence = isSequence ? joinedBy(";", chain, candidate) : undefined;
  if (typeof inSequence === "object") return extended(grown, inSequence, candidate);

  const inList = joinedBy("&&", chain, candidate);
  if (typeof inList === "object") return extended(grown, inList, candidate);
  return inList === "nothing fits behind it"
    ? "it would start in a shell that the RUN before it has set up otherwise"
    : whyNotClosed(last.program);
}

/** Whether an instruction between them keeps the RUN from being joined where it stands. */
function isMovedBehind({ links }: Chain, { run }: Candidate): boolean {
  const [first] = links;
  return first !== undefined && run.index !== first.run.index + links.length;
}

/** How the last link is closed and the new one added, with this between them. */
interface Joint {
  readonly joiner: Joiner;
  readonly closed: Fit;
  readonly next: Fit;
}

const encoder = new TextEncoder();

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/**
 * Where the new RUN minds the options that the one before it set, these are kept in a
 * subshell.
 */
function joinedBy(
  joiner: Joiner,
  chain: Chain,
  candidate: Candidate,
): Joint | "it can't be closed" | "nothing fits behind it" {
  const last = chain.links.at(-1);
  const place = { before: chain.links.at(-2)?.joiner, after: joiner };
  let reason: "it can't be closed" | "nothing fits behind it" = "it can't be closed";
  for (const forms of [undefined, isolatingForms]) {
    const closed = last && fit(last.program, place, chain.start, forms);
    // What can't be closed in any form can't be closed in some of them either.
    if (!closed && joiner === "&&") break;
    if (!closed) continue;
    reason = "nothing fits behind it";
    const end = { before: joiner, after: undefined };
    const next = fit(candidate.program, end, closed.residue);
    if (next) return { joiner, closed, next };
  }
  return reason;
}

function extended(
  chain: Chain,
  { joiner, closed, next }: Joint,
  candidate: Candidate,
): Chain {
  const last = chain.links.at(-1);
  return {
    ...chain,
    links: [
      ...chain.links.slice(0, -1),
      ...(last ? [{ ...last, form: closed.form, joiner }] : []),
      { ...candidate, form: next.form, joiner: "&&" },
    ],
    start: closed.residue,
  };
}

/** What keeps two RUNs apart whatever form they are written in. */
function whyApart(
  last: Candidate,
  candidate: Candidate,
  dockerfile: Dockerfile,
): string | undefined {
  if (hasMountOfItsOwn(candidate.run)) return "each RUN gets a fresh mount";
  if (candidate.program.shell.readsStartupFiles)
    return "a login shell reads its start-up files anew for each RUN";
  const setting = startupVariables.find((name) => isSet(name, candidate.run, dockerfile));
  if (setting !== undefined) return `${setting} makes each shell start in its own way`;
  const directive = commentsBetween(last.run, candidate.run, dockerfile).find(
    isDirectiveComment,
  );
  if (directive !== undefined)
    return `the comment “# ${directive}” is an order about this RUN alone`;
  const read =
    processStateRead(candidate.program.script) ?? shellDepthRead(last.program.script);
  if (read !== undefined) return `${read} shows which shell it runs in`;
  const hidden = hiddenLingering(last.program);
  if (hidden !== undefined) return hidden;
  const { commentStart, text } = last.program.script;
  if (
    commentStart !== undefined &&
    isDirectiveComment(text.slice(commentStart + 1).trim())
  )
    return "the comment at the end of the RUN before it is an order to a tool";
  if (commentStart !== undefined) {
    const { body } = last.run;
    const [start, end] = [body.offsetAt(commentStart), body.offsetAt(text.length - 1)];
    if (dockerfile.text.slice(start, end).includes("\n"))
      return "the RUN before it ends in a shell comment that runs over several lines";
  }
  return undefined;
}

/** Variables that bash looks at when it starts (bash manual, "Bash Variables"). */
const startupVariables = ["BASH_ENV", "SHELLOPTS", "BASHOPTS"];

/** Those that the file names anywhere. */
const namedStartupVariables = oncePer(
  ({ text }: Dockerfile) =>
    new Set(startupVariables.filter((name) => text.includes(name))),
);

function isSet(name: string, run: Instruction, dockerfile: Dockerfile): boolean {
  if (!namedStartupVariables(dockerfile).has(name)) return false;
  const { env, args } = stateBefore(run, dockerfile);
  return env.has(name) || args.has(name);
}

/** Whether the lines of a RUN go on behind its script: moved, it would take in what follows. */
function isOpenEnded({ run, program }: Candidate, { text, escape }: Dockerfile): boolean {
  const { commentStart, codeEnd, text: script } = program.script;
  const last = commentStart === undefined ? codeEnd : script.length;
  const behind = text.slice(run.body.offsetAt(last - 1) + 1, run.range.end);
  return behind.includes("\n") || behind.trimEnd().endsWith(escape);
}

/** The comments that would stand inside the merged RUN. */
function commentsBetween(
  last: Instruction,
  next: Instruction,
  dockerfile: Dockerfile,
): string[] {
  const codeStart = next.body.offsetAt(0);
  const between =
    next.index === last.index + 1
      ? commentsIn(dockerfile, last.range.end, next.range.start)
      : next.leadingComments;
  return [
    ...between,
    ...next.innerComments.filter(({ range }) => range.end <= codeStart),
  ].map(({ text }) => text);
}

/** Says what in a script keeps others from following it. */
function whyNotClosed(program: ScriptProgram): string {
  const finals = finalStates(program);
  if (finals.some((state) => state.lingering !== 0)) return lingeringReason(program);
  if (program.shell.options.errexit === "unknown")
    return "the base image may have set a SHELL with -e, which would not apply left of &&";
  if (finals.some((state) => state.options.errexit === "unknown"))
    return "the RUN before it runs code in its own shell that the file doesn't show";
  if (finals.some((state) => state.options.errexit === "on"))
    return "the RUN before it stops at its first error (set -e), which it would not do left of &&";
  // Too many ways through it, or none that ends well.
  if (finals.length === 0) return "the RUN before it can't be followed to its end";
  return "what the RUN before it changes in its shell can't be kept apart";
}
