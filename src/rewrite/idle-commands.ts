import type { Command, Word } from "unbash";
import { sourceWords } from "../behaviour/simple-command.ts";
import type { Dockerfile, Instruction, Range, Stage } from "../dockerfile/types.ts";
import { cacheFlags } from "../knowledge/cache-flags.ts";
import { indexUsers, isIndexCopied, type IndexUse, type IndexUser } from "./apk-index.ts";
import { baseStages, isCacheUsedAround, isCacheUsedLater } from "./cache-mentions.ts";
import { isMounted } from "./flag-addition.ts";
import { isRemovable } from "./removal.ts";
import type { ScriptProgram } from "./run-program.ts";
import type { Declarations } from "./types.ts";

/** A command that has nothing left to do once apk keeps no index. */
export interface IdleCommand {
  readonly run: Instruction;
  readonly program: ScriptProgram;
  readonly command: Command;
  /** The words to take out; undefined if the command goes as a whole. */
  readonly words: readonly Range[] | undefined;
  readonly declares: Declarations;
  /** Commands of the stage that have to change or go together with it. */
  readonly needs: readonly Command[];
}

/** What `idleCommands` may count on. */
export interface Plan {
  /** Calls of the stage that get `--no-cache`. */
  readonly flagged: ReadonlySet<Command>;
  /** Commands that have to stay. */
  readonly kept: ReadonlySet<Command>;
  isIgnored(run: Instruction): boolean;
}

/**
 * `apk update` where whatever runs later fetches the index for itself, and
 * `rm -rf /var/cache/apk/*` where nothing has left an index behind.
 */
export function idleCommands(
  stage: Stage,
  dockerfile: Dockerfile,
  plan: Plan,
): IdleCommand[] {
  const apk = cacheFlags.find(({ id }) => id === "apk");
  const users = indexUsers(stage, dockerfile);
  if (!apk || users.length === 0 || isIndexCopied(dockerfile)) return [];
  const above = derivedStages(stage, dockerfile).flatMap((other) =>
    indexUsers(other, dockerfile),
  );
  const idle: IdleCommand[] = [];
  const updates = new Set<Command>();
  const isFree = (run: Instruction): boolean =>
    !plan.isIgnored(run) && !isMounted(apk, run);
  for (const { user, program, use } of usesOf(users)) {
    const command = use.command.node;
    if (use.kind !== "update" || plan.kept.has(command) || !isFree(user.instruction))
      continue;
    if (!isPlainElement(program, use)) continue;
    const needs = servedAfter(user, use, users, above, plan);
    if (needs === undefined || isCacheUsedLater(user.instruction, apk, dockerfile))
      continue;
    updates.add(command);
    const words = sourceWords(command, program.script.text).join(" ");
    const declares = { removedCommands: [words] };
    idle.push({
      run: user.instruction,
      program,
      command,
      words: undefined,
      declares,
      needs,
    });
  }
  if (
    isCacheUsedAround(stage, apk, dockerfile) ||
    !baseStages(stage)
      .slice(1)
      .every((base) => isIndexUnfilled(base, dockerfile))
  )
    return idle;
  for (const { user, program, use } of usesOf(users)) {
    const command = use.command.node;
    if (use.kind !== "removal" || plan.kept.has(command) || !isFree(user.instruction))
      continue;
    if (use.isAll && !isPlainElement(program, use)) continue;
    const needs = filledBefore(user, use, users, plan, updates);
    if (needs === undefined) continue;
    const source = sourceWords(command, program.script.text);
    const words = use.isAll
      ? undefined
      : removedWords(command, use.words, user.instruction);
    const declares = use.isAll
      ? { removedCommands: [source.join(" ")] }
      : { removedWords: use.words.map(({ text }) => text) };
    idle.push({ run: user.instruction, program, command, words, declares, needs });
  }
  return idle;
}

function* usesOf(
  users: readonly IndexUser[],
): Iterable<{ user: IndexUser; program: ScriptProgram; use: IndexUse }> {
  for (const user of users)
    for (const use of user.uses) {
      if (user.program) yield { user, program: user.program, use };
    }
}

