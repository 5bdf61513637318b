import type { Instruction } from "../dockerfile/types.ts";
import { isBuildOnlyPackage } from "../knowledge/build-only-packages.ts";
import type { CopyStep } from "./copies.ts";
import { commonEffect, type Effect } from "./effects.ts";
import { operands } from "./operands.ts";
import { isRemovedAgain, lacksPackage, packageEffect } from "./package-effect.ts";
import { absolutePath, baseName, isWithin } from "./paths.ts";
import { placesOf, type Places } from "./places.ts";
import { isSilence, type Artefact, type Silence } from "./plan.ts";
import type { StageCommand } from "./stage-commands.ts";
import type { StartedCommand } from "./start.ts";
import type { SplitSubject } from "./subject.ts";
import { isUnpackedLater, unpackedFolder } from "./unpacked.ts";

/** What an ecosystem knows of a build. */
export interface Building {
  /** Undefined for a command that it knows nothing of. */
  readonly effectOf: (command: StageCommand) => Effect | undefined;
  /** Folders of which only `artefacts` are needed at run time, whatever is put there. */
  readonly buildFolders: readonly string[];
  /** Folders of which what the build context holds is needed only if it is an artefact. */
  readonly sourceFolders?: readonly string[];
  /** Folders that the build context is copied to again, wherever they lie. */
  readonly copiedAgain?: readonly string[];
  readonly artefacts: readonly Artefact[];
  /** Packages that only this build needs, besides compilers and what fetches sources. */
  readonly isBuildPackage?: (name: string) => boolean;
  /** Folders that PATH of the build's image has, besides the usual ones. */
  readonly searched?: readonly string[];
  /** Whether the runtime base has a program of this name, e.g. `python`. */
  readonly provides?: (program: string) => boolean;
  /** What a program that starts reads by what its arguments say, e.g. a script; absolute. */
  readonly opened?: (command: StartedCommand) => readonly string[] | Silence;
}

/** Which instructions go where. */
export interface Assembly {
  readonly buildOnly: ReadonlySet<Instruction>;
  /** Those of the building, and what else the stage puts somewhere. */
  readonly artefacts: readonly Artefact[];
  /** Packages that the final stage has to install by itself. */
  readonly packages: readonly string[];
  /** Commands of RUNs that build, which the final stage has to do as well, before it copies. */
  readonly setup: readonly string[];
  /** The same, for when everything is in its place. */
  readonly refresh: readonly string[];
  /** Commands that give copied folders their owner and rights, which COPY doesn't. */
  readonly rights: readonly string[];
}

/**
 * Sorts the instructions that change files: what only builds stays behind, what can be
 * copied is copied, what is cheap is done again. Silent where one of them leaves something
 * that nobody can tell.
 */
export function assemble(subject: SplitSubject, building: Building): Assembly | Silence {
  const [unreadable] = subject.unreadable;
  if (unreadable)
    return {
      reason: `what this RUN leaves can't be told: ${unreadable.reason}`,
      range: unreadable.run.range,
    };
  const places = placesOf(building);
  const buildOnly = new Set<Instruction>();
  for (const copy of subject.copies) {
    const { instruction, destination } = copy;
    if (destination === undefined)
      return { reason: "where this goes can't be told", range: instruction.range };
    const isPlain = copy.from === undefined && !isFetched(copy);
    if (isPlain ? places.holdsCopied(destination) : places.holdsOther(destination))
      buildOnly.add(instruction);
  }
  const packages: string[] = [];
  const setup: string[] = [];
  const refresh: string[] = [];
  const rights: string[] = [];
  for (const run of subject.instructions.filter(({ keyword }) => keyword === "RUN")) {
    const commands = subject.commands.filter((command) => command.run === run);
    const uses: Use[] = [];
    for (const command of commands) {
      const use = useOf(command, { subject, building, places });
      if (isSilence(use)) return use;
      uses.push(use);
    }
    const builds = uses.some((use) => use.kind === "build");
    const repeats = uses.filter((use) => use.kind === "repeat");
    const kept = uses.flatMap((use) => use.packages ?? []);
    const isBuildOnly = builds || (kept.length === 0 && repeats.length === 0);
    if (!isBuildOnly) continue;
    buildOnly.add(run);
    packages.push(...kept);
    rights.push(...commands.flatMap((command) => rightsOf(command, places)));
    refresh.push(...uses.flatMap((use) => use.refresh ?? []));
    for (const use of repeats) {
      const text = use.text ?? aloneText(use.command, subject);
      if (text === undefined)
        return {
          reason: "it both builds and sets up what has to be there at run time",
          range: run.range,
        };
      setup.push(text);
    }
  }
  for (const copy of subject.copies)
    if (isGoneAgain(copy, subject, buildOnly)) buildOnly.add(copy.instruction);
  const misplaced = whyMisplaced(subject, buildOnly, places);
  if (misplaced) return misplaced;
  return {
    buildOnly,
    artefacts: places.artefacts(),
    packages: [...new Set(packages)],
    setup: [...new Set(setup)],
    refresh: [...new Set(refresh)],
    rights,
  };
}

