import type { Dockerfile, Instruction } from "../../dockerfile/types.ts";
import { mountableCaches } from "../../knowledge/cache-mount-targets.ts";
import { packageManagers } from "../../knowledge/package-managers.ts";
import { simpleCommands } from "../../shell/commands.ts";
import { mayComeUpon } from "./folder-walk.ts";
import { cacheRole } from "../cleanup/list-readers.ts";
import { isHidden } from "../cleanup/hidden-use.ts";
import { readCleanup } from "../cache-mounts/mount-cleanups.ts";
import { readMount } from "../cache-mounts/mount-flags.ts";
import type { ScriptProgram } from "../run-program.ts";

interface Part {
  readonly run: Instruction;
  readonly program: ScriptProgram;
}

export function flagTexts({ flags }: Instruction, { text }: Dockerfile): string[] {
  return flags.map(({ range }) => text.slice(range.start, range.end));
}

/**
 * The flags under which one more RUN can join others: their own, or with cache mounts of
 * package managers in addition that are of no concern to the RUNs that don't have them.
 * Undefined where there are none.
 *
 * @param flags of the RUNs that are joined so far
 */
export function unionOfFlags(
  flags: readonly string[],
  parts: readonly Part[],
  next: Part,
  dockerfile: Dockerfile,
): readonly string[] | undefined {
  const own = flagTexts(next.run, dockerfile);
  if (own.join(" ") === flags.join(" ")) return flags;
  const missing = flags.filter((flag) => !own.includes(flag));
  const added = own.filter((flag) => !flags.includes(flag));
  const isHarmless =
    missing.length + added.length > 0 &&
    missing.every((flag) => isNoConcern(flag, [next])) &&
    added.every((flag) => isNoConcern(flag, parts)) &&
    areApart([...flags, ...added]);
  return isHarmless ? [...flags, ...added] : undefined;
}

function targetOf(flag: string): string | undefined {
  const [, value] = /^--mount=(\S+)$/.exec(flag) ?? [];
  const mount = value === undefined ? undefined : readMount(value);
  return mount?.isPlainCache ? mount.target : undefined;
}

/** Whether a flag is a cache mount that none of the RUNs would notice. */
function isNoConcern(flag: string, parts: readonly Part[]): boolean {
  const path = targetOf(flag);
  const cache = mountableCaches.find(({ targets }) =>
    targets.some((target) =>
      target.path.startsWith("~")
        ? (path?.endsWith(target.path.slice(1)) ?? false)
        : target.path === path,
    ),
  );
  const manager = packageManagers.find(({ id }) => id === cache?.manager);
  if (path === undefined || !manager) return false;
  const folder = { path, emptiedBy: () => false };
  const home = cache?.isPerUser === true ? path.replace(/\/[^/]*$/, "") : undefined;
  return parts.every(({ program }) =>
    simpleCommands(program.script).every(
      (command) =>
        cacheRole(command, manager) === undefined &&
        !isHidden(command, manager) &&
        !mayComeUpon(command, path) &&
        readCleanup(command, [folder], home) === undefined,
    ),
  );
}

/** Whether no mount lies in another one; a mount that can't be told may. */
function areApart(flags: readonly string[]): boolean {
  const targets = flags
    .filter((flag) => flag.startsWith("--mount="))
    .map((flag) => readMount(flag.slice("--mount=".length)).target);
  return targets.every((target, index) =>
    targets.every(
      (other, place) =>
        index === place ||
        (target !== undefined &&
          other !== undefined &&
          !`${target}/`.startsWith(`${other}/`)),
    ),
  );
}
