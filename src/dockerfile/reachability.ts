import { oncePer } from "./once-per.ts";
import { lastBefore } from "./stages.ts";
import type { Dockerfile, Stage } from "./types.ts";

/**
 * The stages whose files end up in the final image: the last stage, the stages that it
 * stands on, and a stage that is copied as a whole. A single folder copied from a stage does
 * not make the rest of that stage matter.
 */
export const stagesInImage = oncePer((dockerfile: Dockerfile): ReadonlySet<Stage> => {
  const named = stagesByName(dockerfile);
  const reached = new Set<Stage>();
  const pending = dockerfile.stages.slice(-1);
  for (let stage = pending.pop(); stage; stage = pending.pop()) {
    if (reached.has(stage)) continue;
    reached.add(stage);
    if (stage.base.kind === "stage") pending.push(stage.base.stage);
    pending.push(...wholeStagesCopied(stage, named));
  }
  return reached;
});

/** The stages that have files of this one: built on it, or copying or mounting from it. */
export function descendants(stage: Stage, dockerfile: Dockerfile): readonly Stage[] {
  const named = stagesByName(dockerfile);
  const found = new Set([stage]);
  // A stage can only name those above it.
  for (const other of dockerfile.stages.slice(stage.index + 1)) {
    const { base } = other;
    const isBuiltOn = base.kind === "stage" && found.has(base.stage);
    const takesFrom = (name: string): boolean => {
      const source = lastBefore(other.index, named.get(name.toLowerCase()));
      return source !== undefined && found.has(source);
    };
    if (isBuiltOn || sourcesOf(other).some(takesFrom)) found.add(other);
  }
  return [...found].slice(1);
}

/** What `COPY --from` and `RUN --mount=…,from=…` of a stage name. */
function sourcesOf({ instructions }: Stage): string[] {
  return instructions.flatMap(({ flags }) =>
    flags.flatMap(({ name, value = "" }) => {
      if (name === "from") return [value];
      const [, from] = /(?:^|,)\s*from=([^,]*)/i.exec(value) ?? [];
      return name === "mount" && from !== undefined ? [from] : [];
    }),
  );
}

/** A stage may be named by its number; names are compared without case. */
function stagesByName({ stages }: Dockerfile): ReadonlyMap<string, readonly Stage[]> {
  const named = new Map<string, Stage[]>();
  for (const stage of stages) {
    named.set(String(stage.index), [stage]);
    if (stage.name === undefined) continue;
    const namesakes = named.get(stage.name);
    if (namesakes) namesakes.push(stage);
    else named.set(stage.name, [stage]);
  }
  return named;
}

function wholeStagesCopied(
  stage: Stage,
  named: ReadonlyMap<string, readonly Stage[]>,
): Stage[] {
  return stage.instructions.flatMap((instruction) => {
    if (instruction.keyword !== "COPY") return [];
    const from = instruction.flags.find(({ name }) => name === "from")?.value;
    const sources = instruction.json ?? instruction.body.text.split(/\s+/);
    if (from === undefined || !sources.slice(0, -1).some(isRoot)) return [];
    return lastBefore(stage.index, named.get(from.toLowerCase())) ?? [];
  });
}

function isRoot(path: string): boolean {
  return /^\/?(\.\/?|\*)?$/.test(path);
}
