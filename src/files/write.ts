import { constants } from "node:fs";
import { access, open, readFile, stat } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";
import { errorCode, systemReason, type FileProblem } from "./problem.ts";

/**
 * Replaces a file's content by way of a temporary file in the same folder, which is
 * flushed to the disk and renamed. Mode and owner are kept.
 *
 * @param realPath Absolute, symbolic links resolved.
 * @param original The bytes that the new content was made from; if the file holds anything
 *   else by now, somebody changed it meanwhile and it is left alone.
 */
export async function replaceFile(
  realPath: string,
  original: Buffer,
  content: string,
): Promise<FileProblem | undefined> {
  const target = { changedOnDisk: false };
  try {
    if (await isReadOnly(realPath)) {
      return unwritable("it is read-only");
    }
    await writeAtomically(realPath, content, async () => {
      // As late as possible, so that hardly any time is left for somebody else's change.
      target.changedOnDisk = !(await readFile(realPath)).equals(original);
      if (target.changedOnDisk) throw new Error("changed on disk");
    });
    return undefined;
  } catch (error) {
    if (target.changedOnDisk || errorCode(error) === "ENOENT") {
      return {
        kind: "changed-on-disk",
        message:
          "the file was changed or removed by another program meanwhile, so it was not written",
        hint: "Run the command again",
      };
    }
    return unwritable(systemReason(error));
  }
}

/**
 * By way of a temporary file in the same folder.
 *
 * @param beforeRename Throws where the file has to stay as it is.
 */
export async function writeAtomically(
  path: string,
  content: string,
  beforeRename: () => Promise<void>,
): Promise<void> {
  await writeFileAtomic(path, "", {
    // The library makes one write call and takes a short one, as on a full disk, for
    // success. So everything is written here, and it is left with nothing to write.
    // Its types leave out that it waits for the promise.
    // eslint-disable-next-line @typescript-eslint/no-misused-promises
    tmpfileCreated: async (temporaryPath) => {
      const handle = await open(temporaryPath, constants.O_WRONLY);
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await beforeRename();
    },
  });
}

function unwritable(reason: string): FileProblem {
  return {
    kind: "unwritable",
    message: `the file can't be written: ${reason}`,
    hint: "It was left as it is",
  };
}

/** A rename would get round a read-only mode, and nothing keeps root from writing. */
export async function isReadOnly(realPath: string): Promise<boolean> {
  const { mode } = await stat(realPath);
  if ((mode & 0o222) === 0) return true;
  try {
    await access(realPath, constants.W_OK);
    return false;
  } catch (error) {
    if (errorCode(error) === "EACCES" || errorCode(error) === "EPERM") return true;
    throw error;
  }
}
