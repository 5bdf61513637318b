import { existsSync } from "node:fs";
import { shapeOf } from "../../src/batch/groups/shape.ts";
import { fix } from "../../src/index.ts";
import { unifiedDiff } from "../../src/output/diff.ts";
import { defaultCorpus, readCorpus } from "../regress/corpus.ts";

export interface ShapeFigures {
  readonly files: number;
  readonly diffs: number;
  /** Without their line numbers. */
  readonly hunks: number;
  readonly shapes: number;
  /** Share of the files that have one of the ten most frequent shapes. */
  readonly topTen: number;
}

/** How many groups a reviewer gets for this many changed real files; a string says why not. */
export function shapesOfCorpus(files: number): ShapeFigures | string {
  if (!existsSync(defaultCorpus)) return "the corpus is missing";
  const [diffs, hunks] = [new Set<string>(), new Set<string>()];
  const shapes = new Map<string, number>();
  let changed = 0;
  for (const { text } of readCorpus(defaultCorpus)) {
    if (changed === files) break;
    const { output, changes } = fix(text, { listProposals: false });
    if (output === text) continue;
    changed += 1;
    const diff = unifiedDiff("Dockerfile", text, output);
    const { shape, hunk } = shapeOf({ hunks: diff.slice(diff.indexOf("@@")), changes });
    diffs.add(diff);
    hunks.add(hunk);
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
  }
  const frequent = [...shapes.values()].sort((a, b) => b - a).slice(0, 10);
  return {
    files: changed,
    diffs: diffs.size,
    hunks: hunks.size,
    shapes: shapes.size,
    topTen: frequent.reduce((sum, amount) => sum + amount, 0) / Math.max(1, changed),
  };
}
