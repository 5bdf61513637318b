import { fix, type FixOptions } from "../../src/index.ts";
import { unifiedDiff } from "../../src/output/diff.ts";
import { fixtureCases, type FixtureCase } from "../../test/fixture-cases.ts";

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

/** Examples of a transform, by the names of their cases. */
export function examplesOf(transform: string): Example[] {
  return fixtureCases(transform).flatMap(exampleOf);
}

function exampleOf({ name, before, settings, options }: FixtureCase): Example[] {
  const { example = false } = settings;
  if (example === false) return [];
  const text = before.toString();
  const { output, notes } = fix(text, options);
  return [
    {
      title: typeof example === "string" ? example : titleOf(name),
      options: options.settings,
      before: text,
      diff: output === text ? undefined : diffLines(text, output),
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