/** Whether all that a COPY brings is removed by a later command of the build. */
function isGoneAgain(
  { instruction, sources, destination = "", isFolder }: CopyStep,
  { commands }: SplitSubject,
  buildOnly: ReadonlySet<Instruction>,
): boolean {
  const paths = isFolder
    ? sources.map((source) => absolutePath(baseName(source), destination))
    : [destination];
  const removed = commands.flatMap((command) => {
    const { run, isSure } = command;
    const isLater = run.index > instruction.index && isSure && buildOnly.has(run);
    const effect = isLater ? commonEffect(command) : undefined;
    return effect?.kind === "removal" ? effect.paths : [];
  });
  return paths.every((path) => path !== undefined && removed.includes(path));
}

/** What ADD fetches or unpacks: files that the build context doesn't have as they are. */
function isFetched({ instruction, sources }: CopyStep): boolean {
  return (
    instruction.keyword === "ADD" &&
    sources.some((source) => /:\/\/|\.(tar|tgz|tbz2?|txz)(\.|$)/.test(source))
  );
}

/**
 * A RUN that makes an account is done again in front of all copies, where folders of the build
 * aren't there yet.
 */
function whyMisplaced(
  { instructions, commands }: SplitSubject,
  buildOnly: ReadonlySet<Instruction>,
  places: Places,
): Silence | undefined {
  const last = instructions.findLast((item) => buildOnly.has(item));
  const isRepeated = (run: Instruction): boolean =>
    run.index < (last?.index ?? 0) && !buildOnly.has(run);
  for (const command of commands.filter(({ run }) => isRepeated(run))) {
    const { program, args, folder, run, range } = command;
    const effect = commonEffect(command);
    if (effect.kind !== "setup") continue;
    const made = commands
      .filter((other) => other.run === run && other.program === "mkdir")
      .flatMap((other) => operands(other.args) ?? []);
    const isOpen = effect.paths.some(
      (path) =>
        places.isServed(path) &&
        !made.some(
          (item) =>
            item.startsWith("/") && isWithin(path, absolutePath(item, "/") ?? item),
        ),
    );
    const isRelative = args.some(
      (word) =>
        word !== undefined &&
        !word.startsWith("/") &&
        effect.paths.includes(absolutePath(word, folder) ?? ""),
    );
    if (isOpen || isRelative)
      return {
        reason: `${program ?? "a command"} stands with what makes an account, and needs what is built`,
        range,
      };
  }
  return undefined;
}

/**
 * The same for the folders alone: what is in them keeps its owner and rights when it is copied
 * from another stage, and a folder that is there or made for that doesn't.
 */
