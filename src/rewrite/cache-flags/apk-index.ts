import type { Word } from "unbash";
import { copiedNames } from "../../dockerfile/copied-names.ts";
import { oncePer } from "../../dockerfile/once-per.ts";
import type { Dockerfile, Instruction, Stage } from "../../dockerfile/types.ts";
import {
  apkInText,
  apkIndexFree,
  apkIndexPath,
  apkUpdateOptions,
  plainPrograms,
} from "../../knowledge/cache-flags.ts";
import { isEnvironmentScript } from "../../knowledge/sourced-scripts.ts";
import { simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import { nestedScript } from "../../shell/invocation.ts";
import { literalValue } from "../../shell/words.ts";
import {
  fillsCache,
  hasFlag,
  readCacheFlagCall,
  type CacheFlagCall,
} from "./cache-flag-call.ts";
import { isIndifferent } from "./cache-mentions.ts";
import { runProgram, type ScriptProgram } from "../run-program.ts";

/** What a command does to apk's package index on disk. */
export type IndexUse =
  | { readonly kind: "update"; readonly command: SimpleCommand }
  /** `apk add` or `apk upgrade` without `--no-cache`. */
  | {
      readonly kind: "install";
      readonly command: SimpleCommand;
      readonly call: CacheFlagCall;
    }
  /** The same with `--no-cache`: it fetches the index for itself and leaves none behind. */
  | { readonly kind: "uncached"; readonly command: SimpleCommand }
  /** `rm -rf /var/cache/apk/*`, with the words that name the index. */
  | {
      readonly kind: "removal";
      readonly command: SimpleCommand;
      readonly words: readonly Word[];
      readonly isAll: boolean;
    }
  /** Any other call that may read or fetch the index. */
  | { readonly kind: "other"; readonly command: SimpleCommand };

/** An instruction that has to do with apk's index, or may have. */
export interface IndexUser {
  readonly instruction: Instruction;
  /** Undefined where the instruction isn't read any further. */
  readonly program: ScriptProgram | undefined;
  readonly uses: readonly IndexUse[];
  /** Something in it may call apk unseen: a script from the build context, text for a shell. */
  readonly isOpaque: boolean;
}

const known = new WeakMap<Stage, readonly IndexUser[]>();

export function indexUsers(stage: Stage, dockerfile: Dockerfile): readonly IndexUser[] {
  const cached = known.get(stage);
  if (cached) return cached;
  const users = stage.instructions
    .map((instruction) => readInstruction(instruction, dockerfile))
    .filter(({ uses, isOpaque }) => uses.length > 0 || isOpaque);
  known.set(stage, users);
  return users;
}

function readInstruction(instruction: Instruction, dockerfile: Dockerfile): IndexUser {
  const { start, end } = instruction.range;
  const text = dockerfile.text.slice(start, end);
  const opaque = { instruction, program: undefined, uses: [], isOpaque: true };
  const nothing = { ...opaque, isOpaque: false };
  if (instruction.keyword !== "RUN")
    return /^(ADD|ARG|COPY|ENV|LABEL|MAINTAINER)$/.test(instruction.keyword) ||
      !apkInText.test(text)
      ? nothing
      : opaque;
  const program = runProgram(instruction, dockerfile);
  if (program.kind === "opaque")
    return apkInText.test(text) || scriptInText.test(text) ? opaque : nothing;
  return readScript(instruction, program, dockerfile);
}

const scriptInText = /\.sh\b|(^|[\s"'=;&|(])\.\.?\/\w/;

/** Whether a stage's index may get into another one: `COPY --from=base / /`. */
export const isIndexCopied = oncePer(({ instructions }: Dockerfile) =>
  instructions.some(
    (instruction) => instruction.keyword === "COPY" && copiesIndex(instruction),
  ),
);

function copiesIndex({ flags, body, json }: Instruction): boolean {
  const sources = (json ?? body.text.split(/\s+/)).slice(0, -1);
  return (
    flags.some(({ name }) => name === "from") &&
    sources.some((source) =>
      /^[./]*(var(\/+cache(\/+apk(\/.*)?)?)?)?\/*\*?$/.test(source),
    )
  );
}

function readScript(
  instruction: Instruction,
  program: ScriptProgram,
  dockerfile: Dockerfile,
): IndexUser {
  const { script } = program;
  const uses: IndexUse[] = [];
  let rest = script.text;
  let isOpaque = false;
  for (const command of simpleCommands(script)) {
    const use = readUse(command, instruction, dockerfile);
    if (use === undefined) {
      isOpaque ||= runsUnseen(command, dockerfile);
      continue;
    }
    if (use !== "none") uses.push(use);
    const { pos, end } = command.node;
    rest = rest.slice(0, pos) + " ".repeat(end - pos) + rest.slice(end);
  }
  isOpaque ||= apkInText.test(rest);
  return { instruction, program, uses, isOpaque };
}

/** Returns undefined for a command that isn't apk's, and `none` for one without effect. */
function readUse(
  command: SimpleCommand,
  instruction: Instruction,
  dockerfile: Dockerfile,
): IndexUse | "none" | undefined {
  const { program, args = [] } = command.invocation ?? {};
  if (program === "rm") return readRemoval(command);
  if (program !== "apk") return undefined;
  const call = readCacheFlagCall(command);
  if (!call) {
    const isQuery = args.every((arg) => literalValue(arg)?.startsWith("-"));
    return isQuery ? "none" : { kind: "other", command };
  }
  const { name, others } = call.subcommand;
  const options = others.map((arg) => literalValue(arg) ?? "");
  if (name === "update")
    return options.every((option) => apkUpdateOptions.has(option))
      ? { kind: "update", command }
      : { kind: "other", command };
  const isUncached = hasFlag(call, instruction, dockerfile);
  if (fillsCache(call))
    return isUncached
      ? { kind: "uncached", command }
      : { kind: "install", command, call };
  const isQueryOfInstalled =
    name === "info" &&
    (options.some((option) => option === "-e" || option === "--installed") ||
      options.every((option) => /^-v+$/.test(option)));
  return isUncached || apkIndexFree.has(name) || isQueryOfInstalled
    ? "none"
    : { kind: "other", command };
}

const rmOptions = /^(-[rRfv]+|--force|--recursive|--verbose|--)$/;

function readRemoval(command: SimpleCommand): IndexUse | undefined {
  if (!isIndifferent(command)) return undefined;
  const { args = [], prefixes = [] } = command.invocation ?? {};
  // Behind `timeout` or `nohup` it says more than what is removed.
  if (prefixes.some((name) => name !== "sudo" && name !== "doas")) return undefined;
  const operands = args.filter((arg) => !arg.text.startsWith("-"));
  const words = operands.filter(
    (arg): arg is Word =>
      arg.type === "Word" && apkIndexPath.test(arg.text.replace(/^(["'])(.*)\1$/, "$2")),
  );
  if (words.length === 0) return undefined;
  const options = args.map((arg) => literalValue(arg) ?? "");
  // With -i, an option that it doesn't have, or without -r on the folder, it fails despite -f.
  if (options.some((option) => option.startsWith("-") && !rmOptions.test(option)))
    return undefined;
  const isDeep = options.some((option) => /^(-[A-Za-z]*[rR]|--recursive$)/.test(option));
  if (!isDeep && words.some(({ text }) => /apk\/*["']?$/.test(text))) return undefined;
  return { kind: "removal", command, words, isAll: words.length === operands.length };
}

/** Whether the command may run a script that isn't there to read. */
function runsUnseen({ invocation }: SimpleCommand, dockerfile: Dockerfile): boolean {
  if (!invocation) return false;
  const { program, programWord, args } = invocation;
  if (program === undefined || program === "eval") return true;
  if (/^(sh|bash|ash|dash|zsh|su|runuser|chroot)$/.test(program)) {
    const script = nestedScript(invocation);
    return script === undefined || scriptInText.test(script);
  }
  if (program === "." || program === "source")
    return !isEnvironmentScript(args[0]?.text ?? "");
  if (plainPrograms.test(program)) return false;
  const path = programWord.text;
  return (
    program.endsWith(".sh") ||
    (path.includes("/") && !/^\/(usr\/)?s?bin\//.test(path)) ||
    copiedNames(dockerfile).has(program)
  );
}