/** Under `sudo` a command may fail where the ones beside it don't. */
function isPlainElement({ script }: ScriptProgram, { command }: IndexUse): boolean {
  return command.invocation?.prefixes.length === 0 && isRemovable(script, command.node);
}

/**
 * The calls after an `apk update` that have to get `--no-cache` first; undefined if something
 * would still read the index, or if nothing is known that the update was for.
 *
 * @param above what uses the index in the stages that stand on this one
 */
function servedAfter(
  user: IndexUser,
  update: IndexUse,
  users: readonly IndexUser[],
  above: readonly IndexUser[],
  { flagged }: Plan,
): Command[] | undefined {
  const needs: Command[] = [];
  let isServing = above.some(({ uses }) => uses.some(({ kind }) => kind === "uncached"));
  if (above.some(readsIndex)) return undefined;
  for (const other of users) {
    if (other.instruction.index < user.instruction.index) continue;
    if (other.isOpaque) return undefined;
    for (const { kind, command } of other.uses) {
      if (other === user && command.node.pos < update.command.node.pos) continue;
      if (kind === "other") return undefined;
      if (kind === "install" && !flagged.has(command.node)) return undefined;
      if (kind === "install") needs.push(command.node);
      isServing ||= kind === "install" || kind === "uncached";
    }
  }
  return isServing ? needs : undefined;
}

/** What has to change before a removal; undefined if something before it leaves an index. */
function filledBefore(
  user: IndexUser,
  removal: IndexUse,
  users: readonly IndexUser[],
  { flagged }: Plan,
  updates: ReadonlySet<Command>,
): Command[] | undefined {
  const needs: Command[] = [];
  for (const other of users) {
    if (other.instruction.index > user.instruction.index) break;
    if (other.isOpaque) return undefined;
    for (const { kind, command } of other.uses) {
      if (other === user && command.node.pos > removal.command.node.pos) continue;
      if (kind === "uncached" || kind === "removal") continue;
      const isChanged = (kind === "install" ? flagged : updates).has(command.node);
      if (kind === "other" || !isChanged) return undefined;
      needs.push(command.node);
    }
  }
  return needs;
}

function readsIndex({ isOpaque, uses }: IndexUser): boolean {
  return isOpaque || uses.some(({ kind }) => kind === "install" || kind === "other");
}

function isIndexUnfilled(stage: Stage, dockerfile: Dockerfile): boolean {
  return indexUsers(stage, dockerfile).every(
    ({ isOpaque, uses }) =>
      !isOpaque && uses.every(({ kind }) => kind === "uncached" || kind === "removal"),
  );
}

const derived = new WeakMap<Stage, readonly Stage[]>();

/** Stages that stand on this one, directly or not. */
function derivedStages(stage: Stage, dockerfile: Dockerfile): readonly Stage[] {
  const cached = derived.get(stage);
  if (cached) return cached;
  const found = new Set([stage]);
  for (const other of dockerfile.stages) {
    if (other.base.kind === "stage" && found.has(other.base.stage)) found.add(other);
  }
  found.delete(stage);
  const stages = [...found];
  derived.set(stage, stages);
  return stages;
}

/**
 * Each word with the white space that it leaves over: that behind it where another word
 * follows on its line, else that before it. Offsets are those of the script.
 */
function removedWords(
  command: Command,
  words: readonly Word[],
  run: Instruction,
): Range[] {
  const all = [...(command.name ? [command.name] : []), ...command.suffix];
  return words.flatMap(({ pos, end }) => {
    const index = all.findIndex((item) => item.pos === pos);
    const [before, next] = [all[index - 1], all[index + 1]];
    const isFollowed =
      next !== undefined &&
      run.body.offsetAt(next.pos) - run.body.offsetAt(end - 1) === next.pos - end + 1;
    if (isFollowed) return [{ start: pos, end: next.pos }];
    return before ? [{ start: before.end, end }] : [];
  });
}
