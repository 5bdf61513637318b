import type { Assembly, Building } from "./assemble.ts";
import { packageEffect } from "./package-effect.ts";
import { baseName, folderOf, isWithin } from "./paths.ts";
import { isSilence, type Silence } from "./plan.ts";
import type { StartedCommand } from "./start.ts";
import type { SplitSubject } from "./subject.ts";

/** What of the start the final stage serves, and how. */
export interface Started {
  /** Folders to add to PATH, because a program is named without a path. */
  readonly searched: readonly string[];
  /** Programs of the toolchain's image that aren't in a small one: packages of that name. */
  readonly packages: readonly string[];
  readonly needsShell: boolean;
}

/** PATH in Docker's official images of distributions. */
const defaultPath: readonly string[] = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];

/**
 * Programs that the small images of Debian, Ubuntu and Alpine have, and builtins of their
 * shells.
 */
const everywhere: ReadonlySet<string> = new Set(
  (
    ". : [ awk basename cat cd chgrp chmod chown command cp cut date dirname echo env eval exec exit export " +
    "expr false find grep head hostname id kill ln local ls mkdir mktemp mv nice nohup printenv printf pwd read " +
    "readlink return rm rmdir sed seq set sh shift sleep sort source stat tail tar tee test timeout touch " +
    "tr trap true type ulimit umask uname uniq unset wait wc which whoami xargs"
  ).split(" "),
);

/** Of these Debian, Ubuntu and Alpine have packages with the same name. */
const packaged: ReadonlySet<string> = new Set(["curl", "wget", "git", "jq", "tini"]);

/** What a container can do with nothing but a person at its terminal. */
const interactive = /^(ba|da|a|z|fi)?sh$/;
/** Programs that build, and that a small image doesn't have. */
const toolchain =
  /^(go|cargo|rustc|make|cmake|gcc|g\+\+|cc|c\+\+|clang|mvn|mvnw|gradle|gradlew|javac|sbt|lein|dotnet|npm|npx|yarn|pnpm|tsc|webpack|vite|ng|pip|pip3|poetry|bundle|rake|mix|cabal|stack)$/;
/** Programs that build anew whenever a source changes, or that people debug with. */
const reloaders =
  /^(air|arelo|bee|cargo-watch|CompileDaemon|dlv|entr|fresh|gin|gomon|gow|modd|nodemon|realize|reflex|watchexec|wgo)$/;

/** @param name the last element of a program's path */
export function isReloader(name: string): boolean {
  return reloaders.test(name);
}

/** Programs that show something, and don't run what was built. */
const idle = /^(cat|date|echo|exit|false|printf|true|uname)$/;

/**
 * @returns a silence where something starts that the final stage may not have
 */
export function serveStart(
  { start, stage, commands, copies, context, around }: SplitSubject,
  { artefacts, packages, buildOnly }: Assembly,
  { provides = () => false, opened = () => [], searched: folders = [] }: Building,
): Started | Silence {
  if (!start)
    return {
      reason: "it has neither ENTRYPOINT nor CMD: what starts can't be told",
      range: stage.from.range,
    };
  const silence = (reason: string, { evidence }: StartedCommand): Silence =>
    "file" in evidence
      ? {
          reason: `${evidence.file}:${evidence.line}: ${reason}`,
          range: start.instruction.range,
        }
      : { reason, range: evidence };
  if (start.unknown) {
    const { reason, evidence } = start.unknown;
    return { reason, range: "file" in evidence ? start.instruction.range : evidence };
  }
  // By RUNs that the final stage repeats.
  const installed = new Set(
    commands.flatMap((command) => {
      const effect = buildOnly.has(command.run) ? undefined : packageEffect(command);
      return effect?.kind === "packages" ? effect.names : [];
    }),
  );
  const searched = new Set<string>();
  const added = new Set<string>();
  const kept = copies.filter(({ instruction }) => !buildOnly.has(instruction));
  // A working directory is a folder, whatever was copied there.
  const place = around(undefined).folder;
  const isThere = (path: string): boolean =>
    artefacts.some((artefact) => isWithin(path, artefact.path)) ||
    kept.some(({ destination = "", isFolder }) =>
      isFolder || destination === place
        ? isWithin(path, destination)
        : path === destination,
    );
  const isIdle = ({ program = "", args }: StartedCommand): boolean =>
    idle.test(baseName(program)) && !args.some((word) => word?.includes("/") === true);
  if (start.commands.every(isIdle))
    return {
      reason: "nothing that it builds starts: the image is for something else",
      range: start.instruction.range,
    };
  for (const command of start.commands) {
    const { program = "", path, args } = command;
    const name = baseName(program);
    if (isReloader(name))
      return silence(`“${name}” starts, which is for developing`, command);
    if (interactive.test(name) && args.length === 0)
      return silence("a shell starts: nothing tells what the image is for", command);
    if (name === "sleep" || (name === "tail" && args.includes("-f")))
      if (start.commands.length === 1)
        return silence(
          "nothing but waiting starts: the image is for working in it",
          command,
        );
    const files = opened(command);
    if (isSilence(files)) return files;
    const missing = files.find((file) => !isThere(file));
    if (missing !== undefined)
      return silence(`where ${missing} comes from, which starts, can't be told`, command);
    if (path !== undefined) {
      if (!context && /\.(sh|bash|py|pl|rb|js)$/.test(path) && isThere(path))
        return silence(
          `what “${path}” calls can't be told without the build context`,
          command,
        );
      if (isThere(path)) continue;
      if (
        defaultPath.includes(folderOf(path)) &&
        (everywhere.has(name) || provides(name))
      )
        continue;
      return silence(`what “${path}” is, which starts, can't be told`, command);
    }
    const own = artefacts.find(
      (artefact) =>
        baseName(artefact.path) === program &&
        (artefact.isProgram === true || defaultPath.includes(folderOf(artefact.path))),
    );
    if (own) {
      if (!defaultPath.includes(folderOf(own.path))) searched.add(folderOf(own.path));
      continue;
    }
    if (everywhere.has(program) || provides(program)) continue;
    // A folder whose programs have no names yet.
    const folder = folders.find((item) =>
      artefacts.some(({ path }) => isWithin(item, path)),
    );
    if (folder !== undefined && !toolchain.test(program)) {
      searched.add(folder);
      continue;
    }
    if (packages.includes(program) || installed.has(program)) continue;
    if (toolchain.test(program))
      return silence(`“${program}” starts, which is part of the toolchain`, command);
    if (packaged.has(program)) added.add(program);
    else
      return silence(
        `where “${program}” comes from, which starts, can't be told`,
        command,
      );
  }
  return { searched: [...searched], packages: [...added], needsShell: start.needsShell };
}
