import type { Command } from "unbash";
import { sourceWords } from "../../behaviour/simple-command.ts";
import { oncePer } from "../../dockerfile/once-per.ts";
import type { Dockerfile, Instruction, Range, Stage } from "../../dockerfile/types.ts";
import { cacheFlags } from "../../knowledge/cache-flags.ts";
import { isSureToRun } from "../../shell/commands.ts";
import { indexUsers, isIndexCopied, type IndexUse, type IndexUser } from "./apk-index.ts";
import { isCacheUsedAround, isCacheUsedLater } from "./cache-mentions.ts";
import { placeOf, type Place } from "../command-range.ts";
import { isMounted } from "./flag-addition.ts";
import { isRemovable, wordRanges } from "../removal.ts";
import type { ScriptProgram } from "../run-program.ts";
import type { Declarations } from "../../engine/types.ts";

/** A command that has nothing left to do once apk keeps no index. */
export interface IdleCommand {
  readonly run: Instruction;
  readonly program: ScriptProgram;
  readonly command: Command;
  /** The words to take out; undefined if the command goes as a whole. */
  readonly words: readonly Range[] | undefined;
  readonly declares: Declarations;
  /** Commands of the stage that have to change or go together with it. */
  readonly needs: readonly Place[];
}

/** What `idleCommands` may count on. */
interface Plan {
  /** Calls of the stage that get `--no-cache`. */
  readonly flagged: ReadonlySet<Place>;
  /** Commands that have to stay. */
  readonly kept: ReadonlySet<Place>;
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
  // Most files have nothing to do with apk, and the look at their stages takes its time.
  if (!dockerfile.text.includes("apk")) return [];
  const apk = cacheFlags.find(({ id }) => id === "apk");
  const around = surroundings(dockerfile).get(stage);
  const users = indexUsers(stage, dockerfile);
  if (!apk || !around || users.length === 0 || isIndexCopied(dockerfile)) return [];
  const isFree = (user: IndexUser, { command: { node } }: IndexUse): boolean =>
    !plan.kept.has(placeOf(node, user.instruction)) &&
    !plan.isIgnored(user.instruction) &&
    !isMounted(apk, user.instruction);
  const isUpdateFree = (user: IndexUser, use: IndexUse): boolean =>
    isFree(user, use) && !isCacheUsedLater(user.instruction, apk, dockerfile);
  const updates = idleUpdates(users, around, plan, isUpdateFree);
  if (around.isFilled || isCacheUsedAround(stage, apk, dockerfile)) return updates;
  return [...updates, ...idleRemovals(users, updates, plan, isFree)];
}

type IsFree = (user: IndexUser, use: IndexUse) => boolean;

/** From the last use to the first: an update is idle if nothing behind it reads the index. */
function idleUpdates(
  users: readonly IndexUser[],
  around: Surroundings,
  { flagged }: Plan,
  isFree: IsFree,
): IdleCommand[] {
  const idle: IdleCommand[] = [];
  let isServing = around.isServed;
  // What the next update needs, this one needs too.
  let needs: Place[] = [];
  if (around.isRead) return idle;
  for (const user of [...users].reverse()) {
    const { instruction: run, program, isOpaque } = user;
    if (isOpaque || !program) return idle;
    for (const use of [...user.uses].reverse()) {
      const { node } = use.command;
      const place = placeOf(node, run);
      if (use.kind === "other") return idle;
      if (use.kind === "install" && !flagged.has(place)) return idle;
      if (use.kind === "install") needs.push(place);
      isServing ||= isFetch(use) && isSureToRun(use.command, program.script);
      if (use.kind !== "update" || !isServing) continue;
      if (!isFree(user, use) || !isPlainElement(program, use)) continue;
      const words = sourceWords(node, program.script.text).join(" ");
      const declares = { removedCommands: [words] };
      idle.push({ run, program, command: node, words: undefined, declares, needs });
      needs = [place];
    }
  }
  return idle;
}

