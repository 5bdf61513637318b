import { readAssignments } from "../dockerfile/assignments.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { stateBefore } from "../dockerfile/state.ts";
import { splitWords } from "../dockerfile/space.ts";
import type { Dockerfile, Instruction, Stage } from "../dockerfile/types.ts";
import { findEntry, findFile } from "../images/tree/find-file.ts";
import { inheritedInstructions, lineage } from "../split/lineage.ts";
import { absolutePath, baseName, isWithin } from "../split/paths.ts";
import { onlyStartsCommand } from "../knowledge/entrypoints.ts";
import { compareConfiguration } from "./compare-configuration.ts";
import { compareEntries, compareFiles } from "./compare-files.ts";
import { compareLibraries, type ImageTree } from "./compare-libraries.ts";
import { developmentModules, installers } from "./left-out.ts";
import type { Allowance } from "./may-differ.ts";
import type { Difference } from "./types.ts";

/** A Dockerfile whose last stage was split in two. */
export interface Split {
  /** Absolute paths that the final stage copies from the build stage. */
  readonly artefacts: readonly string[];
  /** Folders of the final stage into which it copies what the build stage has elsewhere. */
  readonly filled: readonly string[];
  /** The build stage takes out modules that are for development only. */
  readonly isPruned: boolean;
  /** Variables and labels that the Dockerfile sets itself, and no base image. */
  readonly ownNames: ReadonlySet<string>;
  /** Neither Dockerfile sets ENTRYPOINT in its last stage, and both set CMD. */
  readonly hasBaseEntrypoint: boolean;
}

/**
 * Tells whether a text is another one with its last stage split: it has one stage more, and
 * the last one takes files from the one before, which stands on the original's base; or it has
 * no more, and the last one takes files from a stage that it stood on.
 */
export function splitBetween(before: string, after: string): Split | undefined {
  const [original, rewritten] = [parseDockerfile(before), parseDockerfile(after)];
  const old = original.stages.at(-1);
  const final = rewritten.stages.at(-1);
  const builds = old ? buildStages(old, original, rewritten) : [];
  if (!old || !final || final.base.kind === "stage") return undefined;
  const copies = final.instructions.flatMap((item) =>
    builds.some((stage) => isCopyFrom(item, stage)) ? [placesOf(item, rewritten)] : [],
  );
  if (copies.length === 0) return undefined;
  const ownNames = [
    ...namesSet(old, original.escape),
    ...namesSet(final, rewritten.escape),
  ];
  return {
    artefacts: copies.flatMap(({ artefacts }) => artefacts),
    filled: copies.flatMap(({ filled }) => filled),
    isPruned: builds.some((stage) =>
      stage.instructions.some(
        ({ keyword, body }) => keyword === "RUN" && body.text === prune,
      ),
    ),
    ownNames: new Set(ownNames),
    hasBaseEntrypoint: [old, final].every(
      (stage) => sets(stage, "CMD") && !sets(stage, "ENTRYPOINT"),
    ),
  };
}

/** The stages of the result that the original's last stage consists of, or consisted of. */
function buildStages(
  old: Stage,
  original: Dockerfile,
  rewritten: Dockerfile,
): readonly Stage[] {
  const build = rewritten.stages.at(-2);
  switch (rewritten.stages.length - original.stages.length) {
    case 0:
      return lineage(old)
        .slice(0, -1)
        .flatMap(({ index }) => rewritten.stages[index] ?? []);
    case 1:
      return build &&
        old.from.body.text.split(/\s/)[0] === build.from.body.text.split(/\s/)[0]
        ? [build]
        : [];
    default:
      return [];
  }
}

const prune = "npm prune --omit=dev";

function isCopyFrom({ keyword, flags }: Instruction, { name }: Stage): boolean {
  const from = flags.find((flag) => flag.name === "from")?.value?.toLowerCase();
  return keyword === "COPY" && from !== undefined && from === name;
}

/** What a COPY takes from the same path, or else the folder that it fills. */
function placesOf(
  copy: Instruction,
  dockerfile: Dockerfile,
): Pick<Split, "artefacts" | "filled"> {
  const words = copy.json ?? splitWords(copy.body.text);
  const sources = words.slice(0, -1);
  const { workdir = "/" } = stateBefore(copy, dockerfile);
  const target = absolutePath(words.at(-1) ?? "", workdir);
  const isSame = (source: string): boolean =>
    target === undefined ||
    absolutePath(source, "/") === target ||
    absolutePath(source, "/") === absolutePath(baseName(source), target);
  return sources.every(isSame)
    ? { artefacts: sources, filled: [] }
    : { artefacts: [], filled: target === undefined ? [] : [target] };
}

