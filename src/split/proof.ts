import { stateAtEnd } from "../dockerfile/state.ts";
import type { Dockerfile, Instruction, Stage } from "../dockerfile/types.ts";
import { whyCommentLost } from "../engine/lost-comment.ts";
import { isConfiguration } from "./emit.ts";
import { inheritedInstructions } from "./lineage.ts";
import { isAddedLine, pipPrefixOption } from "./plan.ts";

/**
 * Holds a split against what can be told without building: the earlier stages are the same,
 * the build stage runs what the stage ran, in its order, up to a point; the final stage has
 * the configuration that the stage had; and no comment is lost. Whether the artefacts are all
 * that a container needs, only `dockerslim verify` can tell.
 *
 * @param split the stage of the original that was split, its last one
 * @returns what differs, or undefined if all of that holds
 */
export function whySplitUnproven(
  original: Dockerfile,
  rewritten: Dockerfile,
  split: Stage,
): string | undefined {
  const [problem] = rewritten.problems;
  if (problem) return `the result does not parse: ${problem.message}`;
  const more = rewritten.stages.length - original.stages.length;
  if (more !== 1 && !(more === 0 && split.base.kind === "stage"))
    return "the result has not one stage more";
  // Where a stage below builds, the last one alone is another.
  const first = rewritten.stages.at(-1 - more);
  const final = rewritten.stages.at(-1);
  if (!first || !final || original.stages.at(-1) !== split)
    return "another stage than the last one was split";
  // A new base may have a line of comment.
  const front = original.text.slice(0, split.from.range.start);
  const newFront = rewritten.text.slice(0, first.from.range.start);
  if (!newFront.startsWith(front) || !/^(#.*\r?\n)*$/.test(newFront.slice(front.length)))
    return "something in front of the split stage changed";
  if (first.name !== split.name && more === 0)
    return "the name of the last stage changed";
  const [before, after] = [texts(split, original), texts(first, rewritten)];
  return (
    (more === 1 ? whyBuildDiffers(before, after) : whyEndDiffers(before, after)) ??
    whyConfigurationDiffers(original, split, rewritten, final) ??
    whyCommentLost(commentsOf(original), commentsOf(rewritten))
  );
}

function texts(
  { instructions }: Stage,
  { text }: Dockerfile,
): (readonly [Instruction, string])[] {
  return instructions
    .slice(1)
    .filter((item) => !isConfiguration(item))
    .map((item) => [item, text.slice(item.range.start, item.range.end)]);
}

function whyBuildDiffers(
  before: readonly (readonly [Instruction, string])[],
  after: readonly (readonly [Instruction, string])[],
): string | undefined {
  const kept = after.filter(
    ([, text], index) => !isAddedLine(text) || before[index]?.[1] === text,
  );
  const isSame = ([, text]: (typeof kept)[number], index: number): boolean => {
    const original = before[index]?.[1];
    return original === text || original === text.replaceAll(pipPrefixOption, "");
  };
  return kept.length === 0 || !kept.every(isSame)
    ? "the build stage is not the beginning of the stage that was split"
    : undefined;
}

/** What the last stage does on a stage that builds, it does at its end on another image. */
function whyEndDiffers(
  before: readonly (readonly [Instruction, string])[],
  after: readonly (readonly [Instruction, string])[],
): string | undefined {
  const end = after.slice(after.length - before.length);
  return before.length > after.length ||
    !before.every(([, text], index) => end[index]?.[1] === text)
    ? "the last stage does not end as it did"
    : undefined;
}

/** Keywords of which the last one counts. */
const replaced = ["CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "SHELL"] as const;
/** Keywords that add up. */
const added = ["EXPOSE", "LABEL", "MAINTAINER", "ONBUILD", "VOLUME"] as const;

function whyConfigurationDiffers(
  original: Dockerfile,
  before: Stage,
  rewritten: Dockerfile,
  after: Stage,
): string | undefined {
  const bodies = (stage: Stage, keyword: string): string[] =>
    inheritedInstructions(stage)
      .filter((item) => item.keyword === keyword)
      .map(({ body, flags, json }) =>
        JSON.stringify([body.text, flags.map(({ name, value }) => [name, value]), json]),
      );
  for (const keyword of replaced)
    if (bodies(before, keyword).at(-1) !== bodies(after, keyword).at(-1))
      return `${keyword} changed`;
  for (const keyword of added)
    if (bodies(before, keyword).join("\n") !== bodies(after, keyword).join("\n"))
      return `${keyword} changed`;
  const [old, now] = [stateAtEnd(before, original), stateAtEnd(after, rewritten)];
  if (old.user !== now.user) return "USER changed";
  if (
    old.workdir !== undefined &&
    old.workdir.startsWith("/") &&
    old.workdir !== now.workdir &&
    !(old.workdir === "/" && now.workdir === undefined)
  )
    return "WORKDIR changed";
  const lost = bodies(before, "ENV").find((text) => !bodies(after, "ENV").includes(text));
  return lost === undefined ? undefined : "ENV changed";
}

function commentsOf({ comments }: Dockerfile): readonly string[] {
  return comments.map(({ text }) => text);
}
