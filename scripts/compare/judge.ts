import { judgePairs, type Task } from "../../test/oracle/processes.ts";
import { readDockerfile } from "../../test/oracle/reader.ts";
import type { Difference } from "../../test/oracle/verdict.ts";
import type { CorpusFile } from "../regress/corpus.ts";
import type { Outputs } from "./outputs.ts";
import type { CompareRow } from "./result.ts";

/** Single commands that fail in turn, per file. */
const failures = 3;

/** What the oracle says of one program's outputs. */
export async function judge(
  { name, version, kind }: Pick<CompareRow, "name" | "version" | "kind">,
  files: readonly CorpusFile[],
  outputs: Outputs,
  seed: number,
): Promise<{ readonly row: CompareRow; readonly differentIds: readonly string[] }> {
  const tasks = files.flatMap(({ id, text }): Task[] => {
    const after = outputs.get(id);
    const isChanged = after !== undefined && after !== text;
    return isChanged ? [{ id, before: text, after, options: { failures, seed } }] : [];
  });
  let [equal, notJudged] = [0, 0];
  const different: { readonly id: string; readonly difference: Difference }[] = [];
  await judgePairs(tasks, ({ id, verdict }) => {
    if (verdict.kind === "different")
      different.push({ id, difference: verdict.difference });
    else if (verdict.kind === "equal") equal += 1;
    else notJudged += 1;
  });
  return {
    row: {
      name,
      version,
      kind,
      changed: tasks.length,
      failed: files.filter(({ id }) => !outputs.has(id)).length,
      equal,
      different: different.length,
      differences: kindsOf(different.map(({ difference }) => difference)),
      notJudged,
      runsAfter: files.reduce(
        (sum, { id, text }) =>
          sum + (runCount(outputs.get(id) ?? text) ?? runCount(text) ?? 0),
        0,
      ),
    },
    differentIds: different.map(({ id }) => id),
  };
}

/** How often each kind of difference comes up, the most frequent first. */
function kindsOf(differences: readonly Difference[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const kind of differences.map(kindOf))
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** In words of our own: what the oracle shows has names and texts of the corpus in it. */
function kindOf({ summary, before, after }: Difference): string {
  if (withoutSpace(before) === withoutSpace(after))
    return "only white space inside a value or an argument differs";
  const [, keyword] = / carries another ([A-Z]+)/.exec(summary) ?? [];
  if (keyword !== undefined) return `the image has another ${keyword}`;
  if (summary.startsWith("the shell wrote ")) return "the shell writes another file";
  if (summary === "the rewritten file isn't a Dockerfile")
    return "the result is no Dockerfile";
  return "the builds take different steps";
}

/** The oracle shows events behind the number of their line, and some white space escaped. */
function withoutSpace(text: string): string {
  return text.replace(/^line \d+: /, "").replace(/\\[ntr]|\s/g, "");
}

/** By the oracle's own reader; undefined where the text is no Dockerfile. */
export function runCount(text: string): number | undefined {
  const dockerfile = readDockerfile(text);
  return dockerfile.ok
    ? dockerfile.instructions.filter(({ keyword }) => keyword === "RUN").length
    : undefined;
}