/** Variables and labels that a stage sets. */
function namesSet(stage: Stage, escape: string): readonly string[] {
  return inheritedInstructions(stage).flatMap(({ keyword, body }) => {
    if (keyword !== "ENV" && keyword !== "LABEL") return [];
    const assignments = readAssignments(keyword, body.text, escape);
    return typeof assignments === "string" ? [] : assignments.map(({ name }) => name);
  });
}

function sets(stage: Stage, keyword: string): boolean {
  return inheritedInstructions(stage).some((item) => item.keyword === keyword);
}

/** An image of one of the two Dockerfiles. */
export interface SplitSide extends ImageTree {
  /** Absolute paths of the files that its instructions, and no base image, put there. */
  readonly made: readonly string[];
}

/**
 * What differs between an image and its split counterpart in what both have to have: the
 * configuration, the artefacts, and the libraries that these need. The toolchain is meant to
 * be gone, so that other files don't count.
 *
 * @param again the original, built a second time, where that was necessary: what differs
 * between two builds of one Dockerfile is no difference between two Dockerfiles
 */
export function compareSplit(
  before: SplitSide,
  after: SplitSide,
  split: Split,
  allowed: Allowance,
  again?: SplitSide,
): Difference[] {
  const varying = again
    ? artefactDifferences(before, again, split, allowed).map(({ subject }) => subject)
    : [];
  return [
    ...compareConfiguration(before.image, after.image).map((difference) => {
      if (isOfBaseImage(difference, split))
        return allow(difference, "comes from the base image");
      return difference.subject === "Entrypoint" && isForwarded([before, after], split)
        ? allow(difference, "comes from the base image, and only starts the command")
        : difference;
    }),
    ...artefactDifferences(before, after, split, allowed).map((difference) =>
      varying.includes(difference.subject)
        ? allow(difference, "differs between two builds of the original, too")
        : difference,
    ),
    ...compareLibraries(before, after),
  ];
}

/** Whether a second build of the original could explain a difference. */
export function mayVary(differences: readonly Difference[]): boolean {
  return differences.some(
    ({ kind, judgement }) => kind === "file" && judgement === "differs",
  );
}

function artefactDifferences(
  before: SplitSide,
  after: SplitSide,
  { artefacts, filled, isPruned }: Split,
  allowed: Allowance,
): Difference[] {
  const leftOut = isPruned ? developmentModules(before.root, after.root) : undefined;
  const orLeftOut: Allowance = (path, difference) =>
    leftOut?.(path, difference) ?? allowed(path, difference);
  return [
    ...artefacts.flatMap((path) => {
      // Either image may have symbolic links on the way.
      const [was, is] = [findFile(before.root, path), findFile(after.root, path)];
      if (was && is) return compareFiles(was, is, orLeftOut, path);
      return [
        {
          kind: "file" as const,
          subject: path,
          message: was ? "is missing" : "isn't in the original",
          files: 1,
          bytes: was?.content?.size ?? 0,
          judgement: "differs" as const,
          reason: "",
        },
      ];
    }),
    ...filled.flatMap((folder) => filledDifferences(before, after, folder, orLeftOut)),
  ];
}

/**
 * Of a folder that both base images have as well: all that the instructions of one Dockerfile
 * or the other put there.
 */
function filledDifferences(
  before: SplitSide,
  after: SplitSide,
  folder: string,
  allowed: Allowance,
): Difference[] {
  const added = new Set(after.made);
  const paths = [...new Set([...before.made, ...after.made])]
    .filter((path) => isWithin(path, folder))
    .sort();
  return paths.flatMap((path) => {
    const [was, is] = [findEntry(before.root, path), findEntry(after.root, path)];
    const orInstallers: Allowance = (place, difference) =>
      allowed(place, difference) ??
      (added.has(place) ? undefined : installers(place, difference));
    return compareEntries(was, is, orInstallers, path);
  });
}

/** Whether both images start CMD itself, whatever their base images put in front of it. */
function isForwarded(sides: readonly SplitSide[], { hasBaseEntrypoint }: Split): boolean {
  return (
    hasBaseEntrypoint &&
    sides.every(
      ({ image: { config } }) =>
        onlyStartsCommand(config.Entrypoint ?? []) &&
        config.Cmd?.[0]?.startsWith("-") === false,
    )
  );
}

/** `Env PATH`, `Labels org.example.version`, as compareConfiguration names its subjects. */
function isOfBaseImage({ subject }: Difference, { ownNames }: Split): boolean {
  const [setting, name] = subject.split(" ");
  return (
    (setting === "Env" || setting === "Labels") &&
    name !== undefined &&
    !ownNames.has(name)
  );
}

function allow(difference: Difference, reason: string): Difference {
  return { ...difference, judgement: "allowed", reason };
}
