import type { Instruction } from "../dockerfile/types.ts";
import { isBuildOnlyPackage } from "../knowledge/build-only-packages.ts";
import { commonEffect, operands, scratchFolders, type Effect } from "./effects.ts";
import { packageEffect, removedPackages } from "./package-effect.ts";
import { absolutePath, isWithin } from "./paths.ts";
import { isSilence, type Artefact, type Silence } from "./plan.ts";
import type { StageCommand } from "./stage-commands.ts";
import type { StartedCommand } from "./start.ts";
import type { SplitSubject } from "./subject.ts";

/** What an ecosystem knows of a build. */
export interface Building {
  /** Undefined for a command that it knows nothing of. */
  readonly effectOf: (command: StageCommand) => Effect | undefined;
  /** Folders of which only `artefacts` are needed at run time. */
  readonly buildFolders: readonly string[];
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
  for (const { instruction, destination } of subject.copies) {
    if (destination === undefined)
      return { reason: "where this goes can't be told", range: instruction.range };
    if (places.isForBuilding(destination)) buildOnly.add(instruction);
  }
  const packages: string[] = [];
  const rights: string[] = [];
  for (const run of subject.stage.instructions.filter(
    ({ keyword }) => keyword === "RUN",
  )) {
    const commands = subject.commands.filter((command) => command.run === run);
    const uses = commands.map((command) => useOf(command, subject, building, places));
    const silence = uses.find(isSilence);
    if (silence) return silence;
    const kinds = new Set(uses.flatMap((use) => (isSilence(use) ? [] : use.kinds)));
    const kept = uses.flatMap((use) => (isSilence(use) ? [] : use.packages));
    if (kinds.has("repeat") && kinds.has("build"))
      return {
        reason: "it both builds and sets up what has to be there at run time",
        range: run.range,
      };
    if (kinds.has("build")) packages.push(...kept);
    if (kinds.has("build") || (kept.length === 0 && !kinds.has("repeat"))) {
      buildOnly.add(run);
      rights.push(...commands.flatMap((command) => rightsOf(command, places)));
    }
  }
  return {
    buildOnly,
    artefacts: places.artefacts(),
    packages: [...new Set(packages)],
    rights,
  };
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
  /** The RUN has to be done in the build stage alone, or in the final one as well. */
  readonly kinds: readonly ("build" | "repeat")[];
  /** Packages that have to be there at run time. */
  readonly packages: readonly string[];
}

function useOf(
  command: StageCommand,
  subject: SplitSubject,
  building: Building,
  places: Places,
): Use | Silence {
  const effect =
    building.effectOf(command) ?? packageEffect(command) ?? commonEffect(command);
  const use = (...kinds: Use["kinds"]): Use => ({ kinds, packages: [] });
  switch (effect.kind) {
    case "unknown":
      return { reason: effect.reason, range: command.range };
    case "nothing":
      return use();
    case "build":
      return use("build");
    case "account":
      return use("repeat");
    case "setup":
      return effect.paths.every(places.isServed) ? use() : use("repeat");
    case "removal": {
      const gone = places.firstWithin(effect.paths);
      return gone === undefined
        ? use()
        : {
            reason: `it removes ${gone}, which may have been made before`,
            range: command.range,
          };
    }
    case "content": {
      const lost = effect.paths.find((path) => !places.add(path));
      return lost === undefined
        ? use("build")
        : {
            reason: `what it puts into ${lost} can't be told from the rest`,
            range: command.range,
          };
    }
    case "packages": {
      const kept = effect.names.filter((name) => !isForBuilding(name, subject, building));
      return {
        kinds: kept.length < effect.names.length ? ["build"] : [],
        packages: kept,
      };
    }
  }
}

/** The paths that are known to matter, or not to. */
interface Places {
  /** In a folder for building, or shipped as a whole. */
  readonly isForBuilding: (path: string) => boolean;
  /** Nothing has to be done for a folder that is there anyway. */
  readonly isServed: (path: string) => boolean;
  readonly firstWithin: (paths: readonly string[]) => string | undefined;
  /** False for a folder that also holds something else. */
  readonly add: (path: string) => boolean;
  readonly artefacts: () => readonly Artefact[];
}

function placesOf({ artefacts: named, buildFolders }: Building): Places {
  const artefacts = [...named];
  const folders = [...buildFolders, ...scratchFolders];
  const isForBuilding = (path: string): boolean =>
    folders.some((folder) => isWithin(path, folder)) ||
    artefacts.some((artefact) => isWithin(path, artefact.path));
  const isAbove = (path: string): boolean =>
    artefacts.some((artefact) => isWithin(artefact.path, path)) ||
    folders.some((folder) => isWithin(folder, path));
  return {
    isForBuilding,
    isServed: (path) => isForBuilding(path) || isAbove(path),
    firstWithin: (paths) =>
      artefacts.find(({ path }) => paths.some((removed) => isWithin(path, removed)))
        ?.path,
    add(path) {
      if (isForBuilding(path)) return true;
      if (isAbove(path) || systemFolders.has(path)) return false;
      artefacts.push({ path });
      return true;
    },
    artefacts: () => artefacts,
  };
}

/** Folders of which every image has its own. */
const systemFolders: ReadonlySet<string> = new Set(
  (
    "/ /bin /etc /home /lib /lib64 /opt /root /sbin /srv /usr /usr/bin /usr/lib /usr/local " +
    "/usr/local/bin /usr/local/lib /usr/local/sbin /usr/local/share /usr/sbin /usr/share /var /var/lib"
  ).split(" "),
);

/** Whether only the build needs a package, judging by its name and by who calls it. */
function isForBuilding(
  name: string,
  { commands, start }: SplitSubject,
  building: Building,
): boolean {
  if (isBuildOnlyPackage(name) || building.isBuildPackage?.(name) === true) return true;
  if (commands.some((command) => removedPackages(command).includes(name))) return true;
  const isStarted = start?.commands.some(({ program }) => program === name) ?? false;
  return !isStarted && commands.some(({ program }) => program === name);
}
