import { sourceWords } from "../../behaviour/simple-command.ts";
import { configurationKeywords } from "../../dockerfile/configuration.ts";
import { copiedNames } from "../../dockerfile/copied-names.ts";
import { stateBefore } from "../../dockerfile/state.ts";
import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import {
  installCalls,
  nowhere,
  plainInstallOptions,
  plainUpdateOptions,
} from "../../knowledge/apt-sources.ts";
import type { SimpleCommand } from "../../shell/commands.ts";
import { mayChangeGlobs } from "../../shell/glob-settings.ts";
import { literalValue } from "../../shell/words.ts";
import { concernsFor, isCleaned, type Filling } from "./cache-filling.ts";
import { cleanupEdits, cleanupFor, indentOfLine, rightsOf } from "./cleanup-edits.ts";
import { commandsKeepSources, keepsSources } from "./kept-sources.ts";
import { joint, type Layout } from "../layout.ts";
import {
  cacheRole,
  fetchesAnew,
  firstUse,
  isCopiedProgram,
  laterReader,
} from "./list-readers.ts";
import { commandsWithNested, type NestedCommand } from "./nested-commands.ts";
import { runProgram, type ScriptProgram } from "../run-program.ts";
import { isProvenRun } from "../../engine/run-proof.ts";
import { succeedsOnlyWith } from "../../shell/sure-success.ts";
import type { AddedUpdate, Edit, TransformContext } from "../../engine/types.ts";

/** What gives every later RUN that installs by the lists of this one an update of its own. */
export interface OwnUpdates {
  readonly edits: readonly Edit[];
  /** One for each RUN that gets it. */
  readonly updates: readonly AddedUpdate[];
  /** The clean-up behind their installs. */
  readonly cleanups: readonly string[];
}

/**
 * Lets each later RUN of the stage that installs by the lists of this one fetch them itself, by
 * the command that has fetched them here, and clean up behind it. Undefined where that could
 * be anything else than the same lists once more, or where somebody else relies on them.
 */
export function ownUpdates(
  run: Instruction,
  program: ScriptProgram,
  filling: Filling,
  layout: Layout,
  context: TransformContext,
): OwnUpdates | undefined {
  const { stage } = run;
  const { manager } = filling;
  const { dockerfile } = context;
  const update = updateOf(run, program, filling, dockerfile);
  if (manager.id !== "apt" || !stage || !update) return undefined;
  const { user } = stateBefore(run, dockerfile);
  const additions: Addition[] = [];
  // Neighbours become one RUN, with one update.
  let isApart = false;
  for (const instruction of stage.instructions.filter(({ index }) => index > run.index)) {
    const use = firstUse(instruction, manager, dockerfile);
    if (use === "fetches anew") return together(additions);
    if (use !== undefined) {
      const isLikeIt =
        isApart &&
        use.certainty === "certain" &&
        instruction.keyword === "RUN" &&
        instruction.flags.length === 0 &&
        !context.isIgnored(instruction) &&
        stateBefore(instruction, dockerfile).user === user;
      const addition =
        isLikeIt && withUpdate(run, instruction, update, filling, dockerfile, layout);
      if (!addition) return undefined;
      additions.push(addition);
      isApart = false;
    }
    if (!keepsSources(instruction, manager, dockerfile)) {
      // Nothing may follow that has to have the same sources, nor anything that may.
      return laterReader(instruction, manager, dockerfile)
        ? undefined
        : together(additions);
    }
    isApart ||= !isRunOrConfiguration(instruction);
  }
  const last = stage.instructions.at(-1);
  return last && !laterReader(last, manager, dockerfile)
    ? together(additions)
    : undefined;
}

function isRunOrConfiguration({ keyword }: Instruction): boolean {
  return keyword === "RUN" || configurationKeywords.has(keyword);
}

function together(additions: readonly Addition[]): OwnUpdates | undefined {
  if (additions.length === 0) return undefined;
  return {
    edits: additions.flatMap(({ edits }) => edits),
    updates: additions.map(({ update }) => update),
    cleanups: [...new Set(additions.flatMap(({ cleanups }) => cleanups))],
  };
}

interface Addition {
  readonly edits: readonly Edit[];
  readonly update: AddedUpdate;
  readonly cleanups: readonly string[];
}

interface Update {
  /** Its words, separated by one space. */
  readonly command: string;
  /** As it stands in the file. */
  readonly text: string;
  /** `sudo ` and the like. */
  readonly rights: string;
}

/**
 * The update of this RUN as others can repeat it: its failure has failed the build here, too,
 * and nothing behind it may have changed what it fetches.
 */
