import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fix, type FixOptions } from "../../src/index.ts";

/** What `fix` makes of a fixture's Dockerfile. */
export interface FixtureRewrite {
  /** `<transform>/<case>`. */
  readonly id: string;
  readonly transform: string;
  readonly before: string;
  readonly after: string;
  /** False where a change's level says that behaviour may differ. */
  readonly isSafe: boolean;
}

/** What `case.json` says about how to run `fix`; see CONTRIBUTING.md. */
interface Case {
  readonly options?: FixOptions;
  readonly all?: boolean;
}

const root = new URL("../../fixtures/", import.meta.url);

/** Every fixture that changes, with the options of its `case.json`. */
export function fixtureRewrites(): readonly FixtureRewrite[] {
  return foldersIn(root).flatMap((transform) => {
    const folder = new URL(`${transform}/`, root);
    return foldersIn(folder).flatMap((name) => {
      const before = readFileSync(new URL(`${name}/before.Dockerfile`, folder), "utf8");
      const { options, all = false } = readCase(new URL(`${name}/case.json`, folder));
      const { output, changes } = fix(before, {
        ...options,
        ...(all ? {} : { only: [transform] }),
      });
      if (output === before) return [];
      const isSafe = changes.every(({ level }) => level === "safe");
      return [{ id: `${transform}/${name}`, transform, before, after: output, isSafe }];
    });
  });
}

function readCase(file: URL): Case {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Case) : {};
}

function foldersIn(folder: URL): string[] {
  return readdirSync(fileURLToPath(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
