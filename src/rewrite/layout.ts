import { oncePer } from "../dockerfile/once-per.ts";
import type { Dockerfile, Instruction } from "../dockerfile/types.ts";
import { runProgram } from "./run-program.ts";
import type { LayoutPreference } from "../engine/types.ts";

/** How commands that join a RUN are set on lines of their own. */
export interface Layout extends LayoutPreference {
  readonly lineBreak: "\n" | "\r\n";
  readonly escape: string;
}

/**
 * The habit of these RUNs, failing that of the whole file, failing that the preference.
 */
export function layoutFor(
  runs: readonly Instruction[],
  dockerfile: Dockerfile,
  preference: LayoutPreference,
): Layout {
  const commands = runs.flatMap((run) => commandLines(run, dockerfile));
  const own =
    mostFrequent(counted(commands.flatMap(({ habit }) => habit ?? []))) ??
    habitOf(runs, dockerfile);
  const ownIndent = own
    ? undefined
    : (mostFrequent(counted(commands.map(({ indent }) => indent))) ??
      indentOf(runs, dockerfile));
  const whole = habitsOfFile(dockerfile);
  const habit = own ?? whole.habit;
  const indent = ownIndent ?? habit?.indent ?? whole.indent;
  return {
    ...(habit ?? preference),
    ...(indent === undefined ? {} : { indent }),
    lineBreak: dockerfile.lineBreak,
    escape: dockerfile.escape,
  };
}

interface FileHabits {
  readonly habit: LayoutPreference | undefined;
  readonly indent: string | undefined;
}

const habitsOfFile = oncePer((dockerfile: Dockerfile): FileHabits => {
  const all = dockerfile.instructions.filter(({ keyword }) => keyword === "RUN");
  return { habit: habitOf(all, dockerfile), indent: indentOf(all, dockerfile) };
});

/** How a command of the script's outermost list is set on a line of its own. */
interface CommandLine {
  readonly indent: string;
  /** Undefined behind `;`. */
  readonly habit: LayoutPreference | undefined;
}

/** What stands further in, in groups and branches, is no measure for the list itself. */
function commandLines(run: Instruction, dockerfile: Dockerfile): CommandLine[] {
  const program = runProgram(run, dockerfile);
  if (program.kind !== "script") return [];
  const { text } = dockerfile;
  return program.script.tree.commands.flatMap(({ command }) => {
    const elements = command.type === "AndOr" ? command.commands : [command];
    return elements.flatMap(({ pos }, index): CommandLine[] => {
      const start = run.body.offsetAt(pos);
      const lineStart = text.lastIndexOf("\n", start - 1) + 1;
      if (lineStart <= run.range.start) return [];
      const [, indent, operator] =
        /^([ \t]*)(&&)?[ \t]*$/.exec(text.slice(lineStart, start)) ?? [];
      if (indent === undefined) return [];
      const isJoined = command.type === "AndOr" && command.operators[index - 1] === "&&";
      const place = operator === undefined ? "trailing" : "leading";
      return [{ indent, habit: isJoined ? { indent, operator: place } : undefined }];
    });
  });
}

function counted<T>(
  items: readonly T[],
): ReadonlyMap<string, { readonly habit: T; readonly count: number }> {
  const counts = new Map<string, { habit: T; count: number }>();
  for (const habit of items) {
    const key = JSON.stringify(habit);
    counts.set(key, { habit, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return counts;
}

/** The most frequent indentation and operator place of continuation lines, if there are any. */
function habitOf(
  runs: readonly Instruction[],
  dockerfile: Dockerfile,
): LayoutPreference | undefined {
  const habits = new Map<string, { habit: LayoutPreference; count: number }>();
  for (const run of runs) {
    const lines = dockerfile.text.slice(run.range.start, run.range.end).split(/\r?\n/);
    let previous: string | undefined;
    for (const line of lines) {
      const isComment = previous !== undefined && /^\s*#/.test(line);
      const habit =
        previous === undefined || isComment ? undefined : lineHabit(line, previous);
      if (!isComment) previous = line;
      if (!habit) continue;
      const key = JSON.stringify(habit);
      const seen = habits.get(key) ?? { habit, count: 0 };
      habits.set(key, { habit, count: seen.count + 1 });
    }
  }
  return mostFrequent(habits);
}

function mostFrequent<T>(
  habits: ReadonlyMap<string, { readonly habit: T; readonly count: number }>,
): T | undefined {
  const [first, ...others] = [...habits.values()];
  return first && others.reduce((a, b) => (b.count > a.count ? b : a), first).habit;
}

/** The indentation of commands behind `; \`, failing that of arguments. */
function indentOf(
  runs: readonly Instruction[],
  dockerfile: Dockerfile,
): string | undefined {
  const commands: string[] = [];
  const others: string[] = [];
  for (const run of runs) {
    const lines = dockerfile.text.slice(run.range.start, run.range.end).split(/\r?\n/);
    for (const [index, line] of lines.entries()) {
      const indent = /^[ \t]+(?=[^ \t#])/.exec(line)?.[0];
      if (index === 0 || indent === undefined) continue;
      const isCommand = /;[ \t]*[\\`][ \t]*$/.test(lines[index - 1] ?? "");
      (isCommand ? commands : others).push(indent);
    }
  }
  return mostFrequent(counted(commands)) ?? leastFarIn(others);
}

/** Commands stand no further in than any arguments; a single blank may be a slip. */
function leastFarIn(indents: readonly string[]): string | undefined {
  const usual = mostFrequent(counted(indents));
  if (usual === undefined) return undefined;
  return indents
    .filter((indent) => indent !== " " && usual.startsWith(indent))
    .reduce((a, b) => (b.length < a.length ? b : a), usual);
}

function lineHabit(line: string, previous: string): LayoutPreference | undefined {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  if (line.startsWith("&&", indent.length)) return { indent, operator: "leading" };
  if (/&&[ \t]*[\\`][ \t]*$/.test(previous) && line.trim() !== "")
    return { indent, operator: "trailing" };
  return undefined;
}

/**
 * What goes between the end of one command and the start of the next one that joins it, with
 * the comments (`# …`) that stood between them.
 */
export function joint(
  layout: Layout,
  comments: readonly string[],
  joiner: "&&" | ";" = "&&",
): string {
  const { escape, lineBreak, indent } = layout;
  const lines = comments.map((comment) => `${indent}${comment}${lineBreak}`).join("");
  if (joiner === ";") return `; ${escape}${lineBreak}${lines}${indent}`;
  return layout.operator === "leading"
    ? ` ${escape}${lineBreak}${lines}${indent}&& `
    : ` && ${escape}${lineBreak}${lines}${indent}`;
}
