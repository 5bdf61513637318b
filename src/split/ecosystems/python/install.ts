import { stateAtEnd } from "../../../dockerfile/state.ts";
import { rangeInFile } from "../../../rewrite/command-range.ts";
import { absolutePath, isWithin } from "../../paths.ts";
import { pipPrefix, type AddedLines, type Silence } from "../../plan.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";
import { readPipInstall, type PythonNeeds } from "./requirements.ts";

/** What the stage installs by pip, and how it gets into a folder that can be copied. */
export interface PipInstalls {
  /** Names of the distributions, as they are written. */
  readonly names: readonly string[];
  /** Files of requirements that aren't at hand. */
  readonly unread: readonly string[];
  /** Debian's packages for the final stage. */
  readonly packages: readonly string[];
  /** Offsets behind `install`; empty where the slim image has all of it. */
  readonly prefixed: readonly number[];
  readonly added: readonly AddedLines[];
  /** pip, setuptools or wheel are replaced in the build stage alone. */
  readonly replacesTools: boolean;
}

/** What Python's images have already, full and slim (docker-library/python, Dockerfiles). */
const preinstalled = /^(pip|setuptools|wheel)$/i;

/** From this minor version on the images have pip only (docker-library/python, pull 952). */
const firstWithPipOnly = 12;

/**
 * pip installs into a folder of its own, which the final stage copies onto `/usr/local`: there,
 * everything is at the path that it has in the original, and pip itself isn't shipped twice.
 * What replaces pip and setuptools stays as it is, and so in the build stage.
 *
 * @param isOwn they go into a folder that can be copied as it is
 */
export function readPipInstalls(
  installs: readonly StageCommand[],
  subject: SplitSubject,
  isOwn: boolean,
): PipInstalls | Silence {
  const minor = /^3\.(\d+)/.exec(subject.image.tag ?? "")?.[1];
  const hasPipOnly = minor === undefined ? undefined : Number(minor) >= firstWithPipOnly;
  const found = {
    names: [] as string[],
    packages: [] as string[],
    unread: [] as string[],
  };
  const prefixed: { readonly command: StageCommand; readonly at: number }[] = [];
  let isSure = false;
  let replacesTools = false;
  for (const command of installs) {
    const { run, range, args } = command;
    const needs = readPipInstall(command, subject);
    if ("reason" in needs) return { ...needs, range };
    found.names.push(...needs.names);
    found.packages.push(...needs.packages);
    found.unread.push(...needs.unread);
    if (isOwn) continue;
    const kind = kindOf(needs, args, hasPipOnly);
    if (kind === "unclear")
      return { reason: "it replaces what the image has for installing", range };
    if (kind === "tools") {
      replacesTools ||= needs.versioned.length > 0 || isUpgrade(args);
      continue;
    }
    const at = behindInstall(command);
    if (run.json || at === undefined)
      return { reason: "how pip is called can't be changed here", range };
    prefixed.push({ command, at });
    const own = needs.sure.filter((name) => !preinstalled.test(name));
    isSure ||=
      command.isSure && own.length + needs.projects.length + needs.unread.length > 0;
  }
  const [first, second] = prefixed;
  if (first && !isSure)
    return {
      reason: "whether pip installs anything can't be told",
      range: first.command.range,
    };
  if (first && second) {
    const { env } = stateAtEnd(subject.stage, subject.dockerfile);
    if (minor === undefined || env.has("PYTHONPATH"))
      return {
        reason: "where pip finds what it has installed can't be told",
        range: second.command.range,
      };
  }
  return {
    ...found,
    replacesTools,
    prefixed: prefixed.map(({ at }) => at),
    // Then pip knows what an earlier one has installed.
    added:
      first && second
        ? [
            {
              before: first.command.run,
              lines: [
                `ENV PYTHONPATH=${pipPrefix}/lib/python3.${minor ?? ""}/site-packages`,
              ],
            },
          ]
        : [],
  };
}

function kindOf(
  { names, versioned, projects, unread }: PythonNeeds,
  args: StageCommand["args"],
  hasPipOnly: boolean | undefined,
): "tools" | "packages" | "unclear" {
  const tools = names.filter((name) => preinstalled.test(name));
  const isReplaced = tools.some((name) => isUpgrade(args) || versioned.includes(name));
  const isForPip = tools.every((name) => /^pip$/i.test(name));
  if (names.length > tools.length || projects.length + unread.length > 0)
    return isReplaced ? "unclear" : "packages";
  if (isForPip || hasPipOnly === false) return "tools";
  return isReplaced ? "unclear" : "packages";
}

function isUpgrade(args: StageCommand["args"]): boolean {
  return args.some((word) => /^(--upgrade|-[a-zA-Z]*U[a-zA-Z]*)$/.test(word ?? ""));
}

function behindInstall(command: StageCommand): number | undefined {
  const { node, args, run, isRecipe } = command;
  if (isRecipe === true) return undefined;
  const word = node.invocation?.args[args.indexOf("install")];
  return word?.text === "install" ? rangeInFile(word, run).end : undefined;
}

/**
 * Why the build stage can't do without what pip installs at its usual place: a command looks
 * for it there.
 */
export function whyLookedFor({
  commands,
  copies,
  files,
  stage,
  instructions,
}: SplitSubject): Silence | undefined {
  const text = instructions.map(({ body }) => body.text).join("\n");
  if (/(^|[\s"'=:])\/install(?=[\s"'/:]|$)/m.test(text))
    return { reason: `the folder ${pipPrefix} is in use`, range: stage.from.range };
  const copy = copies.find(({ destination = "" }) => isOfPython(destination));
  if (copy)
    return { reason: "it is put among what pip installs", range: copy.instruction.range };
  for (const { program = "", args, folder, range } of commands) {
    const asks = /^(-v|-V|--?version|version|--help)$/.test(
      args.length === 1 ? (args[0] ?? "") : "",
    );
    const isLookedUp =
      /^(which|command|type|hash)$/.test(program) ||
      (asks && !/^(python3?|pip3?|git|gcc|make|curl|wget)$/.test(program));
    const isPip = program.startsWith("pip") || args.includes("pip");
    const named = args.some((word) => {
      const path = word === undefined ? undefined : absolutePath(word, folder);
      return (
        path !== undefined &&
        (isOfPython(path) || (isWithin(path, "/usr/local") && !files.has(path)))
      );
    });
    if (!isPip && (isLookedUp || named))
      return { reason: `“${program}” may look for what pip installs`, range };
  }
  return undefined;
}

function isOfPython(path: string): boolean {
  return /(site|dist)-packages|\/lib\/python3/.test(path);
}
