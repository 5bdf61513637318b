import type { Instruction, Stage } from "../dockerfile/types.ts";

/** The stages that a stage consists of: the one that stands on an image first, itself last. */
export function lineage(stage: Stage): readonly Stage[] {
  const found: Stage[] = [];
  for (let current: Stage | undefined = stage; current;) {
    found.push(current);
    current = current.base.kind === "stage" ? current.base.stage : undefined;
  }
  return found.reverse();
}

/**
 * The instructions that a stage consists of, those of the stages below it first, without FROM.
 * Settings of the stages below that don't count any more are left out.
 */
export function inheritedInstructions(stage: Stage): readonly Instruction[] {
  const all = lineage(stage).flatMap(({ instructions }) => instructions.slice(1));
  return all.filter(
    (item, index) => item.stage === stage || !isReplaced(item, index, all),
  );
}

const replaced: ReadonlySet<string> = new Set([
  "CMD",
  "ENTRYPOINT",
  "HEALTHCHECK",
  "STOPSIGNAL",
]);

/** ENTRYPOINT takes away the CMD of the stages below (Dockerfile reference, "CMD and ENTRYPOINT"). */
function isReplaced(
  item: Instruction,
  place: number,
  all: readonly Instruction[],
): boolean {
  return (
    replaced.has(item.keyword) &&
    all.some(
      ({ keyword, stage }, index) =>
        index > place &&
        (keyword === item.keyword ||
          (item.keyword === "CMD" && keyword === "ENTRYPOINT" && stage !== item.stage)),
    )
  );
}
