import type { SimpleCommand } from "../../shell/commands.ts";
import { literalValue } from "../../shell/words.ts";

/** Programs that go through the folders they are given, or may. */
const walkers =
  /^(chown|chmod|chgrp|cp|mv|rm|rmdir|find|tar|bsdtar|zip|rsync|du|ls|ln|grep|setfacl|setfattr|chcon|restorecon|tree|scp|xargs)$|permission/;

/**
 * Whether a command may come upon a folder through one above it that it doesn't name from the
 * root on: `chown -R app .`, `find /`. A mount there would be in its way. What it names by an
 * absolute path is seen by `readCleanup`.
 *
 * @param folder absolute path
 */
export function mayComeUpon({ invocation }: SimpleCommand, folder: string): boolean {
  const { program, args = [] } = invocation ?? {};
  if (program === undefined || !walkers.test(program)) return false;
  const names = folder.split("/").filter((name) => name !== "");
  return args.some((arg) => {
    const path = literalValue(arg);
    if (path === undefined || /^~|[*?[]/.test(path)) return true;
    if (path.startsWith("-")) return false;
    const parts = path.split("/").filter((name) => name !== "" && name !== ".");
    // Where a relative path begins isn't known here.
    return path.startsWith("/")
      ? parts.length === 0 || parts.includes("..")
      : [undefined, "..", ...names].includes(parts.at(-1));
  });
}
