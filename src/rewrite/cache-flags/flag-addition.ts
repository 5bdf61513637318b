import type { Command, CommandArgument } from "unbash";
import { hasNoNetwork } from "../../dockerfile/network.ts";
import { stateBefore } from "../../dockerfile/state.ts";
import { oncePer } from "../../dockerfile/once-per.ts";
import type {
  BuildState,
  Dockerfile,
  ImageReference,
  Instruction,
} from "../../dockerfile/types.ts";
import type { CacheFlag } from "../../knowledge/cache-flags.ts";
import { hasOldTool } from "../../knowledge/old-releases.ts";
import { simpleCommands } from "../../shell/commands.ts";
import type { Script } from "../../shell/parse.ts";
import { literalValue } from "../../shell/words.ts";
import { readCacheFlagCall, type CacheFlagCall } from "./cache-flag-call.ts";
import { isCacheUsedLater } from "./cache-mentions.ts";
import { rootBase } from "../root-image.ts";
import { removeWords, type RunEdits } from "../removal.ts";
import type { ScriptProgram } from "../run-program.ts";
import type { Declarations, Edit } from "../../engine/types.ts";

/** A call that gets the option, or that has it and loses the words that it makes idle. */
export interface FlagAddition {
  readonly run: Instruction;
  readonly call: CacheFlagCall;
  readonly command: Command;
  readonly isAdded: boolean;
  /** Idle words that go. */
  readonly dropped: readonly string[];
  readonly edits: RunEdits;
  readonly declares: Declarations;
}

/** Puts the option behind the subcommand and takes out the words that it makes idle. */
export function addFlag(
  call: CacheFlagCall,
  run: Instruction,
  isAdded: boolean,
): FlagAddition {
  const { manager, subcommand } = call;
  const { node } = call.command;
  const { end } = subcommand.word;
  const text = isAdded ? ` ${manager.flag}` : "";
  const fileEnd = run.body.offsetAt(end - 1) + 1;
  const words = [...(node.name ? [node.name] : []), ...node.suffix];
  const removed = idleWords(call).flatMap((word) => {
    const before = words[words.findIndex(({ pos }) => pos === word.pos) - 1];
    const edits = before && removeWords([{ start: before.end, end: word.end }], run);
    return edits ? [{ text: word.text, edits }] : [];
  });
  const insertion = (at: number): Edit[] =>
    isAdded ? [{ range: { start: at, end: at }, text }] : [];
  const dropped = removed.map((word) => word.text);
  return {
    run,
    call,
    command: node,
    isAdded,
    dropped,
    edits: {
      script: [...insertion(end), ...removed.flatMap(({ edits }) => edits.script)],
      file: [...insertion(fileEnd), ...removed.flatMap(({ edits }) => edits.file)],
    },
    declares: {
      ...(isAdded ? { addedWords: [manager.flag] } : {}),
      ...(dropped.length > 0 ? { removedWords: dropped } : {}),
    },
  };
}

/** Options that do nothing beside the flag; what another option takes as its value is none. */
function idleWords({ manager, subcommand }: CacheFlagCall): CommandArgument[] {
  const { others } = subcommand;
  return others.filter((arg, index) => {
    const before = others[index - 1];
    return (
      manager.idleOptions.includes(arg.text) &&
      !(before && manager.valueOptions.includes(before.text))
    );
  });
}

/** Why a call has to do without the option. */
export function whyNoFlag(
  call: CacheFlagCall,
  run: Instruction,
  program: ScriptProgram,
  dockerfile: Dockerfile,
): string | undefined {
  const { manager, subcommand } = call;
  const { id, flag } = manager;
  for (const { option, reason } of manager.handledByOption) {
    if (subcommand.others.some((arg) => option.test(literalValue(arg) ?? arg.text)))
      return reason;
  }
  const variable = setVariable(call, program, stateBefore(run, dockerfile));
  if (variable !== undefined) return `${variable} says where ${id}'s cache goes`;
  if (isMounted(manager, run)) return `${id}'s cache is a mount`;
  if (manager.needsNetwork && hasNoNetwork(run))
    return `without a network ${id} needs its cache`;
  const base = run.stage && rootBase(run.stage);
  if (base?.kind === "scratch")
    return `the image starts from scratch, and the age of its ${id} is not known`;
  const image = base?.kind === "image" ? base.image : undefined;
  if (image && mayBeOld(manager, image))
    return `${image.text} may come with a release of ${id} that doesn't know ${flag}`;
  if (manager.linksText?.test(dockerfile.text))
    return `what ${id} installs may be links into its cache`;
  if (isOldRelease(dockerfile)(manager))
    return `the file asks for a release of ${id} that can't take ${flag}`;
  if (isReplaced(program.script)(manager)) return `${id} is a function of the script`;
  if (manager.isCleanupEnough && isCleanedUp(call, program))
    return `the same RUN removes ${id}'s cache`;
  if (isConfigured(call, program)) return `the same RUN sets ${id} up to keep no cache`;
  if (isCacheUsedLater(run, manager, dockerfile))
    return `something else in the file uses ${id}'s cache`;
  return undefined;
}

