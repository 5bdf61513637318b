// What each thread of the pool runs: takes lists of texts, and answers each with a list of
// what came of them.
import { parentPort } from "node:worker_threads";
import { fixText, type TextTask } from "./fix-text.ts";

parentPort?.on("message", (tasks: readonly TextTask[]) => {
  parentPort?.postMessage(tasks.map(fixText));
});