/** With `--no-cache`, which an install gets, it fetches the index for itself. */
function isFetch({ kind }: IndexUse): boolean {
  return kind === "install" || kind === "uncached";
}

/** From the first use to the last: a removal is idle if nothing before it leaves an index. */
function idleRemovals(
  users: readonly IndexUser[],
  updates: readonly IdleCommand[],
  { flagged }: Plan,
  isFree: IsFree,
): IdleCommand[] {
  const idle: IdleCommand[] = [];
  const idleUpdate = new Set(updates.map(({ command, run }) => placeOf(command, run)));
  let needs: Place[] = [];
  for (const user of users) {
    const { instruction: run, program, isOpaque } = user;
    if (isOpaque || !program) return idle;
    for (const use of user.uses) {
      const { node } = use.command;
      const place = placeOf(node, run);
      if (use.kind === "uncached") continue;
      if (use.kind !== "removal") {
        const isChanged = (use.kind === "install" ? flagged : idleUpdate).has(place);
        if (!isChanged) return idle;
        needs.push(place);
        continue;
      }
      if (!isFree(user, use) || (use.isAll && !isPlainElement(program, use))) continue;
      const words = use.isAll ? undefined : wordRanges(node, use.words, run);
      const declares = use.isAll
        ? { removedCommands: [sourceWords(node, program.script.text).join(" ")] }
        : { removedWords: use.words.map(({ text }) => text) };
      idle.push({ run, program, command: node, words, declares, needs });
      needs = [place];
    }
  }
  return idle;
}

/** Under `sudo` a command may fail where the ones beside it don't. */
function isPlainElement({ script }: ScriptProgram, { command }: IndexUse): boolean {
  return command.invocation?.prefixes.length === 0 && isRemovable(script, command.node);
}

/** What the stages below and on top of one do with the index, as the text stands. */
interface Surroundings {
  /** A stage below may leave an index. */
  readonly isFilled: boolean;
  /** A stage on top may read the index that it finds. */
  readonly isRead: boolean;
  /** A stage on top installs without it. */
  readonly isServed: boolean;
}

const surroundings = oncePer(
  (dockerfile: Dockerfile): ReadonlyMap<Stage, Surroundings> => {
    const { stages } = dockerfile;
    const kindsOf = (stage: Stage): Set<IndexUse["kind"] | "opaque"> =>
      new Set(
        indexUsers(stage, dockerfile).flatMap(({ uses, isOpaque }) => [
          ...uses.map(({ kind }) => kind),
          ...(isOpaque ? (["opaque"] as const) : []),
        ]),
      );
    const kinds = new Map(stages.map((stage) => [stage, kindsOf(stage)]));
    const fetches = (stage: Stage): boolean =>
      indexUsers(stage, dockerfile).some(
        ({ program, uses }) =>
          program !== undefined &&
          uses.some(
            ({ kind, command }) =>
              kind === "uncached" && isSureToRun(command, program.script),
          ),
      );
    const has = (
      stage: Stage,
      ...names: readonly (IndexUse["kind"] | "opaque")[]
    ): boolean => names.some((name) => kinds.get(stage)?.has(name));
    const [filled, read, served] = [new Set<Stage>(), new Set<Stage>(), new Set<Stage>()];
    // A stage stands on an earlier one.
    for (const stage of stages) {
      const below = stage.base.kind === "stage" ? stage.base.stage : undefined;
      if (
        below &&
        (filled.has(below) || has(below, "update", "install", "other", "opaque"))
      )
        filled.add(stage);
    }
    for (const stage of [...stages].reverse()) {
      const below = stage.base.kind === "stage" ? stage.base.stage : undefined;
      if (!below) continue;
      if (read.has(stage) || has(stage, "install", "other", "opaque")) read.add(below);
      if (served.has(stage) || fetches(stage)) served.add(below);
    }
    return new Map(
      stages.map((stage) => [
        stage,
        {
          isFilled: filled.has(stage),
          isRead: read.has(stage),
          isServed: served.has(stage),
        },
      ]),
    );
  },
);
