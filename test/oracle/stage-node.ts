import type { Item, StageResult } from "./execute.ts";

/** A stage of a build with those that it stands on and that stand on it. */
export interface StageNode {
  readonly items: readonly Item[];
  readonly parent: StageNode | undefined;
  readonly children: readonly StageNode[];
}

/** A node for each stage; `parents` holds the index of the stage that each is built from. */
export function stageNodes(
  stages: readonly StageResult[],
  parents: readonly (number | undefined)[],
): readonly StageNode[] {
  const nodes: (StageNode & { readonly children: StageNode[] })[] = [];
  for (const [index, { items }] of stages.entries()) {
    // A stage stands on an earlier one.
    const parent = nodes[parents[index] ?? stages.length];
    const node = { items, parent, children: [] };
    nodes.push(node);
    parent?.children.push(node);
  }
  return nodes;
}
