import type { SyntaxNode } from "unbash";
import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import type { SimpleCommand } from "../../shell/commands.ts";
import { attachments, type Attachment, type Followed } from "./attach.ts";
import type { Filling } from "./cache-filling.ts";
import { isDirectiveComment } from "../directive-comments.ts";
import { commentAbove } from "../merging/joined-run.ts";
import { noResidue } from "../merging/joining.ts";
import { joint, type Layout } from "../layout.ts";
import type { ScriptProgram } from "../run-program.ts";
import { isProvenRun } from "../../engine/run-proof.ts";
import { transparentResidue } from "../merging/transparency.ts";
import type { Edit } from "../../engine/types.ts";

/** Commands that remove what installs leave, and what these have to do with them. */
export interface Cleanup extends Followed {
  readonly commands: readonly string[];
}

/**
 * What cleans up after the last install, with its name and its rights; undefined where these
 * can't be told or don't suffice.
 *
 * @param user as whom the RUN is executed; `undefined` where only the base image knows
 */
export function cleanupFor(
  { manager, cleanup, fills, calls, last, concerns }: Filling,
  user: string | undefined,
): Cleanup | undefined {
  const program = last.invocation?.programWord.text ?? manager.id;
  const prefix = rightsOf(last);
  if (prefix === undefined) return undefined;
  // Unless it was root, who installed last may not remove what somebody else left there.
  const { wrapper } = last;
  const isAlike = fills.every(
    (command) => rightsOf(command) === prefix && command.wrapper?.open === wrapper?.open,
  );
  if (!isAlike && (wrapper || !/^(sudo|doas) (?!.*-u)/.test(prefix))) return undefined;
  const isForRoot = cleanup.some((command) => command.startsWith("rm -rf /"));
  const actual = wrapper ? wrapper.user : prefix === "" ? user : userOf(prefix);
  if (isForRoot && !/^["']?(?:root|0)\b/.test(actual ?? "root")) return undefined;
  const commands = cleanup.map(
    (command) =>
      `${prefix}${wrapper?.open ?? ""}${command.replace("{program}", program)}${wrapper?.close ?? ""}`,
  );
  const removesOnly = cleanup.every((command) => command.startsWith("rm "));
  const [runner] = prefix.split(" ");
  if (removesOnly && runner === "") return { commands, concerns };
  const providers = calls.filter(
    (command) =>
      rightsOf(command)?.split(" ")[0] === runner &&
      (removesOnly ||
        (command.wrapper?.open === wrapper?.open &&
          command.isInOwnShell === last.isInOwnShell &&
          command.invocation?.programWord.text === program)),
  );
  const nodes = new Set<SyntaxNode>(providers.map(({ node }) => node));
  return { commands, concerns, provides: (node) => nodes.has(node) };
}

/** Prefixes that say on whose behalf a command runs; the others don't matter to a clean-up. */
const rights = /^(sudo|doas|gosu|su-exec)$/;
const indifferent = /^(env|time|nice|ionice|eatmydata|timeout|command|stdbuf|nohup)$/;

/** As whom a prefix runs its command; `undefined` for root, who needs no name. */
function userOf(prefix: string): string | undefined {
  return (
    /^(?:gosu|su-exec) (\S+)/.exec(prefix)?.[1] ??
    / (?:-[A-Za-z]*u ?|--user[= ])(\S+)/.exec(prefix)?.[1]
  );
}

/** `sudo -u app ` or `gosu app ` as the install has it; undefined where that can't be told. */
export function rightsOf({ invocation }: SimpleCommand): string | undefined {
  if (!invocation) return "";
  if (invocation.prefixes.some((name) => !rights.test(name) && !indifferent.test(name)))
    return undefined;
  const kept: string[] = [];
  let isKept = false;
  for (const { text } of invocation.prefixWords) {
    if (rights.test(text) || indifferent.test(text)) isKept = rights.test(text);
    // A password on standard input is there once.
    if (isKept && /^-[a-zA-Z]*S|^--stdin$/.test(text)) return undefined;
    if (isKept && !/^\w+=/.test(text)) kept.push(text);
  }
  return kept.length === 0 ? "" : `${kept.join(" ")} `;
}

/**
 * Edits that attach the commands where they run after every install that has run, and that
 * change nothing else; undefined where no place is proven to do that.
 */
export function cleanupEdits(
  run: Instruction,
  program: ScriptProgram,
  cleanup: Cleanup,
  dockerfile: Dockerfile,
  layout: Layout,
): Edit[] | undefined {
  const { commands, provides } = cleanup;
  const places = attachments(program.script.tree.commands, cleanup);
  // A statement of its own changes the status that the next one may ask for. It also runs
  // where a list in front of it has ended before its last element.
  const mayFollow =
    !/\$\{?\?|exit|return|trap/.test(program.script.text) &&
    (provides === undefined || places?.every(({ isStatement }) => isStatement));
  const operators = mayFollow ? (["&&", ";"] as const) : (["&&"] as const);
  const operator = operators.find(
    (candidate) => places && isProven(program, places, candidate, commands),
  );
  if (!places || !operator) return undefined;
  const { commentStart, text } = program.script;
  if (
    commentStart !== undefined &&
    isDirectiveComment(text.slice(commentStart + 1).trim())
  )
    return undefined;
  return [
    ...places.flatMap((place) =>
      attach(run, place, operator, commands, dockerfile, layout),
    ),
    ...commentMoved(run, program, places, dockerfile),
  ];
}

/** Tries the clean-up on the script alone, in one line. */
function isProven(
  program: ScriptProgram,
  places: readonly Attachment[],
  operator: "&&" | ";",
  commands: readonly string[],
): boolean {
  const edits = places.flatMap(({ start, end, needsBraces }) => [
    { range: { start, end: start }, text: needsBraces ? "{ " : "" },
    {
      range: { start: end, end },
      text: `${operator === ";" ? ";" : " &&"} ${commands.join(" && ")}${needsBraces ? "; }" : ""}`,
    },
  ]);
  const [place, ...others] = places;
  if (operator === "&&" && others.length === 0 && !place?.needsBraces && isPlain(program))
    return true;
  return isProvenRun(program, edits, [{ addedCommands: commands }]);
}

/** One more link in a chain of programs joined by `&&` needs no proof of its own. */
function isPlain(program: ScriptProgram): boolean {
  return transparentResidue(program, noResidue(program.shell)) !== undefined;
}

function attach(
  run: Instruction,
  place: Attachment,
  operator: "&&" | ";",
  commands: readonly string[],
  dockerfile: Dockerfile,
  layout: Layout,
): Edit[] {
  const start = run.body.offsetAt(place.start);
  const end = run.body.offsetAt(place.end - 1) + 1;
  const [open, close] = place.needsBraces ? ["{ ", "; }"] : ["", ""];
  const lineEnd = dockerfile.text.slice(end, run.range.end).split("\n")[0] ?? "";
  // A command in the middle of a line is followed on that line; at the end, on a new one.
  const isInline =
    place.needsBraces || !/^[ \t]*(&&[ \t]*|;[ \t]*)?[\\`]?[ \t\r]*(#.*)?$/.test(lineEnd);
  const indent = place.isNested ? indentOfLine(dockerfile.text, start) : layout.indent;
  const between = isInline ? " && " : joint({ ...layout, indent }, []);
  const first =
    operator === "&&"
      ? between
      : isInline
        ? "; "
        : `; ${layout.escape}${layout.lineBreak}${indent}`;
  const text = `${first}${commands.join(between)}${close}`;
  return [
    { range: { start, end: start }, text: open },
    { range: { start: end, end }, text },
  ].filter((edit) => edit.text !== "");
}

export function indentOfLine(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** A shell comment at the end would come to stand behind the clean-up: it goes above. */
function commentMoved(
  run: Instruction,
  program: ScriptProgram,
  places: readonly Attachment[],
  dockerfile: Dockerfile,
): Edit[] {
  const { script } = program;
  if (
    script.commentStart === undefined ||
    !places.some(({ end }) => end === script.codeEnd)
  )
    return [];
  const start = run.body.offsetAt(script.codeEnd - 1) + 1;
  const end = run.body.offsetAt(script.text.length - 1) + 1;
  return [
    ...commentAbove({ run, program }, dockerfile),
    { range: { start, end }, text: "" },
  ];
}
