import { findDifference } from "../behaviour/compare.ts";
import { UnmodelledError } from "../behaviour/graph.ts";
import { runSequence } from "../behaviour/run-sequence.ts";
import { createHistories, type ShellState } from "../behaviour/state.ts";
import { reachableSteps, TooComplexError } from "../behaviour/step.ts";
import type { Shell, ShellOptions } from "../shell/dialect.ts";
import { parseScript, type Script } from "../shell/parse.ts";
import type { ScriptProgram } from "./run-program.ts";

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

/** Where a script stands in the AND list. */
export type Place = "first" | "middle" | "last";

export interface Fit {
  readonly form: Form;
  /** The shell's options when the script has succeeded. */
  readonly options: ShellOptions;
}

/**
 * The first form, from the plainest on, in which the script behaves at this place as it does
 * in a RUN of its own, and leaves nothing behind that the next one could see, apart from the
 * options that are returned. `start` are the options that the scripts before it left.
 */
export function fit(
  program: ScriptProgram,
  place: Place,
  start: ShellOptions,
  forms: readonly Form[] = formsFor(program.script),
): Fit | undefined {
  for (const form of forms) {
    const options = optionsAfter(program, place, form, start);
    if (options) return { form, options };
  }
  return undefined;
}

/** Forms that keep what the script sets to itself. */
export const isolatingForms: readonly Form[] = [subshell, isolatedAndList];

/** `a || b` needs no braces at the front, but without them nobody sees that at a glance. */
function formsFor(script: Script): readonly Form[] {
  const command = script.tree.commands.at(-1)?.command;
  const hasOr = command?.type === "AndOr" && command.operators.includes("||");
  return hasOr
    ? [braces, plain, subshell, andList, isolatedAndList]
    : [plain, braces, subshell, andList, isolatedAndList];
}

function optionsAfter(
  program: ScriptProgram,
  place: Place,
  form: Form,
  start: ShellOptions,
): ShellOptions | undefined {
  const { script, shell } = program;
  const text = formText(script, form);
  if (text === undefined) return undefined;
  // The null utility stands for whatever comes before and after.
  const before = place === "first" ? [] : [":"];
  const after = place === "last" ? [] : [":"];
  const original = [...before, script.text, ...after];
  const rewritten = [...before, text, ...after].join(" && ");
  try {
    const histories = createHistories();
    const joined = runSequence([scriptProgram(rewritten, shell, start)], histories);
    const difference = findDifference(
      runSequence(
        original.map((part) => scriptProgram(part, shell, shell.options)),
        histories,
      ),
      joined,
    );
    if (difference) return undefined;
    const finals = reachableSteps(joined)
      .filter((step) => step.label === "the next instruction")
      .flatMap((step) => step.finalState ?? []);
    return commonOptions(finals);
  } catch (error) {
    if (error instanceof TooComplexError || error instanceof UnmodelledError)
      return undefined;
    throw error;
  }
}

function commonOptions(states: readonly ShellState[]): ShellOptions | undefined {
  const [first, ...others] = states;
  const text = JSON.stringify(first?.options);
  return others.every((state) => JSON.stringify(state.options) === text)
    ? first?.options
    : undefined;
}

function scriptProgram(text: string, shell: Shell, options: ShellOptions): ScriptProgram {
  return {
    kind: "script",
    script: parseScript(text, shell.dialect),
    shell: { ...shell, options },
    flags: "",
  };
}

function formText(script: Script, form: Form): string | undefined {
  const replacements = form.asAndList ? separators(script) : [];
  if (form.asAndList && replacements.length === 0) return undefined;
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
