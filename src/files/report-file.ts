import { randomInt } from "node:crypto";
import { open, realpath, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { errorCode, systemReason, type FileProblem } from "./problem.ts";
import { isReadOnly, writeAtomically } from "./write.ts";

/**
 * Whether a report can be written there, found out before the work that it reports on.
 *
 * @param inputs Paths of the files that the command reads: a report must not replace one.
 */
export async function reportFileProblem(
  path: string,
  inputs: readonly string[],
): Promise<FileProblem | undefined> {
  const absolute = resolve(path);
  try {
    const target = await existing(absolute);
    if (target === undefined && path.endsWith("/")) return refused("it names a folder");
    if (target?.isFolder) return refused("it is a folder");
    if (target !== undefined) {
      if (!target.isFile) return refused("it is no regular file");
      const read = await Promise.all(inputs.map(realPathOf));
      if (read.includes(target.path)) return refused("it is a file that is read");
      if (await isReadOnly(target.path)) return refused("it is read-only");
    }
    // Only a file shows whether there can be one; the name is as long as the temporary one.
    const probe = `${target?.path ?? absolute}.${randomInt(2 ** 31, 2 ** 32)}`;
    const handle = await open(probe, "wx");
    await handle.close();
    await rm(probe);
    return undefined;
  } catch (error) {
    return refused(
      errorCode(error) === "ENOENT"
        ? `the folder ${dirname(absolute)} does not exist`
        : systemReason(error),
    );
  }
}

/** Writes all of the report or nothing. */
export async function writeReportFile(
  path: string,
  content: string,
): Promise<FileProblem | undefined> {
  try {
    await writeAtomically(resolve(path), content, () => Promise.resolve());
    return undefined;
  } catch (error) {
    return refused(systemReason(error));
  }
}

async function existing(path: string) {
  try {
    const found = await stat(path);
    return {
      path: await realpath(path),
      isFile: found.isFile(),
      isFolder: found.isDirectory(),
    };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function realPathOf(path: string): Promise<string | undefined> {
  return realpath(resolve(path)).catch(() => undefined);
}

function refused(reason: string): FileProblem {
  return {
    kind: "unwritable",
    message: `the report can't be written: ${reason}`,
    hint: "Name another file by --report",
  };
}
