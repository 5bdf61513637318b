import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Time } from "./timing.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const yardstick = fileURLToPath(new URL("./list-and-hash.js", import.meta.url));
const parser = fileURLToPath(new URL("./parse-alone.js", import.meta.url));

/** Has Node say on its third descriptor how much memory it held at most, in KiB. */
const memoryHook = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => ' +
    "writeSync(3, String(process.resourceUsage().maxRSS)));",
)}`;

/** bash tells the times of a child, which Node doesn't. */
const timed = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null';

export function startNothing(): Time {
  return run(["-e", "0"], [0]);
}

/** `dockerslim fix`, its diff thrown away. */
export function fixPath(path: string): Time {
  return run([cli, "fix", "--quiet", path], [0, 1, 2]);
}

export function parseFolder(folder: string): Time {
  return run([parser, folder], [0]);
}

export function showHistory(archive: string): Time {
  return run([cli, "history", archive], [0]);
}

/** What anybody who checks an archive has to do: list it, and read every byte for its hash. */
export function listAndHash(archive: string): Time {
  return run([yardstick, archive], [0]);
}

/** Peak resident memory of `dockerslim fix`, in MiB. */
export function memoryOfFix(path: string): number {
  return memoryOf(["fix", path]);
}

/** Peak resident memory of `dockerslim history`, in MiB. */
export function memoryOfHistory(archive: string): number {
  return memoryOf(["history", archive]);
}

function memoryOf(commandWords: readonly string[]): number {
  const words = ["--import", memoryHook, cli, ...commandWords];
  const { output } = spawnSync(process.execPath, words, {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  return Number(output[3]) / 1024;
}

function run(words: readonly string[], expected: readonly number[]): Time {
  return runTimed(process.execPath, words, expected);
}

/** Runs a program, which has to end with one of these exit codes. */
export function runTimed(
  program: string,
  words: readonly string[],
  expected: readonly number[],
): Time {
  const { status, stderr } = spawnSync("bash", ["-c", timed, "bash", program, ...words], {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    maxBuffer: Infinity,
  });
  const [wall, user, system] = (stderr.trim().split("\n").at(-1) ?? "")
    .split(" ")
    .map((seconds) => 1000 * Number(seconds));
  if (
    status === null ||
    !expected.includes(status) ||
    wall === undefined ||
    user === undefined ||
    system === undefined
  ) {
    throw new Error(`${program} ${words.join(" ")} failed: ${stderr.slice(0, 2000)}`);
  }
  return { wall, cpu: user + system };
}
