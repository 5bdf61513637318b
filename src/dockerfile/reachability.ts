import type { Dockerfile, Stage } from "./types.ts";

/**
 * The stages whose files end up in the final image: the last stage, the stages that it
 * stands on, and a stage that is copied as a whole. A single folder copied from a stage does
 * not make the rest of that stage matter.
 */
export function stagesInImage(dockerfile: Dockerfile): ReadonlySet<Stage> {
  let stages = known.get(dockerfile);
  if (!stages) known.set(dockerfile, (stages = findStages(dockerfile)));
  return stages;
}

const known = new WeakMap<Dockerfile, ReadonlySet<Stage>>();

function findStages(dockerfile: Dockerfile): ReadonlySet<Stage> {
  const reached = new Set<Stage>();
  const pending = dockerfile.stages.slice(-1);
  for (let stage = pending.pop(); stage; stage = pending.pop()) {
    if (reached.has(stage)) continue;
    reached.add(stage);
    if (stage.base.kind === "stage") pending.push(stage.base.stage);
    pending.push(...wholeStagesCopied(stage, dockerfile));
  }
  return reached;
}

function wholeStagesCopied(stage: Stage, dockerfile: Dockerfile): Stage[] {
  return stage.instructions.flatMap((instruction) => {
    if (instruction.keyword !== "COPY") return [];
    const from = instruction.flags.find(({ name }) => name === "from")?.value;
    const sources = instruction.json ?? instruction.body.text.split(/\s+/);
    if (from === undefined || !sources.slice(0, -1).some(isRoot)) return [];
    // A stage may be named by its number; names are compared without case.
    const named = dockerfile.stages.filter(
      ({ name, index }) =>
        index < stage.index && (name === from.toLowerCase() || String(index) === from),
    );
    return named.slice(-1);
  });
}

function isRoot(path: string): boolean {
  return /^\/?(\.\/?|\*)?$/.test(path);
}
