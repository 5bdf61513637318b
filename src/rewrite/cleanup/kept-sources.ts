import type { Redirection } from "unbash";
import { copiedNames } from "../../dockerfile/copied-names.ts";
import { configurationKeywords } from "../../dockerfile/configuration.ts";
import { stateBefore } from "../../dockerfile/state.ts";
import { joinWorkdir } from "../../dockerfile/workdir.ts";
import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import {
  copiers,
  downloaders,
  dpkgQuestions,
  installersElsewhere,
  outputOptions,
  packagesWithSources,
  plainAptCalls,
  readers,
  runners,
  temporaryFolder,
  unpackers,
  updateAssignments,
  updateFiles,
  updateVariables,
  writers,
} from "../../knowledge/apt-sources.ts";
import type { PackageManager } from "../../knowledge/package-managers.ts";
import { simpleCommands, type SimpleCommand } from "../../shell/commands.ts";
import type { Script } from "../../shell/parse.ts";
import { literalValue } from "../../shell/words.ts";
import { operands } from "./package-removal.ts";
import { runProgram } from "../run-program.ts";

/**
 * Whether an instruction leaves it as it is where apt's packages come from, and that an update
 * can fetch their lists again.
 */
export function keepsSources(
  instruction: Instruction,
  manager: PackageManager,
  dockerfile: Dockerfile,
): boolean {
  const { keyword, flags, body, json } = instruction;
  if (configurationKeywords.has(keyword)) return true;
  switch (keyword) {
    case "RUN": {
      const program = runProgram(instruction, dockerfile);
      return (
        program.kind === "script" &&
        commandsKeepSources(
          simpleCommands(program.script),
          program.script,
          instruction,
          manager,
          dockerfile,
        )
      );
    }
    case "COPY":
    case "ADD": {
      if (flags.some(({ name }) => name === "parents")) return false;
      const words = json ?? body.text.trim().split(/\s+/);
      return isElsewhere(words.at(-1) ?? "/", folderOf(instruction, dockerfile));
    }
    case "ENV":
    case "ARG":
      return !updateVariables.test(body.text);
    case "WORKDIR":
    case "USER":
    case "SHELL":
      return true;
    default:
      return false;
  }
}

/** The same for some commands of a RUN. */
export function commandsKeepSources(
  commands: readonly SimpleCommand[],
  script: Script,
  run: Instruction,
  manager: PackageManager,
  dockerfile: Dockerfile,
): boolean {
  if (updateAssignments.test(script.text)) return false;
  const folder = folderOf(run, dockerfile);
  const moved = simpleCommands(script).find(
    ({ node, ancestors }) =>
      node.name?.text === "cd" && !ancestors.some(({ type }) => type === "Subshell"),
  );
  return commands.every((command) => {
    const isAtRoot = folder === "/" && (moved?.node.pos ?? Infinity) > command.node.pos;
    return (
      redirectionsOf(command).every((one) => isWrittenElsewhere(one, folder)) &&
      !(isAtRoot && unpacksHere(command)) &&
      commandKeepsSources(command, folder, manager, dockerfile)
    );
  });
}

/** Whether a command may unpack anything into the folder of the moment. */
function unpacksHere({ invocation }: SimpleCommand): boolean {
  const { program = "", args = [] } = invocation ?? {};
  return (
    unpackers.test(program) &&
    !args.some(({ text }) => /^-[a-zA-Z]*[Cd]|^--directory/.test(text))
  );
}

