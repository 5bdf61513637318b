import { findDifference, nothingAllowed } from "../../behaviour/compare.ts";
import { whyUndecided } from "../../behaviour/judge.ts";
import { runSequence } from "../../behaviour/run-sequence.ts";
import {
  createHistories,
  historyFields,
  noLookups,
  type ShellState,
} from "../../behaviour/state.ts";
import { reachableSteps, type Step } from "../../behaviour/step.ts";
import { straightDifference, straightLine } from "../../behaviour/straight-line.ts";
import { oncePer } from "../../dockerfile/once-per.ts";
import type { Shell } from "../../shell/dialect.ts";
import { parseScript, type Script } from "../../shell/parse.ts";
import type { ScriptProgram } from "../run-program.ts";
import { transparentResidue } from "./transparency.ts";

/** How a script has to be written to stand in an AND list beside others. */
export interface Form {
  readonly wrapping: "none" | "braces" | "subshell";
  /** Replaces `;` between the script's statements by `&&`. */
  readonly asAndList: boolean;
}

const plain: Form = { wrapping: "none", asAndList: false };
const braces: Form = { wrapping: "braces", asAndList: false };
const subshell: Form = { wrapping: "subshell", asAndList: false };
const andList: Form = { wrapping: "none", asAndList: true };
const isolatedAndList: Form = { wrapping: "subshell", asAndList: true };

/** What stands between two scripts in one RUN. */
export type Joiner = "&&" | ";";

/** How a script is joined to its neighbours; undefined where it has none. */
export interface Place {
  readonly before: Joiner | undefined;
  readonly after: Joiner | undefined;
}

/** What the scripts before have left in the shell that the next one may be able to bear. */
export type Residue = Pick<ShellState, "options" | "lookups">;

export function noResidue(shell: Shell): Residue {
  return { options: shell.options, lookups: noLookups };
}

export interface Fit {
  readonly form: Form;
  readonly residue: Residue;
}

/**
 * The first form, from the plainest on, in which the script behaves at this place as it does
 * in a RUN of its own, and leaves nothing behind that the next one could see, apart from the
 * residue that is returned. `start` is what the scripts before it left.
 */
export function fit(
  program: ScriptProgram,
  place: Place,
  start: Residue,
  forms?: readonly Form[],
): Fit | undefined {
  const isInList = place.after !== ";";
  const transparent = forms || !isInList ? undefined : transparentResidue(program, start);
  if (transparent) return { form: plain, residue: transparent };
  if (
    place.after === undefined &&
    isAndList(program.script) &&
    isUntouched(program, start)
  )
    return { form: plain, residue: start };
  for (const form of forms ?? formsFor(program, place)) {
    const residue = residueAfter(program, place, form, start);
    if (residue) return { form, residue };
  }
  return undefined;
}

/** `a && (b && c)` is `a && b && c`: the end of a chain is no other place than a RUN's start. */
function isAndList({ tree }: Script): boolean {
  const [statement, ...others] = tree.commands;
  if (!statement || statement.background || others.length > 0) return false;
  return (
    statement.command.type !== "AndOr" || !statement.command.operators.includes("||")
  );
}

function isUntouched({ shell }: ScriptProgram, start: Residue): boolean {
  // What is remembered may move while the script runs.
  return start.options === shell.options && start.lookups.remembered.length === 0;
}

/**
 * Whether the script is a list of statements that stops at the first error. Further ones are
 * best added in its own manner, by `;`: left of `&&`, errexit would not apply.
 */
export function isErrexitList(program: ScriptProgram): boolean {
  return (
    program.script.tree.commands.length > 1 &&
    finalStates(program).some(({ options }) => options.errexit === "on")
  );
}

/** Forms that keep what the script sets to itself. */
export const isolatingForms: readonly Form[] = [subshell, isolatedAndList];

/**
 * Candidates from the plainest on. `a || b` needs no braces at the front, but without them
 * nobody sees that at a glance. A script that leaves something behind fits nowhere but in a
 * subshell, except at the end.
 */
function formsFor(program: ScriptProgram, place: Place): readonly Form[] {
  const statements = program.script.tree.commands;
  const command = statements.at(-1)?.command;
  const hasOr = command?.type === "AndOr" && command.operators.includes("||");
  if (place.after === ";") return [plain, subshell];
  if (place.after === "&&" && leavesHistory(program)) return isolatingForms;
  if (hasOr) return [braces, plain, andList, subshell, isolatedAndList];
  return statements.length === 1 && !statements[0]?.background
    ? [plain, subshell]
    : [plain, braces, andList, subshell, isolatedAndList];
}

