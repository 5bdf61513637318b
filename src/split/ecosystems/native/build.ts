import type { Effect } from "../../effects.ts";
import { operands, optionValue } from "../../operands.ts";
import { absolutePath, folderOf, isWithin } from "../../paths.ts";
import type { Artefact, Silence } from "../../plan.ts";
import type { StageCommand } from "../../stage-commands.ts";
import type { SplitSubject } from "../../subject.ts";
import { systemFolders } from "../../system-folders.ts";
import { outermost } from "../folders.ts";

const compilers =
  /^((x86_64-linux-gnu-)?(gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(-\d+)?|c99)$/;
const buildTools =
  /^(cmake|ctest|meson|ninja|configure|config|Configure|autoreconf|autoconf|automake|aclocal|autoheader|libtoolize|autogen\.sh|bootstrap|bootstrap\.sh|buildconf|ar|ranlib|ld|as|pkg-config|bison|flex|m4)$/;
/** Targets by which nothing is made outside of the folder of the build. */
const plainTarget =
  /^(all|build|release|clean|distclean|check|test|tests|depend|dep|install(-\w+)*)$/;

export function isCompiler(program = ""): boolean {
  return compilers.test(program);
}

export function makesPrograms({ program = "" }: StageCommand): boolean {
  return (
    compilers.test(program) || /^(g?make|cmake|meson|ninja|configure)$/.test(program)
  );
}

/** `make install` and its like; the manuals of GNU make, CMake, Meson and Ninja. */
export function isInstallation({ program = "", args }: StageCommand): boolean {
  if (/^(g?make|ninja|meson)$/.test(program))
    return args.some((word) => /^install(-\w+)*$/.test(word ?? ""));
  return (
    program === "cmake" &&
    (args.includes("--install") ||
      (args.includes("--target") && args.includes("install")))
  );
}

export function buildEffect({
  program = "",
  args,
  node,
}: StageCommand): Effect | undefined {
  if (compilers.test(program) || buildTools.test(program)) return { kind: "build" };
  if (!/^g?make$/.test(program)) return undefined;
  // An unknown word may be the number of `-j`, or name a target.
  const isNumber = (index: number): boolean =>
    /^(-j|--jobs)$/.test(args[index - 1] ?? "");
  const words = args.map((word, index) => (isNumber(index) ? "-j" : word));
  const isPlain = operands(
    words.filter((word, index) => word !== undefined || !isJobs(node, index)),
    ["-C", "-f", "-l"],
  )?.every((word) => word.includes("=") || plainTarget.test(word));
  return isPlain === true ? { kind: "build" } : undefined;
}

/** `-j$(nproc)` */
function isJobs(node: StageCommand["node"], index: number): boolean {
  return node.invocation?.args[index]?.text.startsWith("-j") === true;
}

/** Programs by `-o`, and what is installed, by its prefix or DESTDIR. */
export function outputsOf(
  { commands }: SplitSubject,
  hasLibraries: boolean,
): readonly Artefact[] | Silence {
  const found: Artefact[] = [];
  let prefix: string | null = "/usr/local";
  for (const command of commands) {
    const { program, range, folder } = command;
    const madeAt = range.start;
    if (isCompiler(program)) {
      const path = outputOf(command);
      if (path === undefined)
        return { reason: "the name of the program that it builds can't be told", range };
      if (path !== null) found.push({ path, madeAt, isProgram: true });
      continue;
    }
    const elsewhere = otherPlace(command);
    if (elsewhere !== undefined)
      return { reason: `what it installs by “${elsewhere}” can't be told`, range };
    const named = prefixOf(command);
    if (named !== undefined) prefix = named;
    if (!isInstallation(command)) continue;
    const target = variableOf(command, "DESTDIR") ?? prefix;
    const path = target === null ? undefined : absolutePath(target, folder);
    if (path === undefined) return { reason: "where this installs can't be told", range };
    if (path === "/usr/local" ? hasLibraries : systemFolders.has(path))
      return {
        reason: `what it installs into ${path} can't be told from the rest`,
        range,
      };
    if (!found.some((item) => item.path === path)) found.push({ path, madeAt });
  }
  return found;
}

/** @returns null where no program is linked, undefined where its name can't be told */
function outputOf({ args, folder }: StageCommand): string | undefined | null {
  if (args.some((word) => /^-([cSEMv]|MM|-version|dumpversion|-help)$/.test(word ?? "")))
    return null;
  const joined = args.find((word) => /^-o./.test(word ?? ""))?.slice(2);
  const named = joined ?? optionValue(args, /^-o$/);
  return named === null ? undefined : absolutePath(named ?? "a.out", folder);
}

/** @returns null for a prefix whose value isn't known, undefined for a command without one */
function prefixOf(command: StageCommand): string | undefined | null {
  const { program = "", args, node } = command;
  const given = variableOf(command, "PREFIX") ?? variableOf(command, "prefix");
  if (given !== undefined) return given;
  const isUnknown = (node.invocation?.args ?? []).some(
    ({ text }, index) => args[index] === undefined && /prefix|DESTDIR|["$]@/i.test(text),
  );
  if (isUnknown) return null;
  if (!/^(configure|config|Configure|meson|cmake)$/.test(program)) return undefined;
  const option = optionValue(args, /^(--prefix|-DCMAKE_INSTALL_PREFIX(:\w+)?)$/);
  if (option !== undefined) return option;
  // Each configuration starts from the default again.
  const isConfiguration =
    program === "cmake"
      ? !args.some((word) => /^--(build|install|version)/.test(word ?? ""))
      : program !== "meson" || args[0] === "setup";
  return isConfiguration ? "/usr/local" : undefined;
}

/** An option by which a part is installed outside of the prefix, unless that is a manual. */
function otherPlace({ program = "", args }: StageCommand): string | undefined {
  if (!/^(configure|config|Configure|meson|cmake)$/.test(program)) return undefined;
  const prefix = optionValue(args, /^(--prefix|-DCMAKE_INSTALL_PREFIX(:\w+)?)$/);
  return args.find((word) => {
    const [, path] =
      /^-(?!-?(?:with|prefix)|DCMAKE_INSTALL_PREFIX)[\w-]*(?:dir|DIR|path)[\w:-]*=(\/.*)$/.exec(
        word ?? "",
      ) ?? [];
    return (
      path !== undefined &&
      !/\/(man|doc|info)\b/.test(path) &&
      !(prefix && isWithin(path, prefix))
    );
  });
}

/** A variable of make, on its command line or in its environment. */
function variableOf(
  { args, node, variable }: StageCommand,
  name: string,
): string | undefined {
  const given = args.find((word) => word?.startsWith(`${name}=`));
  if (given !== undefined) return given.slice(name.length + 1);
  return node.invocation?.assignments.includes(name) === true
    ? variable(name)
    : undefined;
}

/** Where sources were unpacked and built, and from where everything was installed. */
export function buildFolders(
  { commands, start }: SplitSubject,
  artefacts: readonly Artefact[],
  copied: readonly string[],
): readonly string[] {
  const folders = commands.flatMap((command) =>
    command.folder !== undefined && makesPrograms(command)
      ? (outermostOwn(command.folder) ?? [])
      : [],
  );
  const isNear = (one: string, other: string): boolean =>
    isWithin(one, other) || isWithin(other, one);
  return outermost(
    folders.filter(
      (folder) =>
        !copied.some((other) => isNear(other, folder)) &&
        !artefacts.some(({ path }) => isNear(path, folder)) &&
        !(start?.commands ?? []).some(
          ({ path }) => path !== undefined && isWithin(path, folder),
        ),
    ),
  );
}

/** The outermost folder around a path that isn't the system's. */
function outermostOwn(path: string): string | undefined {
  let found: string | undefined;
  for (let current = path; current !== "/"; current = folderOf(current))
    if (!systemFolders.has(current)) found = current;
  return found;
}
