import type { BuildContext } from "./build-context.ts";
import { expandMake, readMakefile, type Makefile } from "./makefile.ts";
import { operands, optionValue } from "./operands.ts";
import { absolutePath, isWithin } from "./paths.ts";
import { readRecipeLine, type StageCommand } from "./stage-commands.ts";

/** Programs whose calls say what they make, so that `make` need not be guessed at. */
const telling = /^(go|cargo|dotnet|mvn|mvnw|gradle|gradlew)$/;

/**
 * In the place of each call of make the commands of its recipes, where the Makefile of the
 * build context says all of them and they call a compiler that is read here.
 *
 * @param files of the build context by their path in the image
 */
export function withRecipes(
  commands: readonly StageCommand[],
  files: ReadonlyMap<string, string>,
  context: BuildContext | undefined,
): readonly StageCommand[] {
  if (!context) return commands;
  return commands.flatMap((command) => {
    const found = recipesOf(command, files, context, 0);
    return found?.some(({ program }) => telling.test(program ?? "")) === true
      ? found
      : [command];
  });
}

/** Deeper than recipes call each other in earnest. */
const depthLimit = 10;

function recipesOf(
  command: StageCommand,
  files: ReadonlyMap<string, string>,
  context: BuildContext,
  depth: number,
): readonly StageCommand[] | undefined {
  const { program, args, variable } = command;
  if (!/^g?make$/.test(program ?? "") || depth > depthLimit) return undefined;
  const words = operands(args, ["-C", "--directory", "-f", "--file"]);
  const inside = optionValue(args, /^(-C|--directory)$/);
  const folder =
    typeof inside === "string" ? absolutePath(inside, command.folder) : command.folder;
  const isKnown = args.every((word) => !/^(-[BeikLnqtw]|--)/.test(word ?? ""));
  if (!words || folder === undefined || inside === null || !isKnown) return undefined;
  const named = optionValue(args, /^(-f|--file)$/);
  const names =
    typeof named === "string" ? [named] : ["GNUmakefile", "makefile", "Makefile"];
  const file = names
    .map((name) => files.get(absolutePath(name, folder) ?? ""))
    .find((path) => path !== undefined);
  const text = file === undefined ? undefined : context.read(file);
  const makefile = text === undefined ? undefined : readMakefile(text);
  if (!makefile) return undefined;
  const given = new Map(
    words.flatMap((word) => {
      const [, name, value] = /^([A-Za-z_][\w.-]*)=(.*)$/s.exec(word) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
  const targets = words.filter((word) => !word.includes("="));
  const first = makefile.firstTarget;
  const run: Run = {
    makefile,
    command,
    folder,
    given,
    value: valuesOf(makefile, given, variable),
    isThere: (path) => [...files.keys()].some((other) => isWithin(other, path)),
    done: new Set(),
  };
  const found: StageCommand[] = [];
  for (const target of targets.length > 0
    ? targets
    : first === undefined
      ? []
      : [first]) {
    const made = runTarget(target, run);
    if (!made) return undefined;
    for (const one of made) {
      const nested =
        one.program === "make" ? recipesOf(one, files, context, depth + 1) : [one];
      if (!nested) return undefined;
      found.push(...nested);
    }
  }
  return found;
}

interface Run {
  readonly makefile: Makefile;
  readonly command: StageCommand;
  readonly folder: string;
  /** Of the command line, which recipes have in their environment. */
  readonly given: ReadonlyMap<string, string>;
  readonly value: (name: string) => string | undefined;
  /** Whether the build context has a file or folder of that path. */
  readonly isThere: (path: string) => boolean;
  readonly done: Set<string>;
}

/** Values of make's variables: the command line's, the Makefile's, the environment's. */
function valuesOf(
  { variables }: Makefile,
  given: ReadonlyMap<string, string>,
  environment: (name: string) => string | undefined,
): Run["value"] {
  const busy = new Set<string>();
  const value = (name: string): string | undefined => {
    if (name === "MAKE") return "make";
    if (given.has(name)) return given.get(name);
    const own = variables.get(name);
    if (!own || (own.isDefault && environment(name) !== undefined))
      return environment(name);
    if (busy.has(name)) return undefined;
    busy.add(name);
    const result = expandMake(own.value, value);
    busy.delete(name);
    return result;
  };
  return value;
}

/** The commands that a target takes; nothing for a file that no rule makes. */
function runTarget(target: string, run: Run): readonly StageCommand[] | undefined {
  const { makefile, command, folder, given, value, done } = run;
  if (done.has(target)) return [];
  done.add(target);
  const rule = makefile.rules.get(target);
  if (!rule) return /[$%*]/.test(target) ? undefined : [];
  // It may be up to date already.
  const path = absolutePath(target, folder);
  if (!makefile.phony.has(target) && path !== undefined && run.isThere(path))
    return undefined;
  const found: StageCommand[] = [];
  for (const word of rule.needs) {
    const need = expandMake(word, value);
    const made = need === undefined ? undefined : runTarget(need, run);
    if (!made) return undefined;
    found.push(...made);
  }
  const variable = (name: string): string | undefined =>
    given.has(name) || makefile.variables.get(name)?.isExported === true
      ? value(name)
      : command.variable(name);
  for (const line of rule.lines) {
    const text = expandMake(line, (name) => (name === "@" ? target : value(name)));
    const read =
      text === undefined
        ? undefined
        : readRecipeLine(text, command, { folder, variable });
    if (!read) return undefined;
    found.push(...read);
  }
  return found;
}