function commandKeepsSources(
  { invocation }: SimpleCommand,
  folder: string,
  manager: PackageManager,
  dockerfile: Dockerfile,
): boolean {
  if (!invocation) return true;
  const { program, programWord, args } = invocation;
  if (program === undefined || programWord.text.includes("/")) return false;
  if (copiedNames(dockerfile).has(program)) return false;
  const words = args.map((word) => literalValue(word) ?? word.text);
  const operandsOnly = words.filter((word) => !word.startsWith("-"));
  if (program === "cd")
    return (
      words.length === 1 &&
      words.every((word) => temporaryFolder.test(word) || isElsewhere(word, folder))
    );
  if (program === "find") return !words.some((word) => /^-(exec|ok|delete|f)/.test(word));
  if (readers.test(program)) return true;
  if (manager.programs.test(program))
    return (
      plainAptCalls.test(operandsOnly.join(" ")) &&
      operands(invocation).slice(1).every(isPlainPackage)
    );
  if (installersElsewhere.test(program)) return !runners.test(operandsOnly[0] ?? "");
  if (program === "dpkg") return dpkgQuestions.test(words[0] ?? "");
  return (
    writers.test(program) &&
    writtenPaths(program, words).every((word) => isElsewhere(word, folder))
  );
}

/** Of a program's words, those that may name what it writes. */
function writtenPaths(program: string, words: readonly string[]): readonly string[] {
  const isLastWritten =
    copiers.test(program) && !words.some((word) => /^-\w*t|^--target/.test(word));
  if (isLastWritten) return words.slice(-1);
  return words
    .filter(
      (word, index) =>
        !isAddressOrOption(word) &&
        !(
          downloaders.test(program) &&
          /^"?\$/.test(word) &&
          !outputOptions.test(words[index - 1] ?? "")
        ),
    )
    .map(pathIn);
}

function isPlainPackage(name: string): boolean {
  return /^[a-z0-9][\w.+:*-]*$/.test(name) && !packagesWithSources.test(name);
}

function isAddressOrOption(word: string): boolean {
  return /^["']?\w+:\/\//.test(word) || /^-[-\w]*(=[^/$`]*)?$/.test(word);
}

/** `--output=/x`, `-C/x` */
function pathIn(word: string): string {
  return /^--?[\w-]+=?(\/.*)$/.exec(word)?.[1] ?? word;
}

/** The folder in which an instruction's relative paths start; most images have `/`. */
function folderOf(instruction: Instruction, dockerfile: Dockerfile): string {
  const { workdir = "/" } = stateBefore(instruction, dockerfile);
  return workdir.startsWith("$") ? "/" : joinWorkdir("/", workdir);
}

/** Its own, and those of the constructs around it. */
function redirectionsOf({ node, ancestors }: SimpleCommand): readonly Redirection[] {
  return [
    ...node.redirects,
    ...ancestors.flatMap((one) => (one.type === "Redirected" ? one.redirects : [])),
  ];
}

function isWrittenElsewhere(redirection: Redirection, folder: string): boolean {
  if (redirection.operator.startsWith("<") && redirection.operator !== "<>") return true;
  return (
    redirection.type === "Redirect" &&
    redirection.target !== undefined &&
    isElsewhere(redirection.target.text, folder)
  );
}

/** Whether what is written to a path can't be anything that an update goes by. */
function isElsewhere(word: string, folder: string): boolean {
  const path = word.replace(/["']/g, "");
  if (/^(&?\d+|-|\/dev\/(null|stdout|stderr|tty))$/.test(path)) return true;
  if (/(^|\/)\.\.(\/|$)/.test(path)) return false;
  if (/^(~|\$HOME|\$\{HOME\})(\/|$)/.test(path)) return true;
  // What a variable or a pattern adds may be anything below.
  const [start = ""] = path.split(/[$`*?[{]/);
  const isWhole = start === path;
  if (!isWhole && /^(-.*)?$/.test(start)) return false;
  const parts = joinWorkdir(folder, start).split("/").filter(Boolean);
  const known = isWhole || start.endsWith("/") ? parts : parts.slice(0, -1);
  const place = `/${known.join("/")}`;
  if (temporaryFolder.test(place)) return !isWhole;
  return (
    place !== "/" &&
    !updateFiles.some(
      (file) =>
        place === file || place.startsWith(`${file}/`) || file.startsWith(`${place}/`),
    )
  );
}