function updateOf(
  run: Instruction,
  { script }: ScriptProgram,
  { fills, manager }: Filling,
  dockerfile: Dockerfile,
): Update | undefined {
  const fill = fills.at(-1);
  const [statement, ...more] = script.tree.commands;
  if (!fill?.invocation || fill.wrapper || fill.isInOwnShell) return undefined;
  if (run.flags.length > 0 || more.length > 0 || !statement) return undefined;
  const { node, invocation } = fill;
  if (!manager.programs.test(invocation.programWord.text)) return undefined;
  if (copiedNames(dockerfile).has(invocation.programWord.text)) return undefined;
  if (!succeedsOnlyWith(statement.command, (other) => other === fill.node))
    return undefined;
  if (!fetchesAnew(fill, manager, script)) return undefined;
  const rights = rightsOf(fill);
  const options = invocation.args.filter(({ text }) => text !== "update");
  const isPlain =
    rights?.trim() === invocation.prefixWords.map(({ text }) => text).join(" ") &&
    node.redirects.every(
      (one) => one.type === "Redirect" && nowhere.test(one.target?.text ?? ""),
    ) &&
    invocation.assignments.length === 0 &&
    invocation.args.length - options.length === 1 &&
    options.every(({ text }) => plainUpdateOptions.test(text));
  if (rights === undefined || !isPlain) return undefined;
  const command = sourceWords(node, script.text).join(" ");
  const text = script.text.slice(node.pos, node.end);
  const behind = commandsWithNested(script).filter((one) => one.node.pos > node.pos);
  // Without an install behind it, the RUN would fetch lists only to remove them.
  const isUsed = behind.some((one) => cacheRole(one, manager) === "reads");
  return isUsed &&
    !text.includes("\n") &&
    commandsKeepSources(behind, script, run, manager, dockerfile)
    ? { command, text, rights }
    : undefined;
}

/** Puts the update in front of the first command that reads the lists, and cleans up. */
function withUpdate(
  from: Instruction,
  run: Instruction,
  { command, text, rights }: Update,
  { manager }: Filling,
  dockerfile: Dockerfile,
  layout: Layout,
): Addition | undefined {
  const program = runProgram(run, dockerfile);
  if (program.kind !== "script") return undefined;
  const { script } = program;
  const [statement, ...more] = script.tree.commands;
  if (!statement || more.length > 0 || mayChangeGlobs(script)) return undefined;
  const commands = commandsWithNested(script);
  const roles = commands.map((one) => cacheRole(one, manager));
  const calls = commands.filter(({ invocation }) =>
    manager.programs.test(invocation?.program ?? ""),
  );
  const [first] = calls;
  const last = calls.at(-1);
  const { node } = first ?? {};
  if (!first || !last || !node || roles.includes("fills")) return undefined;
  if (!isPlainInstall(first)) return undefined;
  if (calls.some((call) => !isAlike(call, rights))) return undefined;
  if (!succeedsOnlyWith(statement.command, (other) => other === node)) return undefined;
  // A script may install by the lists before they are fetched anew, or behind the clean-up.
  if (roles.includes("may read")) return undefined;
  if (commands.some((one) => isCopiedProgram(one, manager, dockerfile))) return undefined;
  const before = commands.filter((one) => one.node.pos < node.pos);
  if (!commandsKeepSources(before, script, run, manager, dockerfile)) return undefined;
  const reader = sourceWords(node, script.text).join(" ");
  const update: AddedUpdate = { from, to: run, command, reader };
  const { pos } = node;
  const isUpdated = isProvenRun(
    program,
    [{ range: { start: pos, end: pos }, text: `${text} && ` }],
    [{ addedUpdates: [update] }],
  );
  if (!isUpdated) return undefined;
  const start = run.body.offsetAt(pos);
  const isFirstLine = !dockerfile.text.slice(run.range.start, start).includes("\n");
  const indent = isFirstLine ? layout.indent : indentOfLine(dockerfile.text, start);
  const edit: Edit = {
    range: { start, end: start },
    text: `${text}${joint({ ...layout, indent }, [])}`,
  };
  if (isCleaned(script, last, manager)) return { edits: [edit], update, cleanups: [] };
  const cleanup = cleanupFor(
    {
      manager,
      cleanup: manager.cleanup,
      fills: calls,
      calls,
      last,
      concerns: concernsFor(script, manager),
    },
    stateBefore(run, dockerfile).user,
  );
  const behind = cleanup && cleanupEdits(run, program, cleanup, dockerfile, layout);
  return cleanup && behind
    ? { edits: [edit, ...behind], update, cleanups: cleanup.commands }
    : undefined;
}

/** `apt-get install -y git`, by its own name and with nothing that would need no lists. */
function isPlainInstall({ invocation }: SimpleCommand): boolean {
  const { args = [] } = invocation ?? {};
  const words = args.map((word) => literalValue(word) ?? word.text);
  const options = words.filter((word) => word.startsWith("-"));
  return (
    installCalls.test(words.filter((word) => !word.startsWith("-")).join(" ")) &&
    options.every((word) => plainInstallOptions.test(word))
  );
}

/** Not inside a nested script, and with the rights that the update had. */
function isAlike(call: NestedCommand, rights: string): boolean {
  return (
    call.wrapper === undefined && call.isInOwnShell !== true && rightsOf(call) === rights
  );
}
