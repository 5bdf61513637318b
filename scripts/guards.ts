/**
 * Disables each safety guard of the product in turn and shows that a test then fails. Fails
 * itself where none does. See docs/behaviour.md.
 *
 * Words behind `--` choose the guards whose ids contain one of them; `--update` records the
 * result, for which all have to run.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readArguments } from "./arguments.ts";
import { guards } from "../test/guards/index.ts";
import { resultOf, trialLine, whyNotShown } from "./guards/report.ts";
import { tryWithout, type Trial } from "./guards/trial.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const record = fileURLToPath(new URL("../test/guards/result.json", import.meta.url));
/** Each trial keeps one core busy. */
const atOnce = 2;

const { values, positionals } = readArguments({
  allowPositionals: true,
  options: { update: { type: "boolean", default: false } },
});
const chosen = guards.filter(
  ({ id }) => positionals.length === 0 || positionals.some((word) => id.includes(word)),
);
const status = await run();
// vitest has set one for the tests that were to fail.
process.exitCode = status;

async function run(): Promise<number> {
  if (chosen.length === 0 || (values.update && chosen.length < guards.length)) {
    process.stderr.write(
      chosen.length === 0
        ? `No guard is called like ${positionals.join(" or ")}.\n`
        : "--update records all guards: leave out the words that choose some.\n",
    );
    return 2;
  }
  const start = performance.now();
  const trials = await tryAll();
  const survivors = trials.filter((trial) => whyNotShown(trial) !== undefined);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stdout.write(
    `${trials.length} guards, ${trials.length - survivors.length} of them needed, ${seconds} s\n`,
  );
  for (const trial of survivors) process.stdout.write(`${trialLine(trial)}\n`);
  if (values.update && survivors.length === 0) {
    const date = new Date().toISOString().slice(0, 10);
    writeFileSync(record, `${JSON.stringify(resultOf(trials, date), undefined, 2)}\n`);
    process.stdout.write("Recorded.\n");
  }
  return survivors.length === 0 ? 0 : 1;
}

/** In the order of the table, whichever ends first. */
async function tryAll(): Promise<Trial[]> {
  const trials = new Map<string, Trial>();
  const queue = chosen.values();
  const work = async (): Promise<void> => {
    for (const guard of queue) {
      const trial = await tryWithout(guard, root);
      trials.set(guard.id, trial);
      process.stdout.write(`${trialLine(trial)}\n`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return chosen.flatMap(({ id }) => trials.get(id) ?? []);
}
