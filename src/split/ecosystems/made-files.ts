import { commonEffect } from "../effects.ts";
import { isWithin } from "../paths.ts";
import type { SplitSubject } from "../subject.ts";

/**
 * Files and folders that single commands put into folders in which a build takes place, where
 * they would get lost.
 *
 * @param isNeeded of a path in the image and the file's path in the build context
 */
export function madeFiles(
  subject: SplitSubject,
  folders: readonly string[],
  isNeeded: (path: string, file: string) => boolean,
): readonly string[] {
  // What makes an account is done again as a whole.
  const repeated = new Set(
    subject.commands
      .filter((command) => commonEffect(command).kind === "repeat")
      .map(({ run }) => run),
  );
  return subject.commands.flatMap((command) => {
    if (repeated.has(command.run)) return [];
    const effect = commonEffect(command);
    if (effect.kind !== "content" && effect.kind !== "setup") return [];
    if (/^(chown|chmod|chgrp)$/.test(command.program ?? "")) return [];
    return effect.paths.filter((path) => {
      if (!folders.some((folder) => path !== folder && isWithin(path, folder)))
        return false;
      const file = subject.files.get(path);
      return file === undefined || isNeeded(path, file);
    });
  });
}