function leavesHistory(program: ScriptProgram): boolean {
  return finalStates(program).some((state) =>
    historyFields.some((field) => state[field] !== 0),
  );
}

/** The states in which the script may leave its shell when it succeeds. */
export const finalStates = oncePer((program: ScriptProgram): readonly ShellState[] => {
  try {
    const histories = createHistories();
    const line = straightLine([program], histories);
    return line ? [line.final] : successStates(runSequence([program], histories));
  } catch (error) {
    if (whyUndecided(error) !== undefined) return [];
    throw error;
  }
});

function successStates(first: Step): ShellState[] {
  return reachableSteps(first)
    .filter((step) => step.label === "the next instruction")
    .flatMap((step) => step.finalState ?? []);
}

function residueAfter(
  program: ScriptProgram,
  place: Place,
  form: Form,
  start: Residue,
): Residue | undefined {
  const { script } = program;
  const text = formText(script, form);
  if (text === undefined) return undefined;
  // The null utility stands for whatever comes before and after.
  const { before, after } = place;
  const original = [
    ...(before === undefined ? [] : [":"]),
    script.text,
    ...(after === undefined ? [] : [":"]),
  ];
  const rewritten = [
    before === undefined ? "" : `: ${before} `,
    text,
    after === undefined ? "" : ` ${after} :`,
  ].join("");
  try {
    const states = statesIfSame(
      original.map((part) => withText(program, part)),
      { ...withText(program, rewritten), inherited: start },
    );
    return states && commonResidue(states);
  } catch (error) {
    if (whyUndecided(error) !== undefined) return undefined;
    throw error;
  }
}

/** The states after the joined script; undefined if it does anything else than its parts. */
function statesIfSame(
  parts: readonly ScriptProgram[],
  joined: ScriptProgram,
): readonly ShellState[] | undefined {
  const histories = createHistories();
  const line = straightLine([joined], histories);
  const expected = line && straightLine(parts, histories);
  if (line && expected)
    return straightDifference(expected, line, nothingAllowed) ? undefined : [line.final];
  const first = runSequence([joined], histories);
  return findDifference(runSequence(parts, histories), first)
    ? undefined
    : successStates(first);
}

function commonResidue(states: readonly ShellState[]): Residue | undefined {
  const residues = states.map(({ options, lookups }) => ({ options, lookups }));
  const [first, ...others] = residues;
  const text = JSON.stringify(first);
  return others.every((residue) => JSON.stringify(residue) === text) ? first : undefined;
}

function withText(program: ScriptProgram, text: string): ScriptProgram {
  return { ...program, script: parseScript(text, program.shell.dialect) };
}

/**
 * A longer list is not rewritten from `;` to `&&` for the sake of a neighbour: nobody would
 * want to review that.
 */
const rewriteLimit = 8;

function formText(script: Script, form: Form): string | undefined {
  const replacements = form.asAndList ? separators(script) : [];
  if (form.asAndList && (replacements.length === 0 || replacements.length > rewriteLimit))
    return undefined;
  let text = script.text.slice(0, script.codeEnd);
  for (const offset of [...replacements].reverse())
    text = `${text.slice(0, offset)} &&${text.slice(offset + 1)}`;
  return `${opening(form, text)}${text}${closing(form, text)}`;
}

/** A second parenthesis right behind the first would start an arithmetic command. */
export function opening(form: Form, text: string): string {
  switch (form.wrapping) {
    case "none":
      return "";
    case "braces":
      return "{ ";
    case "subshell":
      return text.startsWith("(") ? "( " : "(";
  }
}

/** A brace group's last command needs a separator, which the `&` of a background job is. */
export function closing(form: Form, text: string): string {
  switch (form.wrapping) {
    case "none":
      return "";
    case "braces":
      return text.endsWith("&") ? " }" : "; }";
    case "subshell":
      return ")";
  }
}

/** Offsets of the `;` between the statements of a script; empty if others separate them. */
export function separators(script: Script): number[] {
  const statements = script.tree.commands;
  const offsets: number[] = [];
  for (const [index, statement] of statements.entries()) {
    const next = statements[index + 1];
    if (!next) break;
    const gap = script.text.slice(statement.end, next.pos);
    if (statement.background || gap.trim() !== ";") return [];
    offsets.push(statement.end + gap.indexOf(";"));
  }
  return offsets;
}