function rightsOf(
  { program = "", args, folder, node }: StageCommand,
  places: Places,
): readonly string[] {
  if (!/^(chown|chmod|chgrp)$/.test(program)) return [];
  const [change, ...targets] = operands(args) ?? [];
  const isRecursive = args.some((word) =>
    /^(-[a-zA-Z]*R[a-zA-Z]*|--recursive)$/.test(word ?? ""),
  );
  const words = node.invocation?.args ?? [];
  if (change === undefined || words.some(({ text }) => /["'*?]/.test(text))) return [];
  // A program that was made executable stays so.
  const isTrifle = program === "chmod" && /^([ugoa]*\+r?x|0?[75]55)$/.test(change);
  return targets.flatMap((target) => {
    const path = absolutePath(target, folder);
    if (path === undefined) return [];
    const artefacts = places.artefacts();
    const isShipped = artefacts.some((artefact) => artefact.path === path);
    const isAbove = artefacts.some((artefact) => isWithin(artefact.path, path));
    const matters = isShipped ? isRecursive || !isTrifle : isAbove;
    return matters ? [`${program} ${change} ${path}`] : [];
  });
}

/** What a command means for the RUN that it stands in. */
interface Use {
  readonly command: StageCommand;
  /** The RUN has to be done in the build stage alone, or in the final one as well. */
  readonly kind?: "build" | "repeat";
  /** Packages that have to be there at run time. */
  readonly packages?: readonly string[];
  /** What does the same in the final stage. */
  readonly text?: string;
  readonly refresh?: readonly string[];
}

interface Surrounding {
  readonly subject: SplitSubject;
  readonly building: Building;
  readonly places: Places;
}

function useOf(
  command: StageCommand,
  { subject, building, places }: Surrounding,
): Use | Silence {
  const effect =
    building.effectOf(command) ?? packageEffect(command) ?? commonEffect(command);
  const silence = (reason: string): Silence => ({ reason, range: command.range });
  const at = command.range.start;
  switch (effect.kind) {
    case "unknown":
      return silence(effect.reason);
    case "nothing":
      return { command };
    case "build":
      return { command, kind: "build" };
    case "repeat":
      return lacksPackage(command, subject.commands)
        ? silence(`what “${command.program ?? "a command"}” needs may not be there`)
        : { command, kind: "repeat" };
    case "refresh":
      return refreshUse(command, subject, places);
    case "setup": {
      const isServed = (path: string): boolean =>
        effect.creates === true
          ? places.isShipped(path) || isForLater(path, command, subject, places)
          : places.isServed(path);
      return effect.paths.every(isServed) ? { command } : { command, kind: "repeat" };
    }
    case "removal": {
      const gone = places.remove(effect.paths, at, command.isSure);
      return gone === undefined
        ? { command }
        : silence(`it removes “${gone}”, which may have been made before`);
    }
    case "content": {
      const lost = effect.paths.find((path) => {
        if (isUnpackedLater(path, command, subject) || places.add(path, at)) return false;
        const folder = unpackedFolder(command, path, subject);
        return folder === undefined || !places.add(folder, at);
      });
      if (lost !== undefined)
        return silence(`what it puts into “${lost}” can't be told from the rest`);
      const { from = [], moves = false } = effect;
      const started = subject.start?.commands.map(({ path }) => path) ?? [];
      if (!moves) places.replace(from.filter((path) => !started.includes(path)));
      const gone = moves ? places.remove(from, at, command.isSure) : undefined;
      return gone === undefined
        ? { command, kind: "build" }
        : silence(`it moves “${gone}”, which may have been made before`);
    }
    case "packages": {
      const kept = effect.names.filter((name) => !isForBuilding(name, subject, building));
      return {
        command,
        ...(kept.length < effect.names.length ? { kind: "build" as const } : {}),
        packages: kept,
      };
    }
  }
}

/** ldconfig, and update-ca-certificates where there are certificates besides the package's. */
function refreshUse(
  command: StageCommand,
  { copies }: SplitSubject,
  places: Places,
): Use {
  const { program = "" } = command;
  if (program === "ldconfig") return { command, kind: "build", refresh: [program] };
  const folder = "/usr/local/share/ca-certificates";
  const isOwn =
    places.isAbove(folder) ||
    copies.some(({ destination }) => destination && isWithin(destination, folder));
  return isOwn
    ? { command, kind: "build", refresh: [program], packages: ["ca-certificates"] }
    : { command };
}

/** Whether a later command or COPY of the build works with a path that was made. */
function isForLater(
  path: string,
  command: StageCommand,
  { commands, copies }: SplitSubject,
  places: Places,
): boolean {
  if (places.isScratch(path)) return true;
  if (!places.isServed(path)) return false;
  const isInside = (other: string | undefined): boolean =>
    other !== undefined && isWithin(other, path);
  return (
    places.isAbove(path) ||
    copies.some(({ destination }) => isInside(destination)) ||
    commands
      .slice(commands.indexOf(command) + 1)
      .some(
        ({ folder, args, program }) =>
          isInside(folder) ||
          (!/^(chmod|chown|rm)$/.test(program ?? "") &&
            args.some(
              (word) => word !== undefined && isInside(absolutePath(word, folder)),
            )),
      )
  );
}

/** A command's text, if it does the same on its own in another stage. */
function aloneText(
  { node, range, args, run, isSure, isRecipe }: StageCommand,
  { dockerfile }: SplitSubject,
): string | undefined {
  if (isRecipe === true) return undefined;
  const text = dockerfile.text.slice(range.start, range.end);
  const isKnown = args.every((word) => word !== undefined) && !text.includes("$");
  const isPlain = isSure && !text.includes("\n") && run.json === undefined;
  const isPlaced = args.every((word) => word !== "." && !word?.includes("./"));
  const hasPrefix = (node.invocation?.prefixes.length ?? 0) > 0;
  const isAnywhere = /^(user|group)(add|mod)$|^add(user|group)$|^bundle$/.test(
    node.invocation?.program ?? "",
  );
  const isAbsolute = args.some((word) => word?.startsWith("/"));
  return isKnown && isPlain && isPlaced && !hasPrefix && (isAnywhere || isAbsolute)
    ? text
    : undefined;
}

/** Whether only the build needs a package, judging by its name and by who calls it. */
function isForBuilding(
  name: string,
  { commands, start }: SplitSubject,
  building: Building,
): boolean {
  if (isBuildOnlyPackage(name) || building.isBuildPackage?.(name) === true) return true;
  if (isRemovedAgain(name, commands)) return true;
  const isStarted = start?.commands.some(({ program }) => program === name) ?? false;
  return !isStarted && commands.some(({ program }) => program === name);
}
