/** One process of many: judges the pairs that it is sent. */
import type { Runner } from "./native.ts";
import { startRunner } from "./native.ts";
import { compareDockerfiles } from "./oracle.ts";
import type { Judgement, Task } from "./processes.ts";

let runner: Runner | undefined;

async function judge({ id, before, after, options }: Task): Promise<Judgement> {
  try {
    runner ??= startRunner();
    return { id, verdict: await compareDockerfiles(before, after, runner, options) };
  } catch (error) {
    runner?.close();
    runner = undefined;
    return { id, verdict: { kind: "crashed", message: String(error) } };
  }
}

process.on("message", (task: Task) => {
  void judge(task).then((judgement) => process.send?.(judgement));
});
process.on("disconnect", () => {
  runner?.close();
  process.exit();
});
