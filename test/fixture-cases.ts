/** Reads the cases below `fixtures`; CONTRIBUTING.md says what is in a case's folder. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readBuildContext } from "../src/files/build-context.ts";
import type { FixOptions } from "../src/index.ts";

/** `case.json`, where a case needs more than its Dockerfiles and its build context. */
interface CaseSettings {
  readonly options?: Omit<FixOptions, "only">;
  /**
   * Run every transform as a user does who names none. Otherwise the one named by the folder
   * runs alone and counts as asked for, so that it also works where it would gain
   * nothing.
   */
  readonly all?: boolean;
  /** Each one is part of the message of some note. */
  readonly notes?: readonly string[];
  /** Each one is part of the message of some problem; without any, there may be none. */
  readonly problems?: readonly string[];
  /** Show this case on the page, under this title or one made from its name. */
  readonly example?: string | boolean;
}

export interface FixtureCase {
  readonly transform: string;
  readonly name: string;
  readonly before: Buffer;
  /** Undefined where nothing may change. */
  readonly after: Buffer | undefined;
  readonly settings: CaseSettings;
  /** What `fix` gets: the case's own options, its transform and its build context. */
  readonly options: FixOptions;
}

const root = new URL("../fixtures/", import.meta.url);

/** Of each transform, and of `all`, by the names of their folders. */
export function fixtureFamilies(): readonly string[] {
  return foldersIn(root);
}

/** The cases of a transform by their names; none where it has no folder. */
export function fixtureCases(transform: string): readonly FixtureCase[] {
  const folder = new URL(`${transform}/`, root);
  return existsSync(folder)
    ? foldersIn(folder).map((name) => readCase(transform, name))
    : [];
}

function readCase(transform: string, name: string): FixtureCase {
  const folder = fileURLToPath(new URL(`${transform}/${name}/`, root));
  const before = `${folder}before.Dockerfile`;
  const after = `${folder}after.Dockerfile`;
  const file = `${folder}case.json`;
  const settings = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as CaseSettings)
    : {};
  const context = existsSync(`${folder}context`)
    ? readBuildContext(`${folder}context`, before)
    : undefined;
  return {
    transform,
    name,
    before: readFileSync(before),
    after: existsSync(after) ? readFileSync(after) : undefined,
    settings,
    options: {
      ...settings.options,
      ...(context ? { findBuildContext: () => context } : {}),
      ...(settings.all === true ? {} : { only: [transform] }),
    },
  };
}

function foldersIn(folder: URL): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
