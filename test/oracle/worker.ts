/** One process of the corpus regression: judges the pairs that it is sent. */
import type { Runner } from "./native.ts";
import { startRunner } from "./native.ts";
import type { OracleOptions } from "./oracle.ts";
import { compareDockerfiles } from "./oracle.ts";
import type { Verdict } from "./verdict.ts";

export interface Task {
  readonly id: string;
  readonly before: string;
  readonly after: string;
  readonly options: OracleOptions;
}

export interface Answer {
  readonly id: string;
  readonly verdict: Verdict;
}

let runner: Runner | undefined;

async function judge(task: Task): Promise<Answer> {
  try {
    runner ??= startRunner();
    const { before, after, options } = task;
    return {
      id: task.id,
      verdict: await compareDockerfiles(before, after, runner, options),
    };
  } catch (error) {
    runner?.close();
    runner = undefined;
    return {
      id: task.id,
      verdict: { kind: "skipped", reason: `crash: ${String(error)}` },
    };
  }
}

process.on("message", (task: Task) => {
  void judge(task).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => {
  runner?.close();
  process.exit();
});
