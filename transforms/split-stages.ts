import { splitEdits } from "../src/split/emit.ts";
import { isSilence, type SplitPlan } from "../src/split/plan.ts";
import { proposeSplit, thresholdOf } from "../src/split/propose.ts";
import type { Transform } from "../src/engine/types.ts";

export const splitStages: Transform = {
  id: "split-stages",
  level: "proposal",
  summary:
    "Builds in a stage of its own, so that the image holds what runs and not the toolchain",
  why: [
    "A compiler, its headers and the sources are needed once. In an image they are mostly far",
    "larger than the program, and of use to an attacker.",
  ].join("\n"),
  how: [
    "Looks at the last stage: which commands build, what they make, and what a container",
    "starts. The instructions stay as they are in a stage called `build`; a second stage on a",
    "small image of the same distribution, or on `scratch` where a program is static and needs",
    "nothing else, gets the configuration, what the build made, the files that the program may",
    "read, and the packages that it needs. A last stage that stands on another stage of the",
    "file is taken together with that one, which itself stays as it is.",
    "",
    "Nothing is proposed where something decisive can't be told: what a command leaves behind,",
    "what starts, or where that comes from. `--verbose` says what was missing.",
    "`dockerslim fix --propose --write --verify` builds both images and compares them.",
  ].join("\n"),

  apply(stage, context) {
    const { dockerfile, findBuildContext, settings } = context;
    if (stage !== dockerfile.stages.at(-1)) return { changes: [], refusals: [] };
    const proposal = proposeSplit(
      stage,
      dockerfile,
      findBuildContext,
      thresholdOf(settings["split-stages"]),
    );
    if (!proposal) return { changes: [], refusals: [] };
    const { subject, result } = proposal;
    const silence = context.isIgnored(stage.from)
      ? { reason: "a comment asks to leave it alone", range: stage.from.range }
      : result;
    if (isSilence(silence)) return { changes: [], refusals: [silence] };
    return {
      changes: [
        {
          message: messageFor(silence),
          range: stage.from.range,
          edits: splitEdits(subject, silence),
          level: "proposal",
          declares: { splitStage: stage },
          ...(silence.savedBytes === undefined ? {} : { savedBytes: silence.savedBytes }),
        },
      ],
      refusals: [],
    };
  },
};

function messageFor({ ecosystem, runtime, assumptions, savedBytes }: SplitPlan): string {
  const saving =
    savedBytes === undefined
      ? ""
      : ` Saves about ${Math.round(savedBytes / 1e6)} MB (an estimate from the sizes of the base images).`;
  return [
    `Builds the ${ecosystem} program in a stage of its own and ships it on ${runtime.image}.${saving}`,
    ...assumptions,
  ].join(" ");
}
