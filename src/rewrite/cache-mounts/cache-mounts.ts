import type { Instruction } from "../../dockerfile/types.ts";
import type { PackageManager } from "../../knowledge/package-managers.ts";

/** `/var/lib/apt/lists/*`, `/var/lib/apt`, `/var/lib/{apt,dpkg}`, but not `/var/lib/apt2`. */
export function covers(argument: string, folder: string): boolean {
  const path = argument
    .replace(/["']/g, "")
    .replace("${HOME}", "$HOME")
    .replace(/\/*(\*|\{.*|\.)*\/*$/, "");
  if (folder.includes("*")) return coversAny(path, folder);
  return (
    path.length > 1 &&
    (path === folder || path.startsWith(`${folder}/`) || folder.startsWith(`${path}/`))
  );
}

/** The same for a folder with a `*` in it, such as a release of Ruby. */
function coversAny(path: string, folder: string): boolean {
  const ours = folder.split("/");
  return (
    path.length > 1 &&
    path
      .split("/")
      .slice(0, ours.length)
      .every((name, index) => name === ours[index] || ours[index] === "*")
  );
}

/**
 * Whether a mount may hold the cache: one on its folder, one whose target a variable names,
 * and for a manager that is asked to clean up by itself, any cache mount, because its
 * settings may have moved the cache there.
 */
export function hasMountOver(run: Instruction, manager: PackageManager): boolean {
  const asksManager = manager.cleanup.some((command) => command.startsWith("{program}"));
  return run.flags.some(({ name, value = "" }) => {
    if (name !== "mount") return false;
    const target = targetOf(value);
    if (target === undefined) return false;
    if (target.includes("$") || !target.startsWith("/")) return true;
    if (asksManager && /(^|,)\s*type=cache/.test(value)) return true;
    return manager.folders.some((folder) => {
      const tail = folder.replace(/^(~|\$HOME)/, "");
      return (
        covers(target, folder) ||
        (tail !== folder && target.replace(/\/$/, "").endsWith(tail))
      );
    });
  });
}

/** Whether a RUN surely sees a mount in place of what the layers below hold of the cache. */
export function hidesCache(run: Instruction, { folders }: PackageManager): boolean {
  const [folder, ...others] = folders;
  if (folder === undefined || others.length > 0) return false;
  return run.flags.some(({ name, value = "" }) => {
    const target = targetOf(value);
    return name === "mount" && target !== undefined && covers(target, folder);
  });
}

/** @param value of a `--mount` flag */
function targetOf(value: string): string | undefined {
  return /(?:^|,)\s*(?:target|dst|destination)=([^,]+)/.exec(value)?.[1];
}
