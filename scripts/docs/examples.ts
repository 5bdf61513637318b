import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readBuildContext } from "../../src/files/build-context.ts";
import { fix, type FixOptions } from "../../src/index.ts";
import { unifiedDiff } from "../../src/output/diff.ts";

/** A fixture that is shown on its transform's page, with what `fix` makes of it. */
export interface Example {
  readonly title: string;
  /** Settings that the case needs, if any. */
  readonly options: FixOptions["settings"] | undefined;
  readonly before: string;
  /** Lines of a unified diff without its headers; undefined where nothing changes. */
  readonly diff: string | undefined;
  /** Why something was left alone. */
  readonly reasons: readonly string[];
}

interface Case {
  /** Show this case on the page, under this title or one made from its name. */
  readonly example?: string | boolean;
  readonly options?: FixOptions;
  /** Every transform runs, not only the one that the folder is named after. */
  readonly all?: boolean;
}

const root = new URL("../../fixtures/", import.meta.url);

/** Examples of a transform, by the names of their cases. */
export function examplesOf(transform: string): Example[] {
  const folder = new URL(`${transform}/`, root);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => exampleOf(transform, name, new URL(`${name}/`, folder)));
}

function exampleOf(transform: string, name: string, folder: URL): Example[] {
  const file = new URL("case.json", folder);
  if (!existsSync(file)) return [];
  const {
    example,
    options,
    all = false,
  } = JSON.parse(readFileSync(file, "utf8")) as Case;
  if (example === undefined || example === false) return [];
  const before = readFileSync(new URL("before.Dockerfile", folder), "utf8");
  const chosen = all ? {} : { only: [transform] };
  const path = fileURLToPath(folder);
  const context = existsSync(`${path}context`)
    ? readBuildContext(`${path}context`, `${path}before.Dockerfile`)
    : undefined;
  const { output, notes } = fix(before, {
    ...options,
    ...chosen,
    findBuildContext: () => context,
  });
  return [
    {
      title: typeof example === "string" ? example : titleOf(name),
      options: options?.settings,
      before,
      diff: output === before ? undefined : diffLines(before, output),
      reasons: [
        ...new Set(notes.map(({ line, message }) => `Line ${line}: ${message}.`)),
      ],
    },
  ];
}

/** `or-in-the-last-run` is shown as “Or in the last run”. */
function titleOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
}

/** Everything below the names of the files; the line numbers only where parts are left out. */
function diffLines(before: string, after: string): string {
  const lines = unifiedDiff("Dockerfile", before, after).split("\n").slice(2);
  const isWhole = lines.filter((line) => line.startsWith("@@")).length === 1;
  return lines.slice(isWhole ? 1 : 0).join("\n");
}
