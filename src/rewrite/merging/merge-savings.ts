import { simpleCommands } from "../../shell/commands.ts";
import type { Script } from "../../shell/parse.ts";
import { literalValue } from "../../shell/words.ts";

/** Programs that delete or rewrite the files named in their arguments. */
const fileChangers: ReadonlySet<string> = new Set([
  "chgrp",
  "chmod",
  "chown",
  "find",
  "mv",
  "rm",
  "rmdir",
  "shred",
  "strip",
  "truncate",
  "unlink",
  "upx",
]);

/** What a package manager's clean-up and removal is called. */
const removals =
  /^(auto)?(clean|remove|purge|erase|del|uninstall|prune|clear-cache)$|^-R|^-Sc/;
const updates = /^(update|makecache|refresh|-Sy+u?)$/;
const installs = /^(install|add|in|upgrade|dist-upgrade|build-dep)$/;

/**
 * The spans of RUNs, as inclusive pairs of indices, that have to be one RUN for the image to
 * get smaller or the build to get safer: a later one deletes or rewrites what an earlier one
 * made, or installs from the package lists that an earlier one fetched.
 */
export function savingSpans(scripts: readonly Script[]): [number, number][] {
  const spans: [number, number][] = [];
  for (const [index, script] of scripts.entries()) {
    const origin = Math.min(
      ...originsOf(script).map((isOrigin) => {
        const first = scripts.slice(0, index).findIndex(isOrigin);
        return first === -1 ? index : first;
      }),
      index,
    );
    const last = spans.at(-1);
    if (last && origin <= last[1]) last[1] = index;
    else if (origin < index) spans.push([origin, index]);
    while (spans.length > 1) {
      const [a, b] = [spans.at(-2), spans.at(-1)];
      if (!a || !b || b[0] > a[1]) break;
      spans.splice(-2, 2, [Math.min(a[0], b[0]), b[1]]);
    }
  }
  return spans.filter(([from, to]) => from < to);
}

type IsOrigin = (earlier: Script) => boolean;

/** For each thing that the script undoes or builds upon: whether an earlier script made it. */
function originsOf(script: Script): IsOrigin[] {
  return simpleCommands(script).flatMap(({ invocation }): IsOrigin[] => {
    const program = invocation?.program;
    if (program === undefined) return [];
    const args = invocation?.args.map((arg) => literalValue(arg) ?? arg.text) ?? [];
    if (fileChangers.has(program)) {
      const paths = args
        .filter((arg) => !arg.startsWith("-") && arg.length > 1)
        .map((arg) => arg.replace(/[*?[].*$/, "").replace(/\/+$/, ""))
        .filter((path) => path.length > 1);
      return paths.map((path) => (earlier) => earlier.text.includes(path));
    }
    if (args.some((arg) => removals.test(arg)))
      return [(earlier) => runs(earlier, program, () => true)];
    if (args.some((arg) => installs.test(arg)))
      return [(earlier) => runs(earlier, program, (arg) => updates.test(arg))];
    return [];
  });
}

function runs(
  script: Script,
  program: string,
  accepts: (argument: string) => boolean,
): boolean {
  return simpleCommands(script).some(
    ({ invocation }) =>
      invocation?.program === program &&
      invocation.args.some((arg) => accepts(literalValue(arg) ?? "")),
  );
}