/** Whether an image may come with a release that doesn't know the option. */
export function mayBeOld(
  { id, oldImage }: Pick<CacheFlag, "id" | "oldImage">,
  image: ImageReference,
): boolean {
  return hasOldTool(id, image) || oldImage.test(image.resolved ?? image.text);
}

/**
 * Whether the program's release is known to take the option, where that is doubtful: by the
 * image that it was copied from, or else by the stage's own.
 */
export function isNewEnough(
  { manager: { id, newImage } }: CacheFlagCall,
  { stage, index }: Instruction,
  dockerfile: Dockerfile,
): boolean {
  if (!newImage) return true;
  for (let current = stage; current;) {
    const copy = current.instructions.findLast(
      (other) =>
        other.keyword === "COPY" && other.index < index && other.body.text.includes(id),
    );
    const from = copy?.flags.find(({ name }) => name === "from")?.value;
    if (copy && from === undefined) return false;
    if (from !== undefined) return newImage.test(imageNamed(from, dockerfile) ?? "");
    const { base } = current;
    if (base.kind !== "stage")
      return base.kind === "image" && newImage.test(base.image.text);
    current = base.stage;
  }
  return false;
}

/** What `COPY --from` takes from: an image, or what a stage stands on. */
function imageNamed(from: string, { stages }: Dockerfile): string | undefined {
  const stage = stages.find(
    ({ name, index }) => name === from.toLowerCase() || String(index) === from,
  );
  if (!stage) return from;
  const base = rootBase(stage);
  return base.kind === "image" ? base.image.text : undefined;
}

/** A variable in force that switches the cache off or moves it. */
function setVariable(
  { manager: { variables }, command }: CacheFlagCall,
  { script }: ScriptProgram,
  { env, args }: BuildState,
): string | undefined {
  const setAt = variablesSet(script);
  return variables.find(
    (name) =>
      env.has(name) ||
      args.has(name) ||
      (setAt.get(name) ?? Infinity) <= command.node.pos,
  );
}

/** Where the first command starts that gives a variable a value, or has a word that may. */
const variablesSet = oncePer((script: Script): ReadonlyMap<string, number> => {
  const setAt = new Map<string, number>();
  for (const { node, invocation } of simpleCommands(script)) {
    const names = [
      ...(invocation?.assignments ?? []),
      ...[...node.prefix, ...node.suffix].map((item) =>
        item.type === "Assignment"
          ? item.name
          : item.type === "Word"
            ? /^(\w+)=/.exec(item.text)?.[1]
            : undefined,
      ),
    ];
    for (const name of names)
      if (name !== undefined)
        setAt.set(name, Math.min(node.pos, setAt.get(name) ?? Infinity));
  }
  return setAt;
});

/** Dockerfile reference, RUN --mount: `target`, `dst` and `destination` are the same. */
export function isMounted({ mountTarget }: CacheFlag, { flags }: Instruction): boolean {
  return flags.some(
    ({ name, value = "" }) =>
      name === "mount" &&
      value.split(",").some((option) => {
        const [, target] = /^\s*(?:target|dst|destination)=(.*)$/i.exec(option) ?? [];
        return target !== undefined && mountTarget.test(target.trim());
      }),
  );
}

/** Whether any word of the file asks for a release of the manager that is too old. */
const isOldRelease = oncePer(({ instructions }: Dockerfile) =>
  oncePer(({ oldRelease }: CacheFlag) =>
    instructions.some(
      ({ keyword, body }) =>
        keyword === "RUN" && body.text.split(/\s+/).some((word) => oldRelease.test(word)),
    ),
  ),
);

/** Whether the script defines a function under the program's name. */
const isReplaced = oncePer(({ text }: Script) =>
  oncePer(({ programs }: CacheFlag) =>
    [...text.matchAll(/(?<![\w.-])([\w.-]+)\s*\(\s*\)/g)].some(([, name]) =>
      programs.test(name ?? ""),
    ),
  ),
);

/** Whether a later command of the same RUN removes the cache. */
function isCleanedUp(
  { manager, command }: CacheFlagCall,
  { script }: ScriptProgram,
): boolean {
  return lastCleanup(script)(manager) >= command.node.end;
}

/** Where the last command starts that removes the manager's cache. */
const lastCleanup = oncePer((script: Script) =>
  oncePer(({ cacheText }: CacheFlag) => {
    const last = simpleCommands(script).findLast((command) => {
      const { pos, end } = command.node;
      const { program } = command.invocation ?? {};
      return (
        cacheText.test(script.text.slice(pos, end)) &&
        (program === "rm" ||
          program === "find" ||
          /cache|^clean$/.test(readCacheFlagCall(command)?.subcommand.name ?? ""))
      );
    });
    return last?.node.pos ?? -1;
  }),
);

/** Whether an earlier command of the RUN writes the option into the manager's settings. */
function isConfigured(
  { manager, command }: CacheFlagCall,
  { script }: ScriptProgram,
): boolean {
  return firstConfiguration(script)(manager) < command.node.pos;
}

const firstConfiguration = oncePer((script: Script) =>
  oncePer(({ settingsText }: CacheFlag) => {
    const first = simpleCommands(script).find(({ node: { pos, end } }) =>
      settingsText?.test(script.text.slice(pos, end)),
    );
    return first?.node.pos ?? Infinity;
  }),
);
