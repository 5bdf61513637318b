import { readAssignments } from "../dockerfile/assignments.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { splitWords } from "../dockerfile/space.ts";
import type { Stage } from "../dockerfile/types.ts";
import { findFile } from "../images/tree/find-file.ts";
import { compareConfiguration } from "./compare-configuration.ts";
import { compareFiles } from "./compare-files.ts";
import { compareLibraries, type ImageTree } from "./compare-libraries.ts";
import type { Allowance } from "./may-differ.ts";
import type { Difference } from "./types.ts";

/** A Dockerfile whose last stage was split in two. */
export interface Split {
  /** Absolute paths that the final stage copies from the build stage. */
  readonly artefacts: readonly string[];
  /** Variables and labels that the Dockerfile sets itself, and no base image. */
  readonly ownNames: ReadonlySet<string>;
}

/**
 * Tells whether a text is another one with its last stage split: it has one stage more, and
 * the last one takes files from the one before, which stands on the original's base image.
 */
export function splitBetween(before: string, after: string): Split | undefined {
  const [original, rewritten] = [parseDockerfile(before), parseDockerfile(after)];
  const build = rewritten.stages.at(-2);
  const final = rewritten.stages.at(-1);
  if (rewritten.stages.length !== original.stages.length + 1 || !build || !final)
    return undefined;
  if (imageOf(original.stages.at(-1)) !== imageOf(build)) return undefined;
  const artefacts = final.instructions.flatMap(({ keyword, flags, body, json }) => {
    const from = flags.find(({ name }) => name === "from")?.value?.toLowerCase();
    if (keyword !== "COPY" || from === undefined || from !== build.name) return [];
    return (json ?? splitWords(body.text)).slice(0, -1);
  });
  if (artefacts.length === 0) return undefined;
  const ownNames = [
    ...namesSet(original.stages.at(-1), original.escape),
    ...namesSet(final, rewritten.escape),
  ];
  return { artefacts, ownNames: new Set(ownNames) };
}

/** Variables and labels that a stage sets. */
function namesSet(stage: Stage | undefined, escape: string): readonly string[] {
  return (stage?.instructions ?? []).flatMap(({ keyword, body }) => {
    if (keyword !== "ENV" && keyword !== "LABEL") return [];
    const assignments = readAssignments(keyword, body.text, escape);
    return typeof assignments === "string" ? [] : assignments.map(({ name }) => name);
  });
}

function imageOf(stage: Stage | undefined): string | undefined {
  return stage?.base.kind === "image" ? stage.base.image.text : undefined;
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
  before: ImageTree,
  after: ImageTree,
  split: Split,
  allowed: Allowance,
  again?: ImageTree,
): Difference[] {
  const varying = again
    ? artefactDifferences(before, again, split, allowed).map(({ subject }) => subject)
    : [];
  return [
    ...compareConfiguration(before.image, after.image).map((difference) =>
      isOfBaseImage(difference, split)
        ? allow(difference, "comes from the base image")
        : difference,
    ),
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
  before: ImageTree,
  after: ImageTree,
  { artefacts }: Split,
  allowed: Allowance,
): Difference[] {
  return artefacts.flatMap((path) => {
    // Either image may have symbolic links on the way.
    const [was, is] = [findFile(before.root, path), findFile(after.root, path)];
    if (was && is) return compareFiles(was, is, allowed, path);
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
  });
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
