import type { Dockerfile, Instruction } from "../dockerfile/types.ts";
import { stateBefore } from "../dockerfile/state.ts";
import { processStateRead } from "../shell/process-state.ts";
import { isDirectiveComment } from "./directive-comments.ts";
import { type Link } from "./joined-run.ts";
import {
  finalStates,
  fit,
  isolatingForms,
  noResidue,
  type Fit,
  type Place,
  type Residue,
} from "./joining.ts";
import { hasMountOfItsOwn } from "./mounts.ts";
import { flagsText, type ScriptProgram } from "./run-program.ts";

/**
 * The kernel takes 128 KiB as one argument (execve(2), MAX_ARG_STRLEN), and the script is
 * one argument of `sh -c`. Half of it leaves room for the file to grow by hand.
 */
const lengthLimit = 64 * 1024;

/** RUNs that can be one. */
export interface Chain {
  readonly links: readonly Link[];
  /** Length of the scripts in UTF-16 units, joints included. */
  readonly length: number;
  /** What the links before the last one leave to it. */
  readonly start: Residue;
}

export interface Candidate {
  readonly run: Instruction;
  readonly program: ScriptProgram;
}

/** Starts a chain with a RUN that stays as it is until another one joins it. */
export function startChain({ run, program }: Candidate): Chain {
  return {
    links: [{ run, program, form: { wrapping: "none", asAndList: false } }],
    length: program.script.text.length,
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
  if (!last) return startChain(candidate);
  const length = chain.length + candidate.program.script.text.length + 8;
  const reason = whyApart(last, candidate, dockerfile);
  if (reason !== undefined) return reason;
  if (length > lengthLimit) return "the merged RUN would be longer than 64 KiB";

  const place: Place = chain.links.length === 1 ? "first" : "middle";
  const closed = fit(last.program, place, chain.start);
  if (!closed) return whyNotClosed(last.program);
  const next = fit(candidate.program, "last", closed.residue);
  if (next) return extended(chain, closed, candidate, next, length);

  // The new RUN minds the options that the one before it set: keep these in a subshell.
  const isolated = fit(last.program, place, chain.start, isolatingForms);
  const behindIsolated = isolated && fit(candidate.program, "last", isolated.residue);
  return isolated && behindIsolated
    ? extended(chain, isolated, candidate, behindIsolated, length)
    : "it would start in a shell that the RUN before it has set up otherwise";
}

function extended(
  chain: Chain,
  closed: Fit,
  candidate: Candidate,
  next: Fit,
  length: number,
): Chain {
  const last = chain.links.at(-1);
  return {
    links: [
      ...chain.links.slice(0, -1),
      ...(last ? [{ ...last, form: closed.form }] : []),
      { ...candidate, form: next.form },
    ],
    length,
    start: closed.residue,
  };
}

/** What keeps two RUNs apart whatever form they are written in. */
function whyApart(
  last: Candidate,
  candidate: Candidate,
  dockerfile: Dockerfile,
): string | undefined {
  if (flagsText(last.run, dockerfile) !== flagsText(candidate.run, dockerfile))
    return "its flags differ from those of the RUN before it";
  if (hasMountOfItsOwn(candidate.run)) return "each RUN gets a fresh mount";
  if (candidate.program.shell.readsStartupFiles)
    return "a login shell reads its start-up files anew for each RUN";
  if (
    candidate.program.shell.dialect === "bash" &&
    stateBefore(candidate.run, dockerfile).env.has("BASH_ENV")
  )
    return "bash reads the file in BASH_ENV anew for each RUN";
  const directive = commentsAbove(candidate.run).find(isDirectiveComment);
  if (directive !== undefined)
    return `the comment “# ${directive}” is an order about this RUN alone`;
  const read = processStateRead(candidate.program.script);
  if (read !== undefined) return `${read} shows which shell it runs in`;
  const { commentStart, text } = last.program.script;
  if (commentStart !== undefined) {
    const { body } = last.run;
    const [start, end] = [body.offsetAt(commentStart), body.offsetAt(text.length - 1)];
    if (dockerfile.text.slice(start, end).includes("\n"))
      return "the RUN before it ends in a shell comment that runs over several lines";
  }
  return undefined;
}

function commentsAbove(run: Instruction): string[] {
  const codeStart = run.body.offsetAt(0);
  return [
    ...run.leadingComments,
    ...run.innerComments.filter(({ range }) => range.end <= codeStart),
  ].map(({ text }) => text);
}

/** Says what in a script keeps others from following it. */
function whyNotClosed(program: ScriptProgram): string {
  const finals = finalStates(program);
  if (finals.some((state) => state.jobs !== 0))
    return "the RUN before it leaves a process running";
  if (finals.some((state) => state.options.errexit !== "off"))
    return "the RUN before it stops at its first error (set -e), which it would not do left of &&";
  return "what the RUN before it changes in its shell can't be kept apart";
}
