import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CorpusFile } from "../regress/corpus.ts";
import type { Tool } from "./tools.ts";

/** What a program makes of each file, by id; none where it fails. */
export type Outputs = ReadonlyMap<string, string>;

const run = promisify(execFile);
/** Milliseconds that a program has for one file. */
const timeLimit = 30_000;
/** Bytes. */
const outputLimit = 16 * 1024 * 1024;
const atOnce = 2;

/**
 * Installs a tool into the folder, without running scripts of its package.
 *
 * @returns why that failed; undefined if it did not
 */
export async function install(
  { name, version }: Tool,
  folder: string,
): Promise<string | undefined> {
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  try {
    await run("npm", ["install", ...flags, `${name}@${version}`], { cwd: folder });
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return text.split("\n").find((line) => line.includes("npm error")) ?? text;
  }
}

/** Runs the tool on each file, a process each, because one failure must not end the others. */
export async function outputsOf(
  { command: [program, ...args], output }: Tool,
  files: readonly CorpusFile[],
  folder: string,
): Promise<Outputs> {
  const outputs = new Map<string, string>();
  const queue = files.values();
  const work = async (): Promise<void> => {
    for (const { id, text } of queue) {
      const path = join(folder, "files", id, "Dockerfile");
      mkdirSync(join(folder, "files", id), { recursive: true });
      writeFileSync(path, text);
      try {
        const bin = join(folder, "node_modules", ".bin", program);
        const limits = { timeout: timeLimit, maxBuffer: outputLimit };
        const { stdout } = await run(bin, [...args, path], { cwd: folder, ...limits });
        outputs.set(id, output === "file" ? readFileSync(path, "utf8") : stdout);
      } catch {
        // A file that a tool can't read has no output, which the table shows as a failure.
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outputs;
}

/** Outputs that were made elsewhere: a file per id. */
export function givenOutputs(folder: string, files: readonly CorpusFile[]): Outputs {
  return new Map(
    files.flatMap(({ id }) => {
      const path = join(folder, id);
      return existsSync(path) ? [[id, readFileSync(path, "utf8")] as const] : [];
    }),
  );
}
