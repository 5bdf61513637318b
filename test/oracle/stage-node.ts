import type { Build, Item } from "./execute.ts";

/** A stage of a build with those that it stands on and that stand on it. */
export interface StageNode {
  readonly items: readonly Item[];
  /** The build failed, so that more would have come in this stage or behind it. */
  readonly isCutShort: boolean;
  readonly parent: StageNode | undefined;
  readonly children: readonly StageNode[];
}

/** Stands for a stage that the build didn't get to. */
export const NO_STAGE: StageNode = {
  items: [],
  isCutShort: true,
  parent: undefined,
  children: [],
};

/** A node for each stage; `parents` holds the index of the stage that each is built from. */
export function stageNodes(
  { stages, failure }: Build,
  parents: readonly (number | undefined)[],
): readonly StageNode[] {
  const nodes: (StageNode & { readonly children: StageNode[] })[] = [];
  for (const [index, { items }] of stages.entries()) {
    // A stage stands on an earlier one.
    const parent = nodes[parents[index] ?? stages.length];
    const node = { items, isCutShort: failure !== undefined, parent, children: [] };
    nodes.push(node);
    parent?.children.push(node);
  }
  return nodes;
}
