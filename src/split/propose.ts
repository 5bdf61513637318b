import { stateAtEnd } from "../dockerfile/state.ts";
import type { Dockerfile, Stage } from "../dockerfile/types.ts";
import { compilerBytes } from "../knowledge/compiler-sizes.ts";
import { imageBytes } from "../knowledge/image-sizes.ts";
import type { TransformSettings } from "../engine/types.ts";
import { assemble } from "./assemble.ts";
import type { FindBuildContext } from "./build-context.ts";
import { compilersOf } from "./compilers.ts";
import { ecosystems } from "./ecosystems/index.ts";
import type { Ecosystem, EcosystemBuild } from "./ecosystems/types.ts";
import { isSilence, type Finding, type Silence, type SplitPlan } from "./plan.ts";
import { searchedFolders } from "./search-path.ts";
import { whyNoSplit } from "./silence.ts";
import { serveStart } from "./started.ts";
import { readSubject, type SplitSubject } from "./subject.ts";

/** From how much on a split is worth a second stage. */
export interface Threshold {
  /** Bytes; a split that saves less is proposed only if its share is large enough. */
  readonly minimumBytes: number;
  /** Of the image, 0 to 1. */
  readonly minimumShare: number;
}

export function thresholdOf({
  minimumMegabytes,
  minimumShare,
}: TransformSettings["split-stages"]): Threshold {
  return { minimumBytes: minimumMegabytes * 1e6, minimumShare };
}

export interface Proposal {
  readonly subject: SplitSubject;
  readonly result: SplitPlan | Silence;
}

/** @returns undefined for a stage that builds nothing which an ecosystem knows */
export function proposeSplit(
  stage: Stage,
  dockerfile: Dockerfile,
  findContext: FindBuildContext,
  threshold: Threshold,
): Proposal | undefined {
  const subject = readSubject(stage, dockerfile, findContext);
  if (!subject) return undefined;
  const ecosystem = ecosystems.find((item) => item.isConcerned(subject));
  if (!ecosystem) return undefined;
  return { subject, result: whyNoSplit(subject) ?? plan(subject, ecosystem, threshold) };
}

function plan(
  subject: SplitSubject,
  ecosystem: Ecosystem,
  threshold: Threshold,
): SplitPlan | Silence {
  const build = ecosystem.read(subject);
  if (isSilence(build)) return build;
  const changed = whyBelowChanges(subject, build);
  if (changed) return changed;
  const assembly = assemble(subject, build);
  if (isSilence(assembly)) return assembly;
  const started = serveStart(subject, assembly, build);
  if (isSilence(started)) return started;
  const packages = [...new Set([...assembly.packages, ...started.packages])];
  const { user } = stateAtEnd(subject.stage, subject.dockerfile);
  const isRepeated = subject.instructions.some(
    (item) => item.keyword === "RUN" && !assembly.buildOnly.has(item),
  );
  const runtime = build.runtime({
    shell:
      started.needsShell ||
      isRepeated ||
      assembly.setup.length > 0 ||
      assembly.rights.length > 0 ||
      assembly.refresh.length > 0,
    packages,
    namedUser: user !== undefined && !/^(root|\d+(:\d+)?)$/.test(user),
  });
  if (isSilence(runtime)) return runtime;
  const idle = whyIdle(subject);
  if (idle) return idle;
  const bytes = imageBytes(subject.image.resolved ?? "");
  const left = imageBytes(runtime.base.image);
  const installed = installedBytes(subject, packages);
  const savedBytes =
    bytes === undefined || left === undefined ? undefined : bytes + installed - left;
  if (
    bytes !== undefined &&
    savedBytes !== undefined &&
    savedBytes < threshold.minimumBytes &&
    savedBytes < threshold.minimumShare * (bytes + installed)
  )
    return {
      reason: `it would save about ${megabytes(savedBytes)} only`,
      range: subject.stage.from.range,
    };
  const findings: readonly Finding[] = [...build.findings, ...runtime.findings];
  return {
    ecosystem: ecosystem.name,
    runtime: runtime.base,
    buildOnly: assembly.buildOnly,
    artefacts: [...runtime.artefacts, ...assembly.artefacts],
    packages: [...new Set([...packages, ...runtime.packages])],
    rights: assembly.rights,
    setup: assembly.setup,
    refresh: [...new Set([...assembly.refresh, ...(runtime.refresh ?? [])])],
    added: build.added ?? [],
    variables: runtime.variables ?? [],
    searched: [...new Set([...started.searched, ...(runtime.searched ?? [])])].filter(
      (folder) => !searchedFolders(subject).includes(folder),
    ),
    prefixed: build.prefixed ?? [],
    findings,
    assumptions: runtime.assumptions,
    savedBytes,
  };
}

/** A stage that others may stand on, or build as a target, can't be changed for this one. */
function whyBelowChanges(
  { stage }: SplitSubject,
  { prefixed = [], added = [] }: EcosystemBuild,
): Silence | undefined {
  const { range } = stage.from;
  const places = [
    ...prefixed,
    ...added.flatMap(({ before }) => before?.range.start ?? []),
  ];
  return places.some((at) => at < range.start)
    ? { reason: "what a stage below installs would have to go elsewhere", range }
    : undefined;
}

/** Without a compiler in the image, a second stage has nothing to leave behind. */
function whyIdle({ image, commands, stage }: SplitSubject): Silence | undefined {
  if (
    !/(^|\/)(alpine|alpine-node|debian|node|ubuntu|python)$/.test(image.repository ?? "")
  )
    return undefined;
  const { kept, gone } = compilersOf(commands);
  return kept.length > 0 || gone.length === 0
    ? undefined
    : {
        reason: `the RUN that installs “${gone[0] ?? ""}” removes it again`,
        range: stage.from.range,
      };
}

/** What the compilers take that the stage installs and the final stage doesn't. */
function installedBytes({ commands }: SplitSubject, kept: readonly string[]): number {
  return compilerBytes(compilersOf(commands).kept.filter((name) => !kept.includes(name)));
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
