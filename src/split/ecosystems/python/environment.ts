import { stateAtEnd, stateBefore } from "../../../dockerfile/state.ts";
import { absolutePath, isWithin } from "../../paths.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";
import { shippable } from "../folders.ts";

/** A virtual environment that the Dockerfile itself makes (PEP 405). */
export interface OwnEnvironment {
  readonly command: StageCommand;
  /** Absolute. */
  readonly folder: string;
}

/**
 * The virtual environment that all of pip's calls install into, because PATH has its programs
 * first. It can be copied as it is: the slim image has the Python that it links to.
 *
 * @returns undefined also where one is made and something else may be installed elsewhere
 */
export function ownEnvironment(
  { commands, instructions, stage, dockerfile }: SplitSubject,
  installs: readonly StageCommand[],
): OwnEnvironment | undefined {
  const made = commands.filter(isVenv);
  const [command] = made;
  const [first] = installs;
  if (!command?.isSure || made.length > 1 || !first) return undefined;
  if (command.run.index > first.run.index) return undefined;
  const words = command.args.slice(2);
  const [word] = words;
  if (words.length !== 1 || word === undefined || word.startsWith("-")) return undefined;
  const folder = absolutePath(word, command.folder);
  if (folder === undefined || !shippable(folder) || isWithin(folder, "/root"))
    return undefined;
  const variable = stateAtEnd(stage, dockerfile).env.get("VIRTUAL_ENV");
  const paths = instructions.filter(
    ({ keyword, body }) => keyword === "ENV" && /(^|\s)PATH[=\s]/.test(body.text),
  );
  const [path] = paths;
  const text = (path?.body.text ?? "").replace(
    /\$(VIRTUAL_ENV\b|\{VIRTUAL_ENV\})/g,
    () => (variable === folder ? folder : "?"),
  );
  const isFirst =
    paths.length === 1 &&
    path !== undefined &&
    path.index < first.run.index &&
    new RegExp(
      `(^|\\s)PATH[=\\s]"?${folder.replace(/[.+]/g, "\\$&")}/bin:\\$(PATH|\\{PATH\\})"?(\\s|$)`,
    ).test(text);
  const isPlain = installs.every(
    ({ node }) => node.invocation?.programWord.text.includes("/") !== true,
  );
  const { user } = stateBefore(first.run, dockerfile);
  const isRoot = user === undefined || /^(root|0)(:|$)/.test(user);
  return isFirst && isPlain && isRoot ? { command, folder } : undefined;
}

function isVenv({ program = "", args }: StageCommand): boolean {
  return /^python3?$/.test(program) && args[0] === "-m" && args[1] === "venv";
}
