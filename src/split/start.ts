import type { Instruction } from "../dockerfile/types.ts";
import { simpleCommands } from "../shell/commands.ts";
import { parseScript } from "../shell/parse.ts";
import type { BuildContext } from "./build-context.ts";
import { absolutePath } from "./paths.ts";
import type { Evidence } from "./plan.ts";
import type { Surroundings } from "./surroundings.ts";
import { wordValue } from "./word-value.ts";

/** A command that a container runs, or may run. */
export interface StartedCommand {
  /** As written, with known variables; undefined where the file doesn't tell it. */
  readonly program: string | undefined;
  /** Absolute where the program is given by a path. */
  readonly path: string | undefined;
  readonly args: readonly (string | undefined)[];
  /** What relative paths are relative to; undefined where that isn't known. */
  readonly folder: string | undefined;
  readonly evidence: Evidence;
}

/** What a container of the stage's image starts: ENTRYPOINT with CMD, and HEALTHCHECK. */
export interface Start {
  readonly commands: readonly StartedCommand[];
  readonly needsShell: boolean;
  /** Scripts of the build context that are run, by their path in the image. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Why not all of it can be read. */
  readonly unknown: { readonly reason: string; readonly evidence: Evidence } | undefined;
  readonly instruction: Instruction;
}

export interface StartInput {
  readonly instructions: readonly Instruction[];
  readonly atEnd: Surroundings;
  readonly context: BuildContext | undefined;
  /** Files of the build context by their path in the image. */
  readonly files: ReadonlyMap<string, string>;
}

/** @returns undefined where the stage has neither ENTRYPOINT nor CMD */
export function readStart(input: StartInput): Start | undefined {
  const { instructions } = input;
  const last = (keyword: string): Instruction | undefined =>
    instructions.findLast((item) => item.keyword === keyword);
  const [entrypoint, command] = [last("ENTRYPOINT"), last("CMD")];
  const instruction = entrypoint ?? command;
  if (!instruction) return undefined;
  const reader = createReader(input);
  if (entrypoint?.json) {
    reader.exec([...entrypoint.json, ...(command?.json ?? [])], entrypoint);
    if (command && !command.json) reader.shell(command.body.text, command);
  } else if (instruction.json) reader.exec(instruction.json, instruction);
  else reader.shell(instruction.body.text, instruction);
  const health = last("HEALTHCHECK");
  if (health) readHealth(health, reader);
  return { ...reader.result(), instruction };
}

function readHealth(health: Instruction, reader: Reader): void {
  const text = health.body.text.replace(/^CMD\s*/i, "");
  if (/^NONE\b/i.test(text)) return;
  if (health.json) reader.exec(health.json, health);
  else reader.shell(text, health);
}

interface Reader {
  readonly exec: (words: readonly string[], from: Instruction) => void;
  readonly shell: (text: string, from: Instruction) => void;
  readonly result: () => Omit<Start, "instruction">;
}

/** Deeper than scripts call each other in earnest. */
const scriptLimit = 20;

function createReader({ atEnd, context, files }: StartInput): Reader {
  const commands: StartedCommand[] = [];
  const scripts = new Map<string, string>();
  let needsShell = false;
  let unknown: Start["unknown"];
  const { variable } = atEnd;
  let { folder } = atEnd;

  const exec = (words: readonly (string | undefined)[], evidence: Evidence): void => {
    const rest = withoutPrefixes(words);
    const [program, ...args] = rest;
    if (program === undefined) {
      if (rest.length > 0)
        unknown ??= { reason: "which program starts is worked out then", evidence };
      return;
    }
    const path = program.includes("/") ? absolutePath(program, folder) : undefined;
    if (/^(\/bin\/|\/usr\/bin\/)?(ba|da|a)?sh$/.test(program)) {
      needsShell = true;
      const index = args.findIndex((word) => /^-[a-z]*c$/.test(word ?? ""));
      const text = index === -1 ? undefined : args[index + 1];
      if (text !== undefined) shell(text, evidence);
      else if (index === -1 && args[0] !== undefined)
        exec(
          [args[0].includes("/") ? args[0] : `./${args[0]}`, ...args.slice(1)],
          evidence,
        );
      else commands.push({ program, path, args, folder, evidence });
      return;
    }
    commands.push({ program, path, args, folder, evidence });
    const file = path === undefined ? undefined : files.get(path);
    const text = file === undefined ? undefined : context?.read(file);
    if (path === undefined || file === undefined || text === undefined) return;
    const interpreter = /^#!\s*(?:\/usr\/bin\/env\s+)?(\S+)/.exec(text)?.[1];
    if (interpreter === undefined || !/(^|\/)(ba|da|a)?sh$/.test(interpreter)) return;
    needsShell = true;
    if (scripts.has(path) || scripts.size > scriptLimit) return;
    scripts.set(path, file);
    script(text, { file, line: 1 }, args);
  };

  const shell = (text: string, evidence: Evidence): void => {
    needsShell = true;
    script(text, evidence, []);
  };

  const script = (
    text: string,
    evidence: Evidence,
    parameters: readonly (string | undefined)[],
  ): void => {
    const parsed = parseScript(text, "bash");
    if (parsed.unreadable !== undefined) {
      unknown ??= {
        reason: `the script that starts can't be read: ${parsed.unreadable}`,
        evidence,
      };
      return;
    }
    const before = folder;
    for (const { invocation, node } of simpleCommands(parsed)) {
      if (!invocation) continue;
      const place =
        "file" in evidence
          ? { file: evidence.file, line: text.slice(0, node.pos).split("\n").length }
          : evidence;
      const all = [invocation.programWord, ...invocation.args];
      if (
        invocation.programWord.text === '"$@"' ||
        invocation.programWord.text === "$@"
      ) {
        if (parameters.length > 0) exec(parameters, place);
        continue;
      }
      const words = all.map((word) => wordValue(word, variable));
      exec(words, place);
      if (/^(cd|pushd|popd)$/.test(words[0] ?? ""))
        folder = words[1] === undefined ? undefined : absolutePath(words[1], folder);
    }
    folder = before;
  };

  return {
    exec(words, from) {
      exec(words, from.range);
    },
    shell(text, from) {
      shell(text, from.range);
    },
    result: () => ({ commands, needsShell, scripts, unknown }),
  };
}

/** Programs that only start another one. */
function withoutPrefixes(
  words: readonly (string | undefined)[],
): readonly (string | undefined)[] {
  const [first, ...rest] = words;
  return first === "exec" || first === "env" ? withoutPrefixes(rest) : words;
}
