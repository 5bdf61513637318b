import { forEachChild, type SyntaxNode } from "unbash";
import type { Dockerfile, Instruction, Range } from "../../dockerfile/types.ts";
import type { Form } from "./joining.ts";
import type { Layout } from "../layout.ts";
import type { ScriptProgram } from "../run-program.ts";
import type { Edit } from "../../engine/types.ts";

interface Joined {
  readonly run: Instruction;
  readonly program: ScriptProgram;
  readonly form: Form;
}

/** From the first to the last character of the script's statements, in the Dockerfile. */
export function codeRange({ run, program }: Pick<Joined, "run" | "program">): Range {
  return {
    start: run.body.offsetAt(0),
    // The character after the last one may stand lines further down.
    end: run.body.offsetAt(program.script.codeEnd - 1) + 1,
  };
}

/** Sets the further lines of a group or subshell in by one step, unless a word spans them. */
export function innerIndentation(
  link: Joined,
  dockerfile: Dockerfile,
  { indent }: Layout,
): Edit[] {
  const { start, end } = codeRange(link);
  const step = stepOf(indent);
  if (hasWordOverLines(link, dockerfile)) return [];
  return furtherLines({ start, end }, dockerfile).flatMap((line) =>
    line.isMovable ? [{ range: { start: line.start, end: line.start }, text: step }] : [],
  );
}

/**
 * Sets the arguments and bodies of what stands behind the keyword RUN in by one step, where
 * they would come to stand no further in than the command itself.
 */
export function hangingIndentation(
  link: Joined,
  dockerfile: Dockerfile,
  { indent }: Layout,
): Edit[] {
  if (link.form.wrapping !== "none") return [];
  const { start } = codeRange(link);
  const step = stepOf(indent);
  const lines = furtherLines(
    { start, end: endOfFirstLine(link, dockerfile) },
    dockerfile,
  );
  const code = lines.filter(({ isComment, isEmpty }) => !isComment && !isEmpty);
  // What closes a body stands below the command that opens it.
  const closesBody = /^(fi|done|esac|\}|\))/.test(code.at(-1)?.text.trimStart() ?? "");
  const inner = closesBody ? code.slice(0, -1) : code;
  const isDeepEnough = inner.every(
    ({ text }) => width(/^[ \t]*/.exec(text)?.[0] ?? "") > width(indent),
  );
  if (
    isDeepEnough ||
    !code.every(({ isMovable }) => isMovable) ||
    hasWordOverLines(link, dockerfile)
  )
    return [];
  return lines.flatMap((line) =>
    line.isMovable ? [{ range: { start: line.start, end: line.start }, text: step }] : [],
  );
}

/** By how much things go in: by as much as commands, unless these aren't or are far. */
function stepOf(indent: string): string {
  if (indent.includes("\t")) return "\t";
  return indent === "" || indent.length > 8 ? "    " : indent;
}

function width(space: string): number {
  return space.replaceAll("\t", "        ").length;
}

/** Where the last element ends that starts on the RUN's own line. */
function endOfFirstLine({ run, program }: Joined, { text }: Dockerfile): number {
  const { start, end } = codeRange({ run, program });
  const newline = text.indexOf("\n", start);
  if (newline === -1) return end;
  const elements = program.script.tree.commands.flatMap(({ command }) =>
    command.type === "AndOr" ? command.commands : [command],
  );
  const last = elements.findLast(({ pos }) => run.body.offsetAt(pos) < newline);
  return last ? run.body.offsetAt(last.end - 1) + 1 : end;
}

interface Line {
  readonly start: number;
  readonly text: string;
  readonly isComment: boolean;
  readonly isEmpty: boolean;
  /** White space at its start changes nothing and is wanted. */
  readonly isMovable: boolean;
}

/** The lines that start between two offsets. */
function furtherLines({ start, end }: Range, { text }: Dockerfile): Line[] {
  const lines: Line[] = [];
  let before = start;
  for (let newline = text.indexOf("\n", start); newline !== -1 && newline < end;) {
    const next = newline + 1;
    const following = text.indexOf("\n", next);
    const line = text.slice(next, following === -1 ? text.length : following);
    const isIndented = /^[ \t]/.test(line);
    const isComment = /^[ \t]*#/.test(line);
    const isEmpty = line.trim() === "";
    // White space at the start of a line is part of the script: none may come into a word.
    // A comment at the very start of its line has been put there on purpose.
    const isMovable =
      !isEmpty &&
      (isIndented ||
        (!isComment && /[ \t][\\`][ \t]*\r?$/.test(text.slice(before, newline))));
    lines.push({ start: next, text: line, isComment, isEmpty, isMovable });
    before = next;
    newline = following;
  }
  return lines;
}

/** Nodes whose text is taken as it is, white space included. */
const unbreakable: ReadonlySet<string> = new Set([
  "Word",
  "Assignment",
  "ArithmeticCommand",
  "ArithmeticFor",
  "TestCommand",
]);

function hasWordOverLines(
  { run, program }: Pick<Joined, "run" | "program">,
  dockerfile: Dockerfile,
): boolean {
  const spansLines = (node: SyntaxNode): boolean => {
    if (unbreakable.has(node.type)) {
      const start = run.body.offsetAt(node.pos);
      const end = run.body.offsetAt(node.end - 1);
      return dockerfile.text.slice(start, end).includes("\n");
    }
    let found = false;
    forEachChild(node, (child) => {
      found ||= spansLines(child);
    });
    return found;
  };
  return spansLines(program.script.tree);
}
